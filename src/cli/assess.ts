import { foresee, type Foreseen } from '../capacity/foresee.ts';
import { outlookFrom } from '../capacity/outlook.ts';
import { overallOf } from '../compare/outcome.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { situationOf } from '../diagnose/situation.ts';
import { exitCodeOf } from '../judge/exit-code.ts';
import { judge, type ConditionGroup } from '../judge/judge.ts';
import { summarize } from '../judge/summarize.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Report, Validity } from '../model/report.ts';
import type { Run } from '../model/run.ts';
import { conditionsFor, signsFor } from '../plan/resolve.ts';
import { assessExperiment } from './assess-experiment.ts';
import { assessStress } from './assess-stress.ts';
import { holdAgainst, type NamedBaseline } from './with-baseline.ts';

interface AssessOptions {
  readonly folder: string;
  readonly toolVersion: string;
  /** The runs this one is held against. */
  readonly baseline?: NamedBaseline | null;
}

/** Facts → report: judge, diagnose, look ahead. The same run and plan give the same report, whenever it is made. */
export function assess(run: Run, plan: Plan, phase: Phase, more: AssessOptions): Report {
  if (run.stress !== undefined) return assessStress(run, run.stress, plan, phase, more);
  const validity = validityOf(run);
  const held = more.baseline ? holdAgainst(run, more.baseline) : null;
  const verdicts = judge(run, conditionGroups(run, plan, phase), { acceptNoise: run.acceptNoise, baseline: held?.baseline ?? null });
  const users = usersOf(run, plan, phase);
  const experiment = run.experiment === undefined ? undefined : assessExperiment(run, run.experiment);
  const diagnosis = diagnose({ situation: situationOf(run), plan, verdicts, validity, users });
  return {
    run, plan, phase, validity, verdicts, diagnosis,
    steps: run.steps.map(summarize),
    outlook: outlookFrom(plan, users, hitIn(diagnosis), foreseenIn(run, plan, phase, validity, diagnosis)),
    ...(held === null ? {} : { comparison: held.comparison }),
    ...(experiment === undefined ? {} : { experiment }),
    exitCode: exitCodeOf({ ...(experiment === undefined ? {} : { experiment: experiment.outcome }), interrupted: run.interrupted, validity, verdicts, diagnosis, isRegression: held !== null && overallOf(held.comparison) === 'worse' }),
    folder: more.folder,
    toolVersion: more.toolVersion,
  };
}

/** Where it will break, as far as a load below it can tell; a run that broke, or that cannot be trusted, is past predicting. */
function foreseenIn(run: Run, plan: Plan, phase: Phase, { valid, saturated }: Validity, { harm }: Report['diagnosis']): Foreseen | null {
  const isPast = !valid || saturated || run.interrupted !== null || harm.length > 0;
  return isPast || !run.suites.includes('load') ? null : foresee(run, plan, conditionsFor(plan, phase, 'load'));
}

function hitIn({ bottlenecks }: Report['diagnosis']): string[] {
  return bottlenecks.flatMap(({ status, milestone }) => (status === 'hit' && milestone ? [milestone.id] : []));
}

/** Thresholds of every suite that was asked for, then the signs, which speak of the load suite. */
function conditionGroups(run: Run, plan: Plan, phase: Phase): ConditionGroup[] {
  // A load that moves is held to its mean, not to its peak; runs of before shapes know no mean.
  const rate = run.configuration['meanRatePerSec'] ?? run.configuration['ratePerSec'];
  const thresholds = run.suites.map((suite) => ({ suite, conditions: conditionsFor(plan, phase, suite, typeof rate === 'number' ? rate : undefined) }));
  if (!run.suites.includes('load')) return thresholds;
  const { symptoms, triggers, alerts } = signsFor(plan, phase);
  return [...thresholds, { suite: 'load', conditions: [...symptoms.map(({ condition }) => condition), ...triggers, ...alerts] }];
}

/** A run whose engine failed, or whose load was not the one asked for, proves nothing. */
function validityOf(run: Run): Validity {
  const reasons = run.steps.flatMap((step) => step.generatorReasons.map((reason) => `${step.suite}: ${reason}`));
  const failed = run.steps.find(({ outcome }) => outcome.status === 'failed');
  const saturated = reasons.length > 0;
  const invalidReason = failed?.outcome.status === 'failed' ? `the ${failed.suite} suite’s ${failed.engine} failed: ${failed.outcome.reason}`
    : run.experiment?.failure ? `the experiment ${run.experiment.name} was not carried out: ${run.experiment.failure}` : (reasons[0] ?? null);
  return { valid: invalidReason === null, invalidReason, saturated, reasons };
}

/** The users of the plan that the load stands for: as asked, else the phase's upper end. */
function usersOf(run: Run, plan: Plan, phase: Phase): number {
  const { users, ratePerSec } = run.configuration;
  if (typeof users === 'number') return users;
  const perUser = plan.load.requestsPerUserPerMinute.max / 60;
  if (typeof ratePerSec === 'number' && perUser > 0) return Math.round(ratePerSec / perUser);
  return phase.users.max ?? phase.users.min;
}
