import type { StartedApplication } from '../demo/application.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { findBrowser } from '../probes/find-browser.ts';
import type { ProbeRequest } from '../probes/registry.ts';
import { makeTempFolder } from '../process/temp-folder.ts';
import type { Loss } from '../run/failover.ts';
import type { Disturbance } from '../run/experiment.ts';
import type { WriteSource } from '../run/writes.ts';
import { connectOnce } from '../run/preflight.ts';
import { assertAllowedTarget } from '../run/safety.ts';
import { addressesOf } from '../scenario/addresses.ts';
import type { Scenario } from '../model/scenario.ts';
import { comparisonsOf } from '../model/condition.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Settings } from './settings.ts';
import { countByUrl, ownWrites } from './write-source.ts';

/** The system under load, ours or the user's. */
export interface Target {
  readonly url: string;
  readonly demo: string | null;
  /** What the reference application is made of; empty for a user's own system. */
  readonly servers: readonly string[];
  /** What the phase is built of and this machine could not give, in a sentence each. */
  readonly adjustments: readonly string[];
  readonly probes: readonly ProbeRequest[];
  /** A part of it that a run may lose on purpose; null: there is none, or it is not ours. */
  readonly failover: Loss | null;
  /** Writes that can be counted afterwards; null: there are none, or they are not ours to know. */
  readonly writes: WriteSource | null;
  /** The reference application's own, where one was asked for. */
  readonly experiment?: Disturbance;
  /** Stops what was started for it; does nothing to a user's own system. */
  readonly stop: () => Promise<void>;
}

/**
 * Everything about the target that can be known before anything is started: may it be loaded, and the hosts that scenarios name
 * beside it (what may not be a target must not be loaded that way either), and does it answer a connection?
 */
export async function preflight(settings: Settings, scenarios: Iterable<Scenario>): Promise<void> {
  const target = await assertMayBeLoaded(settings, scenarios);
  if (target !== null) await connectOnce(target);
}

/** The half of it that needs no connection: what a dry run would refuse as well. */
export async function assertMayBeLoaded(settings: Settings, scenarios: Iterable<Scenario>): Promise<URL | null> {
  for (const scenario of new Set(scenarios)) {
    for (const { url } of addressesOf(scenario)) await assertAllowedTarget(url, settings.allowedTargets);
  }
  return settings.target === null ? null : assertAllowedTarget(settings.target, settings.allowedTargets);
}

/** The user's system as it is, or the reference application, started. */
export async function openTarget(settings: Settings, plan: Plan, phase: Phase, say: (line: string) => void, isForStress = false): Promise<Target> {
  if (settings.target === null) return startReference(settings, plan, phase, say, isForStress);
  return { url: settings.target, demo: null, servers: [], adjustments: [], failover: null, writes: settings.writes === null ? null : ownWrites(settings.writes, settings.headers), probes: settings.probes, stop: async () => {} };
}

async function startReference(settings: Settings, plan: Plan, phase: Phase, say: (line: string) => void, isForStress: boolean): Promise<Target> {
  const { startDemo } = await import('../demo/start.ts');
  const folder = await makeTempFolder('reference');
  try {
    const demo = await startDemo({
      application: plan.application, architecture: phase.architecture, bottleneck: settings.demo, isForStress, experiment: settings.during,
      folder: folder.path, logFolder: folder.path, report: say,
    });
    return {
      url: demo.url, demo: settings.demo, servers: demo.servers, adjustments: demo.adjustments, failover: demo.failover ?? null, ...(demo.experiment === undefined ? {} : { experiment: demo.experiment }),
      writes: demo.writes === undefined ? null : countedBy(demo.writes, demo.url),
      probes: settings.probes.length > 0 ? settings.probes : [...demo.probes, ...pageProbe(plan, phase, demo.url)],
      stop: async () => {
        await demo.stop();
        await folder.dispose();
      },
    };
  } catch (error) {
    await folder.dispose();
    throw error;
  }
}

/** A browser beside the load costs CPU on a small machine: only where a limit asks for the page, and a browser is there. */
function pageProbe(plan: Plan, phase: Phase, url: string): readonly ProbeRequest[] {
  const isAsked = conditionsFor(plan, phase, 'load').flatMap(comparisonsOf).some(({ metric }) => metric === 'service.page_load');
  return isAsked && findBrowser() !== null ? [{ kind: 'browser', address: new URL('/', url).href }] : [];
}

function countedBy({ request, countPath }: NonNullable<StartedApplication['writes']>, url: string): WriteSource {
  return { request, count: (ids) => countByUrl(new URL(countPath, url).href, ids) };
}
