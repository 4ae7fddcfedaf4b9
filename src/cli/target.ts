import type { ProbeRequest } from '../probes/registry.ts';
import { makeTempFolder } from '../process/temp-folder.ts';
import { connectOnce } from '../run/preflight.ts';
import { assertAllowedTarget } from '../run/safety.ts';
import { addressesOf } from '../scenario/addresses.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Settings } from './settings.ts';

/** The system under load, ours or the user's. */
export interface Target {
  readonly url: string;
  readonly demo: string | null;
  /** What the reference application is made of; empty for a user's own system. */
  readonly servers: readonly string[];
  readonly probes: readonly ProbeRequest[];
  /** Stops what was started for it; does nothing to a user's own system. */
  readonly stop: () => Promise<void>;
}

/** Opens one connection to the user's system, or starts the reference application. Fails now rather than after ten minutes. */
export async function openTarget(settings: Settings, say: (line: string) => void): Promise<Target> {
  return settings.target === null ? startReference(settings, say) : openOwn(settings, settings.target);
}

/** A scenario may name whole addresses beside the target: what may not be a target must not be loaded that way either. */
export async function assertAllowedScenarios(scenarios: Iterable<Scenario>, settings: Settings): Promise<void> {
  for (const scenario of new Set(scenarios)) {
    for (const { url } of addressesOf(scenario)) await assertAllowedTarget(url, settings.allowedTargets);
  }
}

async function openOwn(settings: Settings, target: string): Promise<Target> {
  await connectOnce(await assertAllowedTarget(target, settings.allowedTargets));
  return { url: target, demo: null, servers: [], probes: settings.probes, stop: async () => {} };
}

async function startReference(settings: Settings, say: (line: string) => void): Promise<Target> {
  const { startDemo } = await import('../demo/start.ts');
  const folder = await makeTempFolder('reference');
  try {
    const demo = await startDemo({ bottleneck: settings.demo, folder: folder.path, logFolder: folder.path, report: say });
    return {
      url: demo.url, demo: settings.demo, servers: demo.servers,
      probes: settings.probes.length > 0 ? settings.probes : demo.probes,
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
