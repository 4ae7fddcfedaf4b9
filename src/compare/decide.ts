import { metricOf } from '../model/metrics.ts';
import type { Difference, DifferenceStatus, Need } from '../model/comparison.ts';
import { studentQuantile } from '../stats/student.ts';
import { CONFIDENCE } from '../stats/binomial.ts';
import type { Contrast } from './contrast.ts';

/**
 * Probability that a comparison of the same version with itself shows anything worse at all. Not the 5 % of a single verdict: a
 * comparison is made on every change, and one change in twenty going red for nothing is a comparison nobody looks at.
 */
export const FAMILY_ERROR = 0.01;

export interface Decided {
  readonly contrast: Contrast;
  readonly pWorse: number;
  readonly pBetter: number;
  /** The change that matters: a share for latency and throughput, percentage points for error rates. */
  readonly margin: number;
  /** Family-wise level; less in the early looks of a duet. */
  readonly level: number;
}

/** Better or worse: certain within the family, and large enough to matter. Same: certain that it does not matter. */
export function decide(one: Decided): Difference {
  const { contrast, pWorse, pBetter } = one;
  const { scope, metric, base, head } = contrast;
  const status = statusOf(one);
  const { low, mid, high } = contrast.change;
  const percent = (change: number): number => (contrast.isLog ? 100 * Math.expm1(change) : change);
  return {
    scope, metric, base, head, changePercent: { low: percent(low), mid: percent(mid), high: percent(high) }, status, pWorse, pBetter,
    reason: reasonOf(one, status), need: status === 'cannot-tell' ? needOf(one) : null,
  };
}

function statusOf({ contrast, pWorse, pBetter, margin, level }: Decided): DifferenceStatus {
  const { low, mid, high } = contrast.change;
  const [up, down] = limitsOf(contrast, margin);
  const isHarmful = isRiseHarmful(contrast) ? mid >= up : mid <= down;
  const isHelpful = isRiseHarmful(contrast) ? mid <= down : mid >= up;
  if (pWorse < level && isHarmful) return 'worse';
  if (pBetter < level && isHelpful) return 'better';
  return low > down && high < up ? 'same' : 'cannot-tell';
}

/** More latency is worse, more throughput is better. */
export function isRiseHarmful({ metric }: Pick<Contrast, 'metric'>): boolean {
  return metricOf(metric)?.better === 'lower';
}

/** Where a rise and a fall begin to matter, on the scale of the change; a rise by a tenth and a fall to a tenth less are alike there. */
function limitsOf({ isLog }: Contrast, margin: number): readonly [up: number, down: number] {
  const up = isLog ? Math.log1p(margin) : margin;
  return [up, -up];
}

function reasonOf({ contrast, pWorse, pBetter, margin, level }: Decided, status: DifferenceStatus): string {
  const limit = contrast.isLog ? `${number(100 * margin)} %` : `${number(margin)} percentage points`;
  if (status === 'same') return `any change is certain to be below ${limit}`;
  const [p, mid] = [Math.min(pWorse, pBetter), contrast.change.mid];
  if (status !== 'cannot-tell') return `by chance in ${sayChance(p)} comparisons`;
  if (p < level) return `${pWorse < pBetter ? 'worse' : 'better'} for certain, but not whether by ${limit}`;
  const noise = contrast.noise === null ? '' : `; a run’s noise is ${number(100 * Math.sqrt(contrast.noise.variance))} % (${contrast.noise.from.join(', ')})`;
  return `${Math.abs(mid) >= limitsOf(contrast, margin)[0] ? `chance shows as much in ${sayChance(p)} comparisons` : `a change of ${limit} cannot be ruled out`}${noise}`;
}

function sayChance(p: number): string {
  if (p < 0.0005) return 'fewer than 1 in 2,000';
  if (p >= 0.1) return `${Math.round(p * 100)} of 100`;
  return `1 of ${Math.round(1 / p).toLocaleString('en-US')}`;
}

/** More runs than this a side nobody makes. */
const MOST_RUNS = 200;

/** How many runs, or how much longer ones, would tell, if the change stays what it looks like. */
function needOf({ contrast, margin, level }: Decided): Need {
  const { outlook, change, freedom } = contrast;
  if (outlook === null) return { runsPerSide: null, timesAsLong: null };
  const [limit] = limitsOf(contrast, margin);
  const size = Math.abs(change.mid);
  // Towards “same” the bound has to come inside the limit; towards “worse” it has to leave 0. The family's charge is not known beforehand: half its tests are assumed independent.
  const isLarge = size >= limit;
  const distance = isLarge ? size : limit - size;
  const reach = studentQuantile(isLarge ? 1 - level / 2 : CONFIDENCE, Math.max(8, freedom));
  const factor = ((reach * outlook.standardError) / distance) ** 2;
  const runs = outlook.runsPerSide === null ? Infinity : Math.max(Math.ceil(outlook.runsPerSide * factor), Math.ceil(outlook.runsPerSide) + 1);
  // Only the scatter within the runs shrinks when they get longer; what lies between them stays.
  const left = 1 / factor - (1 - outlook.withinShare);
  const times = left > 0 ? outlook.withinShare / left : Infinity;
  return { runsPerSide: runs <= MOST_RUNS ? runs : null, timesAsLong: times <= MOST_RUNS ? Math.max(1.1, Math.ceil(times * 10) / 10) : null };
}

const number = (value: number): string => String(Number(value.toPrecision(2)));
