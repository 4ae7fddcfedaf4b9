import { compareDuet } from '../../compare/duet.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { loadPlan } from '../../plan/load.ts';
import { findPhase } from '../../plan/resolve.ts';
import { metricsFrom, thresholdFrom } from '../compare-flags.ts';
import { halveLoads } from '../duet-load.ts';
import { runDuet } from '../duet-run.ts';
import type { Host } from '../host.ts';
import { createProgress } from '../progress.ts';
import { settingsFor, type TestFlags } from '../settings.ts';
import { showComparison } from '../show-comparison.ts';
import { planSteps } from '../steps.ts';

export interface DuetFlags extends TestFlags {
  readonly threshold?: string;
  readonly metric?: readonly string[];
  readonly markdown?: boolean;
}

/** `scaleplan duet`: two versions under the same load at the same time → paired differences → exit code. */
export async function duet(base: string, head: string, flags: DuetFlags, host: Host): Promise<ExitCode> {
  const metrics = metricsFrom(flags.metric);
  const options = { threshold: thresholdFrom(flags.threshold), ...(metrics === undefined ? {} : { metrics }) };
  const settings = await settingsFor({ ...flags, suite: flags.suite ?? ['load'], target: base }, host);
  const plan = await loadPlan(settings.plan, { cwd: host.cwd });
  const phase = findPhase(plan, settings.phase);
  const steps = halveLoads(await planSteps(plan, phase, { ...settings, durationSeconds: null }, host.cwd), settings.durationSeconds);
  const progress = createProgress(host.err, flags.quiet === true);
  progress.say('Both versions get half of the load each, at the same time; the live line shows the base.');
  const runs = await runDuet({ plan, phase, steps, settings, targets: { base, head }, options, progress, host });
  const interrupted = runs.base.interrupted ?? runs.head.interrupted;
  const exitCode = showComparison(compareDuet(runs.base, runs.head, options), flags, host);
  if (interrupted !== null) return interrupted === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  const doubt = doubtOf(runs);
  if (doubt === null) return exitCode;
  host.err.write(`${host.err.chalk.red('invalid')} ${doubt}: the comparison proves nothing. Lower the load (--rate), or give the generator a machine of its own.\n`);
  return EXIT.invalid;
}

/** An engine that failed, or a generator that could not make the load. */
function doubtOf(runs: Awaited<ReturnType<typeof runDuet>>): string | null {
  const doubts = Object.entries(runs).flatMap(([side, { steps }]) => steps.flatMap((step) => [
    ...(step.outcome.status === 'failed' ? [`${side}: ${step.engine} failed: ${step.outcome.reason}`] : []), ...step.generatorReasons.map((reason) => `${side}: ${reason}`),
  ]));
  return doubts[0] ?? null;
}
