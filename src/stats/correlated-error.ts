/** How far the sum of correlated values may be off. */
export interface SumError {
  readonly standardError: number;
  /** Degrees of freedom for Student’s t. */
  readonly freedom: number;
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
  if ((measured[0] ?? 0) <= 0) return { standardError: 0, freedom: n - 1 };
  let covariances = measured;
  let longRun = autoregressiveVariance(covariances, n);
  // Taking out the mean lowers every covariance by about longRun / n (Kendall 1954); two rounds put that back.
  for (let round = 0; round < 2; round += 1) {
    const lost = longRun / n;
    covariances = measured.map((value) => value + lost);
    longRun = autoregressiveVariance(covariances, n);
  }
  longRun = Math.max(longRun, batchVariance(deviations));
  const independent = (n * (covariances[0] ?? 0)) / longRun;
  return { standardError: Math.sqrt(n * longRun), freedom: Math.max(1, independent - 1) };
}

function autocovariances(values: readonly number[], lags: number): number[] {
  return Array.from({ length: lags + 1 }, (_, lag) => {
    let sum = 0;
    for (let at = lag; at < values.length; at += 1) sum += (values[at] ?? 0) * (values[at - lag] ?? 0);
    return sum / values.length;
  });
}

/** Variance of the mean × n under the best autoregressive model of order 1 … lags (Levinson’s and Durbin’s recursion). */
function autoregressiveVariance(covariances: readonly number[], n: number): number {
  const variance = covariances[0] ?? 0;
  let coefficients: number[] = [];
  let noise = variance;
  let [best, bestCriterion] = [variance, Infinity];
  for (let order = 1; order < covariances.length; order += 1) {
    const explained = coefficients.reduce((sum, one, at) => sum + one * (covariances[order - 1 - at] ?? 0), 0);
    const reflection = Math.max(-0.99, Math.min(0.99, ((covariances[order] ?? 0) - explained) / noise));
    const before = coefficients;
    coefficients = [...before.map((one, at) => one - reflection * (before[order - 2 - at] ?? 0)), reflection];
    noise *= 1 - reflection * reflection;
    const criterion = n * Math.log(noise) + 2 * order;
    if (criterion >= bestCriterion) continue;
    bestCriterion = criterion;
    // A memory of more than 30 seconds cannot be told from a trend in runs of minutes.
    const memory = 1 - coefficients.reduce((sum, one) => sum + one, 0);
    best = noise / Math.max(0.03, memory) ** 2;
  }
  return Math.max(best, variance);
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
