import { metricOf } from '../model/metrics.ts';
import type { Difference, DifferenceStatus } from '../model/comparison.ts';
import type { Contrast } from './contrast.ts';
import { needOf } from './need.ts';

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
    reason: reasonOf(one, status), need: status === 'cannot-tell' ? needOf({ contrast: one.contrast, level: one.level, limit: limitsOf(one.contrast, one.margin)[0], wouldTell: (longer) => wouldTell(one, longer) }) : null,
  };
}

function statusOf({ contrast, pWorse, pBetter, margin, level }: Decided): DifferenceStatus {
  const isCertain = (p: number): boolean => p < level;
  return statusFor(contrast, contrast.change, margin, { isWorse: isCertain(pWorse), isBetter: isCertain(pBetter) });
}

function statusFor(contrast: Contrast, { low, mid, high }: Contrast['change'], margin: number, certain: { readonly isWorse: boolean; readonly isBetter: boolean }): DifferenceStatus {
  const [up, down] = limitsOf(contrast, margin);
  const isHarmful = isRiseHarmful(contrast) ? mid >= up : mid <= down;
  const isHelpful = isRiseHarmful(contrast) ? mid <= down : mid >= up;
  if (certain.isWorse && isHarmful) return 'worse';
  if (certain.isBetter && isHelpful) return 'better';
  return low > down && high < up ? 'same' : 'cannot-tell';
}

/** The family's charge is not known beforehand: half its tests are assumed independent. */
function wouldTell({ contrast, margin, level }: Decided, { change, pRise, pFall }: Pick<Contrast, 'change' | 'pRise' | 'pFall'>): boolean {
  const [isRise, isFall] = [pRise < level / 2, pFall < level / 2];
  const certain = isRiseHarmful(contrast) ? { isWorse: isRise, isBetter: isFall } : { isWorse: isFall, isBetter: isRise };
  return statusFor(contrast, change, margin, certain) !== 'cannot-tell';
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

const number = (value: number): string => String(Number(value.toPrecision(2)));
