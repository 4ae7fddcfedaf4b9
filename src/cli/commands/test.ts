import { ScaleplanError, type ExitCode } from '../../errors.ts';
import { findPhase } from '../../plan/resolve.ts';
import { loadPlan } from '../../plan/load.ts';
import { reportersNamed } from '../../reporters/registry.ts';
import { assess } from '../assess.ts';
import { knownBottleneck, planForBottleneck } from '../known-bottleneck.ts';
import { describeDryRun } from '../dry-run.ts';
import type { Host } from '../host.ts';
import { createProgress } from '../progress.ts';
import { checkEngines, runSteps } from '../run-steps.ts';
import { planExperiment, planForExperiment } from '../experiment.ts';
import { settingsFor, type TestFlags } from '../settings.ts';
import { planSteps } from '../steps.ts';
import { writesOf, type WriteFlags } from '../write-settings.ts';
import { assertMayBeLoaded, openTarget, preflight } from '../target.ts';
import { toolVersion } from '../version.ts';
import { deliver } from '../deliver.ts';
import { readBaseline } from '../with-baseline.ts';

/** `scaleplan test`: parse → plan → shape → preflight → run → seal → judge → diagnose → report → exit code. */
export async function test(flags: TestFlags & WriteFlags, host: Host): Promise<ExitCode> {
  const asked = { ...(await settingsFor(flags, host)), writes: writesOf(flags) };
  const settings = asked.isPlanNamed ? asked : { ...asked, plan: asked.during !== null && asked.target === null ? await planForExperiment(asked.during, asked.plan) : await planForBottleneck(asked.demo, asked.plan) };
  const reporters = await reportersNamed(settings.reporters, host.cwd);
  const plan = await loadPlan(settings.plan, { cwd: host.cwd });
  const phase = findPhase(plan, settings.phase);
  const demo = await knownBottleneck(plan.application, settings.demo);
  const planned = await planSteps(plan, phase, { ...settings, ratePerSec: settings.ratePerSec ?? demo?.ratePerSec ?? null }, host.cwd);
  const baseline = await readBaseline({ flag: flags.baseline, configured: settings.baseline }, settings.output, { cwd: host.cwd, say: (text) => { host.err.write(`${text}\n`); } });
  const { steps, ...experiment } = settings.during === null ? { steps: planned } : await planExperiment(settings.during, planned, plan, phase, settings, host.cwd);
  if (flags.dryRun) {
    await assertMayBeLoaded(settings, steps.map(({ scenario }) => scenario)).catch(unlessUnreachable);
    return describeDryRun({ plan, phase, steps, settings, isJson: flags.json === true }, host);
  }
  const engines = await checkEngines(steps, settings);
  await preflight(settings, steps.map(({ scenario }) => scenario));
  const progress = createProgress(host.err, flags.quiet === true);
  if (!settings.isPlanNamed) progress.say(`No plan was named: testing the bundled plan ${plan.id}${settings.demo !== null && plan.id !== asked.plan ? `, whose application can have ${settings.demo}` : ''} (--plan names another).`);
  for (const warning of new Set(steps.flatMap(({ load }) => load.warnings))) progress.say(`warning ${warning}`);
  const { run, folder } = await runSteps({ plan, phase, steps, ...experiment, engines, settings, host, progress, openTarget: () => openTarget(settings, plan, phase, progress.say) });
  const report = assess(run, plan, phase, { folder: folder.shownPath, toolVersion: toolVersion(), baseline });
  await deliver(report, reporters, folder, host);
  return report.exitCode as ExitCode;
}

/** What would run can be said without the network that it would run in. */
function unlessUnreachable(error: unknown): void {
  if (!(error instanceof ScaleplanError && error.code === 'target-down')) throw error;
}
