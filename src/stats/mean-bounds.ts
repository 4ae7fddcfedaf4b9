import { CONFIDENCE } from './binomial.ts';
import { errorOfSum, FEWEST_BATCHES } from './correlated-error.ts';
import { studentQuantile } from './student.ts';

/** A mean with its one-sided 95 % bounds; the bounds are null below ten values. */
export interface MeanBounds {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Values that were there. */
  readonly readings: number;
}

/** Mean of readings one a second, NaN where there was none. Right also where neighbours resemble each other. */
export function meanBounds(values: ArrayLike<number>): MeanBounds {
  return ratioBounds(values, null);
}

/** A span with fewer events is a coarse ruler: of two and a half a second every second holds two or three. */
const EVENTS_PER_SPAN = 10;

/**
 * Mean of counts, one for each second. Where a second holds few, seconds are taken together until a span holds ten: arrivals that
 * come on schedule scatter less over spans than over seconds, and no bound for independent seconds can know that.
 */
export function rateBounds(counts: readonly number[]): MeanBounds {
  const perSecond = sum(counts) / counts.length;
  // As many spans must be left as a mean is bounded by.
  const seconds = Math.min(Math.ceil(EVENTS_PER_SPAN / perSecond), Math.floor(counts.length / FEWEST_BATCHES));
  if (!(seconds > 1)) return meanBounds(counts);
  const spans = Array.from({ length: Math.floor(counts.length / seconds) }, (_, at) => sum(counts.slice(at * seconds, (at + 1) * seconds)) / seconds);
  const { low, high } = meanBounds(spans);
  return { mean: perSecond, low: low === null ? null : Math.min(low, perSecond), high: high === null ? null : Math.max(high, perSecond), readings: counts.length };
}

/**
 * Σ part / Σ whole over seconds; without `whole` the plain mean. The ratio is linearised (Cochran 1977, 6.4): what counts
 * is how much part − ratio × whole varies from second to second.
 */
export function ratioBounds(part: ArrayLike<number>, whole: ArrayLike<number> | null): MeanBounds {
  const parts: number[] = [];
  const wholes: number[] = [];
  for (let at = 0; at < part.length; at += 1) {
    const [numerator, denominator] = [part[at] ?? Number.NaN, whole === null ? 1 : (whole[at] ?? Number.NaN)];
    if (!Number.isFinite(numerator) || !Number.isFinite(denominator)) continue;
    parts.push(numerator);
    wholes.push(denominator);
  }
  const total = sum(wholes);
  if (total === 0) return { mean: Number.NaN, low: null, high: null, readings: parts.length };
  const mean = sum(parts) / total;
  const error = errorOfSum(parts.map((value, at) => value - mean * (wholes[at] ?? 0)));
  if (error === null) return { mean, low: null, high: null, readings: parts.length };
  const reach = (studentQuantile(CONFIDENCE, error.freedom) * error.standardError) / total;
  const [lowest, highest] = error.independent < FEWEST_FOR_EXTREMES ? [-Infinity, Infinity] : extremes(parts, wholes);
  return { mean, low: Math.max(lowest, mean - reach), high: Math.min(highest, mean + reach), readings: parts.length };
}

/** Seconds that resemble each other may all lie on one side. (Batches make ten independent values look like nine.) */
const FEWEST_FOR_EXTREMES = 8;

/**
 * A mean lies between what was seen: ten independent seconds all on one side of their own mean happen once in five hundred times.
 * Without this, one wild second of ten would leave a rate undecided that every second kept twenty times over.
 */
function extremes(parts: readonly number[], wholes: readonly number[]): readonly [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const [at, whole] of wholes.entries()) {
    if (whole <= 0) continue;
    lowest = Math.min(lowest, (parts[at] ?? 0) / whole);
    highest = Math.max(highest, (parts[at] ?? 0) / whole);
  }
  return [lowest, highest];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
