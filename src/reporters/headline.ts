import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { DiagnosedBottleneck, Report, Verdict } from '../model/report.ts';
import { sayMetric, sayNumber, sayObserved, sayRange, sayVerdictLimit } from './words.ts';

export type Headline = 'PASS' | 'WARN' | 'FAIL' | 'INCONCLUSIVE' | 'INVALID' | 'INTERRUPTED';

/** The verdict in one word. */
export function headlineOf({ run, validity, exitCode, verdicts }: Report): Headline {
  if (run.interrupted) return 'INTERRUPTED';
  if (!validity.valid || validity.saturated) return 'INVALID';
  if (exitCode === 1) return 'FAIL';
  if (exitCode === 4) return 'INCONCLUSIVE';
  return verdicts.some((verdict) => verdict.status === 'warn') ? 'WARN' : 'PASS';
}

/** `ventures · phase 2 · Vector & search · 500–2,000 users` */
export function titleOf({ plan, phase }: Report): string {
  return `${plan.id} · phase ${phase.id} · ${phase.name} · ${sayRange(phase.users)} users`;
}

/** A bottleneck that hurts users fails the run; it is a milestone only where the plan expects it. */
export function causeHeadOf({ id, status, milestone }: DiagnosedBottleneck): string {
  const word = status !== 'hit' ? 'Signs of' : milestone === null ? 'Bottleneck hit' : 'Milestone hit';
  return `${word}: ${BOTTLENECK_TITLES[id]}`;
}

/** The verdict in one sentence that a manager understands and an engineer trusts. */
export function sentenceOf(report: Report): string {
  const { run, validity } = report;
  if (run.interrupted) return interruptedSentence(report);
  if (!validity.valid || validity.saturated) return `This run proves nothing about the target: ${validity.invalidReason ?? validity.reasons.join('; ')}. Its figures cannot be trusted.`;
  if (report.stress !== undefined) return `${report.stress.summary} ${milestoneSentence(report)}`;
  const required = report.verdicts.filter((verdict) => verdict.condition.kind === 'threshold' && verdict.condition.required);
  if (required.length === 0) return 'Nothing was required of this run, so it has decided nothing.';
  const failed = required.filter(({ status }) => status === 'fail');
  const open = required.filter(({ status }) => status === 'inconclusive' || status === 'not-measured');
  const at = `at the load of ${sayNumber(usersOf(report))} users`;
  const milestone = `${milestoneSentence(report)}${regressionSentence(report)}${experimentSentence(report)}`;
  if (failed.length > 0) return `${failed.length} of ${plural(required.length, 'required threshold')} failed ${at}${worstOf(failed)}. ${milestone}`;
  if (open.length > 0) return `${open.length} of ${plural(required.length, 'required threshold')} could not be decided ${at}${restOf(required.length - open.length)}. ${milestone}`;
  return `${required.length === 1 ? 'The one required threshold' : `All ${required.length} required thresholds`} passed ${at}. ${milestone}`;
}

/** Users of the plan that the judged load stood for. */
export function usersOf({ run, phase, plan, stress, outlook }: Report): number {
  if (stress !== undefined && outlook.capacity !== null) return outlook.capacity.users.mid;
  const { users, ratePerSec } = run.configuration;
  if (typeof users === 'number') return users;
  const perUser = plan.load.requestsPerUserPerMinute.max / 60;
  if (typeof ratePerSec === 'number' && perUser > 0) return Math.round(ratePerSec / perUser);
  return phase.users.max ?? phase.users.min;
}

function interruptedSentence({ run, steps }: Report): string {
  const judged = steps.reduce((sum, step) => sum + step.judgedSeconds, 0);
  const by = run.interrupted === 'SIGINT' ? 'Ctrl-C' : 'SIGTERM';
  return judged > 0
    ? `The run was interrupted by ${by} after ${sayNumber(judged)} judged seconds; what was measured until then stands below and decides nothing.`
    : `The run was interrupted by ${by} before anything was judged.`;
}

function experimentSentence({ experiment }: Report): string {
  return experiment === undefined ? '' : ` The experiment ${experiment.name} ${EXPERIMENT_ENDS[experiment.outcome]}.`;
}

const EXPERIMENT_ENDS = {
  'as-expected': 'went as expected', 'not-as-expected': 'did not go as expected', undecided: 'decided nothing', 'not-carried-out': 'was not carried out',
} as const;

function regressionSentence({ comparison }: Report): string {
  const worse = comparison?.comparable === true ? comparison.differences.filter(({ status }) => status === 'worse').length : 0;
  return worse === 0 ? '' : ` Against the baseline ${plural(worse, 'figure')} ${worse === 1 ? 'is' : 'are'} worse.`;
}

function milestoneSentence({ diagnosis }: Report): string {
  const hit = diagnosis.bottlenecks.filter((one) => one.status === 'hit');
  const expected = hit.filter(({ milestone }) => milestone !== null).map(({ id }) => BOTTLENECK_TITLES[id]);
  const unexpected = hit.filter(({ milestone }) => milestone === null).map(({ id }) => BOTTLENECK_TITLES[id]);
  const sentences = [
    ...(expected.length > 0 ? [`Milestone hit: ${expected.join(' and ')}.`] : []),
    ...(unexpected.length > 0 ? [`Bottleneck hit, and no milestone of the plan: ${unexpected.join(' and ')}.`] : []),
  ];
  if (sentences.length > 0) return sentences.join(' ');
  if (diagnosis.outcome === 'undetermined') return 'The evidence does not single out one cause.';
  if (diagnosis.outcome !== 'not-enough-evidence') return 'No milestone was hit.';
  return diagnosis.harm.length > 0 ? 'The evidence does not suffice to name the cause.' : NOTHING_JUDGED;
}

/** The failure that is farthest beyond its limit. */
function worstOf(failed: readonly Verdict[]): string {
  const measured = failed.filter(({ observed }) => observed !== null);
  const [first] = measured;
  if (!first) return '';
  const worst = measured.reduce((a, b) => ((b.margin ?? 0) < (a.margin ?? 0) ? b : a), first);
  return `${failed.length > 1 ? ', worst' : ':'} ${sayMetric(worst.condition)} is ${sayObserved(worst)}, asked for ${sayVerdictLimit(worst)}`;
}

function restOf(passed: number): string {
  if (passed === 0) return '';
  return passed === 1 ? '; the other one passed' : '; the others passed';
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Steps that did not run to their end, and why; empty for a run that did. */
export function sayCutShort({ run }: Report): string[] {
  return run.steps.flatMap(({ suite, endpoint, outcome }) => {
    if (outcome.status === 'completed' || run.interrupted !== null) return [];
    const name = endpoint ? `${suite} suite at ${endpoint.step}` : `${suite} suite`;
    return [outcome.status === 'stopped' ? `the ${name} was ended early to spare the target: ${outcome.reason}` : `the ${name} broke off: ${outcome.reason}`];
  });
}

/** Nothing seen is not the same as nothing wrong. */
export const NOTHING_JUDGED = 'Too little was seen to name a bottleneck, or to rule one out.';
