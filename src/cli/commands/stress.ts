import { ScaleplanError, type ExitCode } from '../../errors.ts';
import type { Phase } from '../../model/plan.ts';
import { loadPlan } from '../../plan/load.ts';
import { findPhase } from '../../plan/resolve.ts';
import { reportersNamed } from '../../reporters/registry.ts';
import { assertAllowedTarget } from '../../run/safety.ts';
import { assess } from '../assess.ts';
import { deliver } from '../deliver.ts';
import type { Host } from '../host.ts';
import { knownBottleneck } from '../known-bottleneck.ts';
import { createProgress } from '../progress.ts';
import { checkEngines } from '../run-steps.ts';
import { settingsFor } from '../settings.ts';
import { planSteps, type PlannedStep } from '../steps.ts';
import { runStress } from '../stress-run.ts';
import { stressSettings, type StressFlags, type StressSettings } from '../stress-settings.ts';
import { openTarget, preflight } from '../target.ts';
import { toolVersion } from '../version.ts';

/** `scaleplan stress`: as `test`, but the load is searched: stages one after the other, each chosen by what those before it showed. */
export async function stress(flags: StressFlags, host: Host): Promise<ExitCode> {
  const search = stressSettings(flags);
  const settings = { ...(await settingsFor(flags, host)), suites: ['load' as const] };
  const reporters = await reportersNamed(settings.reporters, host.cwd);
  const plan = await loadPlan(settings.plan, { cwd: host.cwd });
  const phase = findPhase(plan, settings.phase);
  await knownBottleneck(plan.application, settings.demo);
  const [base] = await planSteps(plan, inModel(phase, search.by), settings, host.cwd);
  if (base === undefined) throw new ScaleplanError('wrong-usage', `Phase ${phase.id} of ${plan.id} has no load scenario to raise.`, { hint: 'Name one: --scenario <file>.' });
  refuseOtherModel(base, flags.engine, search);
  const engines = await checkEngines([base], settings);
  await preflight(settings, [base.scenario]);
  if (search.healthUrl !== null) await assertAllowedTarget(search.healthUrl, settings.allowedTargets);
  const progress = createProgress(host.err, flags.quiet === true);
  if (!settings.isPlanNamed) progress.say(`No plan was named: searching by the bundled plan ${plan.id} (--plan names another).`);
  const { run, folder } = await runStress({
    plan, phase, base, engines, settings: { ...settings, suites: ['stress'] }, search, host, progress,
    openTarget: () => openTarget(settings, plan, phase, progress.say, true),
  });
  const report = assess(run, plan, phase, { folder: folder.shownPath, toolVersion: toolVersion() });
  await deliver(report, reporters, folder, host);
  return report.exitCode as ExitCode;
}

/** The load suite in the model that is searched; artillery knows no users that wait for their answers. */
function inModel(phase: Phase, by: StressSettings['by']): Phase {
  const model = by === 'rate' ? 'open' : 'closed';
  const steps = phase.steps.map((step) => ({ ...step, model, engine: by === 'users' && step.engine === 'artillery' ? 'autocannon' : by === 'rate' && step.engine === 'autocannon' ? 'artillery' : step.engine } as const));
  return { ...phase, steps };
}

function refuseOtherModel({ engine }: PlannedStep, wanted: string | undefined, { by }: StressSettings): void {
  const model = by === 'rate' ? 'open' : 'closed';
  if (wanted !== undefined && engine.name !== wanted) throw new ScaleplanError('engine-cannot', `${wanted} cannot raise the load by ${by}: that is the ${model} model.`, { hint: by === 'rate' ? 'Use artillery or k6, or --by users.' : 'Use autocannon or k6, or --by rate.' });
}
