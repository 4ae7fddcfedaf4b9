import { judge } from '../judge/judge.ts';
import { comparisonsOf, type Condition } from '../model/condition.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Verdict } from '../model/report.ts';
import type { Run } from '../model/run.ts';
import { conditionsFor } from '../plan/resolve.ts';

/**
 * A figure that is looked at again and again is sooner or later on the right side of a limit it lies at: an early look decides only what is
 * twice as far off as its bounds reach (by their logarithms) (after Haybittle 1971; Peto et al. 1976). docs/statistics.md has what is decided wrongly so.
 */
const EARLY_REACH = 2;

/** Whether every required threshold that requests alone can decide is clearly decided by what the steps of a run have shown so far. */
export function isDecided(run: Run, plan: Plan, phase: Phase): boolean {
  const groups = run.steps.map(({ suite }) => ({ suite, conditions: conditionsFor(plan, phase, suite).filter(isDecidable) }));
  return judge(run, groups, { acceptNoise: false }).every(isClear);
}

/** What names a time of its own is not to be had in a few seconds. */
function isDecidable(condition: Condition): boolean {
  return condition.kind === 'threshold' && condition.required
    && comparisonsOf(condition).every(({ metric, relativeTo, forSeconds, inSeconds }) => metric.startsWith('http.') && relativeTo === null && forSeconds === null && inSeconds === null);
}

function isClear({ status, condition, observed, low, high, limit }: Verdict): boolean {
  if (status === 'inconclusive') return false;
  // A share of errors has its number of requests set beforehand.
  const isCounted = comparisonsOf(condition).some(({ metric }) => metric === 'http.error_rate');
  if (isCounted || observed === null || limit === null) return true;
  const bound = observed < limit ? high : low;
  // Rates and times are positive, so twice as far is the square of the ratio.
  const twice = bound === null ? observed : observed * Math.max(0, bound / observed) ** EARLY_REACH;
  return observed < limit ? twice < limit : twice > limit;
}
