/** How far the sum of correlated values may be off. */
export interface SumError {
  readonly standardError: number;
  /** Degrees of freedom for Student’s t. */
  readonly freedom: number;
  /** As many independent values would be worth as much. */
  readonly independent: number;
}

/** Below ten batches a variance is a guess (Schmeiser 1982 advises 10 … 30). */
export const FEWEST_BATCHES = 10;

/** Seconds a deviation is followed through; what lasts longer is left to the batches. */
const MOST_LAGS = 8;

/**
 * Standard error of the sum of values around 0 that follow each other, one a second, and may resemble their neighbours.
 * The larger of two estimates: an autoregressive model of the series (Heidelberger & Welch 1981; order by Akaike’s
 * criterion), which stays right in runs too short for long batches, and the means of ten batches, which see what no such
 * model does, a trend above all. Never smaller than for independent values. Null below ten values.
 */
export function errorOfSum(deviations: readonly number[]): SumError | null {
  const n = deviations.length;
  if (n < FEWEST_BATCHES) return null;
  const measured = autocovariances(deviations, Math.min(MOST_LAGS, Math.floor(n / 4)));
  if ((measured[0] ?? 0) <= 0) return { standardError: 0, freedom: n - 1, independent: n };
  let covariances = measured;
  let longRun = autoregressiveVariance(covariances, n);
  // Taking out the mean lowers every covariance by about longRun / n (Kendall 1954); two rounds put that back.
  for (let round = 0; round < 2; round += 1) {
    const lost = longRun / n;
    covariances = measured.map((value) => value + lost);
    longRun = autoregressiveVariance(covariances, n);
  }
  longRun = Math.max(longRun, batchVariance(deviations));
  const independent = Math.min(n, (n * (covariances[0] ?? 0)) / longRun);
  return { standardError: Math.sqrt(n * longRun), freedom: freedomOf(n, n / independent), independent };
}

/**
 * What a variance from so many values, each of them worth 1 / `effect`, is known by: as many degrees of freedom as there are values
 * where they are independent, about n / 2 effect where they are not. (The logarithm of a long-run variance of an AR(1) scatters by
 * 4 effect / n, that of a chi-squared by 2 / freedom.)
 */
function freedomOf(n: number, effect: number): number {
  return Math.max(1, Math.min(n - 1, n / (2 * effect - 1)));
}

function autocovariances(values: readonly number[], lags: number): number[] {
  return Array.from({ length: lags + 1 }, (_, lag) => {
    let sum = 0;
    for (let at = lag; at < values.length; at += 1) sum += (values[at] ?? 0) * (values[at - lag] ?? 0);
    return sum / values.length;
  });
}

/**
 * Variance of the mean × n under an autoregressive model of order 1 … lags (Levinson’s and Durbin’s recursion): the order that Akaike’s
 * criterion chooses, or about ∛n (Berk 1974) where that says more. The criterion likes short memories too well where a level lies
 * under noise of its own, as it does with shares and percentiles.
 */
function autoregressiveVariance(covariances: readonly number[], n: number): number {
  const variance = covariances[0] ?? 0;
  let coefficients: number[] = [];
  let noise = variance;
  let [best, bestCriterion, longer] = [variance, Infinity, 0];
  for (let order = 1; order < covariances.length; order += 1) {
    const explained = coefficients.reduce((sum, one, at) => sum + one * (covariances[order - 1 - at] ?? 0), 0);
    const reflection = Math.max(-0.99, Math.min(0.99, ((covariances[order] ?? 0) - explained) / noise));
    const before = coefficients;
    coefficients = [...before.map((one, at) => one - reflection * (before[order - 2 - at] ?? 0)), reflection];
    noise *= 1 - reflection * reflection;
    // A memory of more than 30 seconds cannot be told from a trend in runs of minutes.
    const memory = Math.max(0.03, 1 - coefficients.reduce((sum, one) => sum + one, 0));
    if (order === Math.round(Math.cbrt(n))) longer = noise / memory ** 2;
    const criterion = n * Math.log(noise) + 2 * order;
    if (criterion < bestCriterion) [best, bestCriterion] = [noise / memory ** 2, criterion];
  }
  return Math.max(best, longer, variance);
}

function batchVariance(values: readonly number[]): number {
  const sums = Array.from({ length: FEWEST_BATCHES }, () => 0);
  values.forEach((value, at) => {
    const batch = Math.floor((at * FEWEST_BATCHES) / values.length);
    sums[batch] = (sums[batch] ?? 0) + value;
  });
  const square = sums.reduce((total, value) => total + value * value, 0);
  return ((square / (FEWEST_BATCHES - 1)) * FEWEST_BATCHES) / values.length;
}
