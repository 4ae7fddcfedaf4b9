import type { ComparedMetric, ComparedScope } from '../model/comparison.ts';
import { CONFIDENCE } from '../stats/binomial.ts';
import { studentQuantile, studentTail } from '../stats/student.ts';
import { echoOf } from './echo.ts';
import type { Observation } from './observe.ts';
import { poolNoise, type NoiseShare, type PooledNoise } from './noise.ts';
import { neighbourNoise, stepsOf, type Turn } from './turns.ts';

/** One figure, base against head, before it is held against the others. Changes are logarithms: a half and a double are as far from nothing. */
export interface Contrast {
  readonly scope: ComparedScope;
  readonly metric: ComparedMetric;
  /** In the metric’s unit. */
  readonly base: number;
  readonly head: number;
  /** Of head ÷ base, or for error rates head − base in percentage points; one-sided 95 % bounds. */
  readonly change: { readonly low: number; readonly mid: number; readonly high: number };
  readonly isLog: boolean;
  readonly freedom: number;
  /** One-sided probability of so large a rise, and of so large a fall, were nothing changed. */
  readonly pRise: number;
  readonly pFall: number;
  /** See `FamilyTest`; for a rise, the same with its sign turned for a fall. */
  readonly echo: readonly number[] | null;
  /** What a longer or repeated measurement would have to overcome. */
  readonly outlook: NoiseOutlook | CountOutlook;
  readonly noise: PooledNoise | null;
}

export interface NoiseOutlook {
  readonly kind: 'noise';
  readonly standardError: number;
  /** Null in a duet, which has no runs to repeat. */
  readonly runsPerSide: number | null;
  /** Share of the variance that comes from within the runs: only that shrinks when they get longer. */
  readonly withinShare: number;
}

/** Counts scatter by the dice alone: what so many times as many would show, if their share stays what it is. */
export interface CountOutlook {
  readonly kind: 'counts';
  /** Null in a duet. */
  readonly runsPerSide: number | null;
  readonly measuredFor: (times: number) => Pick<Contrast, 'change' | 'pRise' | 'pFall'>;
}

export interface KnownNoise {
  readonly history: NoiseShare | null;
  readonly assumedNoise?: number;
  /** The order of the runs where they were made in turn. */
  readonly turns?: readonly Turn[] | null;
}

/**
 * Runs of both sides as a random-effects comparison (DerSimonian & Laird 1986): a run weighs by the noise between runs plus the
 * scatter within runs of its length, so that a short run counts for less; the difference of the means is a Student t. The scatter
 * within is that of all runs, for its estimate from one run is itself a matter of luck: a percentile that happens to be low looks
 * quiet, too, and weighing by such estimates made ten of a hundred comparisons of the same version red.
 */
export function contrastRuns(
  what: Pick<Contrast, 'scope' | 'metric'>, base: readonly (Observation | null)[], head: readonly (Observation | null)[],
  { history, assumedNoise, turns = null }: KnownNoise,
): Contrast | null {
  const [before, after] = [base.filter((one) => one !== null), head.filter((one) => one !== null)];
  if (before.length === 0 || after.length === 0) return null;
  const all = [...before, ...after];
  const perSize = all.reduce((sum, { variance, size }) => sum + variance * size, 0) / all.length;
  const within = all.reduce((sum, { size }) => sum + perSize / size, 0) / all.length;
  const inTurn = turns === null ? null : residualsInTurn(base, head, turns);
  const noise = poolNoise(inTurn === null ? spreadOf([before, after]) : neighbourNoise(inTurn), history, within, assumedNoise);
  const between = Math.max(0, noise.variance - within);
  const [low, high] = [weigh(before, between, perSize), weigh(after, between, perSize)];
  const mid = high.mean - low.mean;
  const standardError = Math.sqrt(low.variance + high.variance);
  const reach = studentQuantile(CONFIDENCE, noise.freedom) * standardError;
  return {
    ...what, base: Math.exp(low.mean), head: Math.exp(high.mean), change: { low: mid - reach, mid, high: mid + reach }, isLog: true, freedom: noise.freedom,
    pRise: studentTail(mid / standardError, noise.freedom), pFall: studentTail(-mid / standardError, noise.freedom),
    echo: echoOf(inTurn === null ? [...residuals(base, low.mean, low.weights, -1), ...residuals(head, high.mean, high.weights, 1)] : stepsOf(inTurn)),
    outlook: { kind: 'noise', standardError, runsPerSide: 2 / (1 / before.length + 1 / after.length), withinShare: Math.min(1, within / noise.variance) },
    noise,
  };
}

/** Distance of each run from the mean of its side, in the order they were made; null where a run lacks the figure. */
function residualsInTurn(base: readonly (Observation | null)[], head: readonly (Observation | null)[], turns: readonly Turn[]): number[] | null {
  const mean = (side: readonly (Observation | null)[]): number => side.reduce((sum, one) => sum + (one?.log ?? Number.NaN), 0) / side.length;
  const means = { base: mean(base), head: mean(head) };
  const values = turns.map(({ side, at }) => ((side === 'base' ? base : head)[at]?.log ?? Number.NaN) - means[side]);
  return values.every(Number.isFinite) ? values : null;
}

function spreadOf(sides: readonly (readonly Observation[])[]): NoiseShare {
  let [squares, freedom] = [0, 0];
  for (const side of sides) {
    const mean = side.reduce((sum, one) => sum + one.log, 0) / side.length;
    squares += side.reduce((sum, one) => sum + (one.log - mean) ** 2, 0);
    freedom += side.length - 1;
  }
  return { variance: freedom === 0 ? 0 : squares / freedom, freedom };
}

interface Weighed {
  readonly mean: number;
  readonly variance: number;
  /** Summing to 1. */
  readonly weights: readonly number[];
}

function weigh(side: readonly Observation[], between: number, perSize: number): Weighed {
  // Two runs without any scatter would weigh infinitely.
  const raw = side.map(({ size }) => 1 / Math.max(1e-12, between + perSize / size));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const weights = raw.map((weight) => weight / total);
  return { mean: side.reduce((sum, one, at) => sum + one.log * (weights[at] ?? 0), 0), variance: 1 / total, weights };
}

/** What each run contributes to the error of the difference; 0 for a run without the figure. */
function residuals(side: readonly (Observation | null)[], mean: number, weights: readonly number[], sign: number): number[] {
  let at = 0;
  return side.map((one) => (one === null ? 0 : sign * (one.log - mean) * (weights[at++] ?? 0)));
}
