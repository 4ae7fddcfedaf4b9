import { comparisonsOf, type Comparison, type Condition } from '../model/condition.ts';
import { formatComparison } from '../model/format.ts';
import { metricOf } from '../model/metrics.ts';
import { fewestToProve } from '../stats/binomial.ts';
import { QUANTILES } from '../stats/tally.ts';

/** What one required threshold needs of a run before its bounds can fall on one side of the limit. */
export interface Need {
  readonly comparison: Comparison;
  /** Requests of its scope. */
  readonly requests: number;
  /** Judged seconds, whatever the rate. */
  readonly seconds: number;
  readonly because: string;
}

/**
 * Seconds whose batches bound a mean: ten batches are the least (Schmeiser 1982), and three seconds each keep a batch from
 * being one second’s whim.
 */
const MEAN_SECONDS = 30;

/** Seconds resemble each other: a percentile of a server under load is worth about half its requests. */
const DESIGN_EFFECT = 2;

/** Needs of every required threshold; conditions without such a need (facts, signs, relative ones) are left out. */
export function needsOf(conditions: readonly Condition[]): Need[] {
  return conditions
    .filter(({ kind, required }) => kind === 'threshold' && required)
    .flatMap((condition) => comparisonsOf(condition).map(needOf))
    .filter((need) => need !== null);
}

function needOf(comparison: Comparison): Need | null {
  const { metric, value, relativeTo, forSeconds, inSeconds } = comparison;
  const said = formatComparison(comparison);
  const form = metricOf(metric)?.form;
  if (form === undefined || form === 'fact' || relativeTo === 'baseline') return null;
  const span = (forSeconds ?? 0) + (inSeconds ?? 0);
  if (span > 0) return { comparison, requests: 0, seconds: span, because: `${said}: ${span} s, the time it names` };
  if (metric === 'http.error_rate') return errorRateNeed(comparison, value, said);
  const q = QUANTILES[metric];
  if (q !== undefined) {
    const requests = DESIGN_EFFECT * fewestToBound(q);
    return { comparison, requests, seconds: 10, because: `${said}: ${grouped(requests)} requests, twice the ${fewestToBound(q)} of which the second longest still bounds the percentile` };
  }
  return { comparison, requests: 0, seconds: MEAN_SECONDS, because: `${said}: ${MEAN_SECONDS} s, ten batches of three` };
}

function errorRateNeed(comparison: Comparison, percent: number, said: string): Need | null {
  // `<= 0 %` asks for what was seen; a limit of all requests or a minimum of errors needs no proof.
  const isProvable = (comparison.op === '<' || comparison.op === '<=') && percent > 0 && percent < 100;
  if (!isProvable) return { comparison, requests: 1, seconds: 10, because: `${said}: 10 s` };
  const requests = fewestToProve(percent / 100, 1);
  return { comparison, requests, seconds: 10, because: `${said}: ${grouped(requests)} requests, of which one may fail and the limit is still proven (Clopper–Pearson, 95 %)` };
}

/**
 * The fewest values of which the second largest is at least their q-quantile with 95 %: as many as prove, with one value above
 * it, that less than 1 − q lies there.
 */
function fewestToBound(q: number): number {
  return fewestToProve(1 - q, 1);
}

export function grouped(value: number): string {
  return Math.ceil(value).toLocaleString('en-US');
}
