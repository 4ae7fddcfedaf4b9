import { comparisonsOf } from '../model/condition.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Verdict } from '../model/report.ts';
import type { RunStep } from '../model/run.ts';
import { stageWindows } from '../stats/stages.ts';
import { tally } from '../stats/tally.ts';
import { provesFewErrors, spentStages, type CountedErrors } from '../stress/error-proof.ts';
import { isDecidedLate } from '../stress/goal.ts';

/**
 * The verdicts of a confirming stage, in which a share of errors or of time-outs that one look would take for proven is open where it is not in a search that
 * looks every second, and in up to three such stages. `before`: the steps of the search before this one.
 */
export function inAllLooks(verdicts: readonly Verdict[], step: RunStep, before: readonly RunStep[]): Verdict[] {
  return verdicts.map((verdict) => {
    const counted = countedBy(verdict, step);
    if (verdict.status !== 'pass' || counted === null || provesFewErrors(counted, spentBefore(before, counted.metric, counted.limit))) return verdict;
    return { ...verdict, status: 'inconclusive', reason: `${verdict.reason}: enough for one look, not for a stage that is looked at until it holds` };
  });
}

function countedBy({ condition, observed, samples, limit }: Verdict, step: RunStep): (CountedErrors & { readonly metric: MetricName }) | null {
  const [one, another] = comparisonsOf(condition);
  if (!isDecidedLate(condition) || one === undefined || another !== undefined || observed === null || limit === null || samples === 0) return null;
  // Of time-outs the figure is a rate: per request it is held against the rate that is allowed.
  const perRequest = one.metric === 'http.error_rate' ? 0.01 : judgedSeconds(step) / samples;
  return { metric: one.metric, errors: Math.round(observed * perRequest * samples), requests: samples, limit: limit * perRequest };
}

/** Confirming stages among these steps that could have proven a share below this limit, and did not. */
export function spentBefore(steps: readonly RunStep[], metric: MetricName, limit: number): number {
  const confirms = steps.filter(({ stage, generatorReasons }) => stage?.purpose === 'confirm' && generatorReasons.length === 0);
  return spentStages(confirms.map((step) => countIn(step, metric)), limit);
}

function countIn(step: RunStep, metric: MetricName): Omit<CountedErrors, 'limit'> {
  const { requests, failed, timeouts } = tally(step.intervals.filter(({ second }) => isJudged(step, second)).flatMap(({ rows }) => rows));
  return { requests, errors: metric === 'http.timeouts' ? timeouts : failed };
}

function isJudged(step: RunStep, second: number): boolean {
  return stageWindows(step).some(({ judged, from, end }) => judged && second >= from && second < end);
}

function judgedSeconds(step: RunStep): number {
  return stageWindows(step).reduce((sum, { judged, from, to }) => sum + (judged ? to - from : 0), 0);
}
