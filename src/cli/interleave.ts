import { loadPlan } from '../plan/load.ts';
import { findPhase } from '../plan/resolve.ts';
import type { Host } from './host.ts';
import { assess } from './assess.ts';
import { deliver } from './deliver.ts';
import { createProgress } from './progress.ts';
import { checkEngines, runSteps } from './run-steps.ts';
import { settingsFor, type Settings, type TestFlags } from './settings.ts';
import { planSteps, type PlannedStep } from './steps.ts';
import { openTarget, preflight } from './target.ts';
import { toolVersion } from './version.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';

export interface Interleaved {
  readonly base: readonly Run[];
  readonly head: readonly Run[];
  readonly interrupted: Run['interrupted'];
}

/**
 * Runs of two targets in turn, base head head base base head …: a machine that gets slower by and by, or once in a while, hits both
 * sides alike. The first of each kind is kept like any other; the phase's own warm-up is not judged.
 */
export async function runInterleaved(flags: TestFlags, targets: { readonly base: string; readonly head: string }, runs: number, host: Host): Promise<Interleaved> {
  const progress = createProgress(host.err, flags.quiet === true);
  // Both before any load: that one of them is not there must not show after the other's run.
  const ready = { base: await prepare({ ...flags, target: targets.base }, host), head: await prepare({ ...flags, target: targets.head }, host) };
  const sides: { base: Run[]; head: Run[] } = { base: [], head: [] };
  progress.say(sayPlan(runs, ready.base));
  for (let at = 0; at < 2 * runs; at += 1) {
    const side = sideAt(at);
    progress.say(`Run ${at + 1} of ${2 * runs}: ${side}`);
    const run = await runOnce(ready[side], flags, host);
    if (run.interrupted !== null) return { ...sides, interrupted: run.interrupted };
    sides[side].push(run);
  }
  return { ...sides, interrupted: null };
}

/** The order, and how long it takes at most, the programs' own seconds left out. */
function sayPlan(runs: number, { steps }: Prepared): string {
  const seconds = steps.reduce((sum, { load }) => sum + load.totalSeconds, 0);
  const order = Array.from({ length: Math.min(4, 2 * runs) }, (_, at) => sideAt(at)).join(', ');
  return `${runs} ${runs === 1 ? 'run' : 'runs'} of each side in turn (${order}${runs > 2 ? ' …' : ''}), ${seconds} s of load each: about ${Math.ceil((2 * runs * seconds) / 60)} min in all.`;
}

/** Neither side is always the first of its pair. */
function sideAt(at: number): 'base' | 'head' {
  return (at % 4 === 0 || at % 4 === 3) ? 'base' : 'head';
}

interface Prepared {
  readonly settings: Settings;
  readonly plan: Plan;
  readonly phase: Phase;
  readonly steps: readonly PlannedStep[];
  readonly engines: ReadonlyMap<string, string>;
}

/** Everything that can go wrong before there is load. */
async function prepare(flags: TestFlags, host: Host): Promise<Prepared> {
  const settings = await settingsFor(flags, host);
  const plan = await loadPlan(settings.plan, { cwd: host.cwd });
  const phase = findPhase(plan, settings.phase);
  const steps = await planSteps(plan, phase, settings, host.cwd);
  const engines = await checkEngines(steps, settings);
  await preflight(settings, steps.map(({ scenario }) => scenario));
  return { settings, plan, phase, steps, engines };
}

/** As `test`, with its files in the run's folder and nothing on stdout. */
async function runOnce({ settings, plan, phase, steps, engines }: Prepared, flags: TestFlags, host: Host): Promise<Run> {
  const progress = createProgress(host.err, flags.quiet === true);
  const { run, folder } = await runSteps({ plan, phase, steps, engines, settings, host, progress, openTarget: () => openTarget(settings, plan, phase, progress.say) });
  await deliver(assess(run, plan, phase, { folder: folder.shownPath, toolVersion: toolVersion() }), [], folder, host);
  return run;
}
