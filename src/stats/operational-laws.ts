import { studentQuantile } from './student.ts';

/**
 * The operational laws (Denning & Buzen 1978; Lazowska et al. 1984, Quantitative System Performance, ch. 3 and 5): they hold for what was
 * measured, whatever the distributions. Times in seconds, rates per second, utilisations 0 … 1 of all servers of a resource.
 */

/** A reading of one resource: how busy it was at a throughput. */
export interface Utilization {
  readonly throughputPerSec: number;
  readonly utilization: number;
}

export interface ServiceDemand {
  /** Busy time of the resource for each request. */
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
  /** Where other work keeps the resource busy, this share of it; 0 where nothing shows. */
  readonly idleUtilization: number;
}

/** A line of two coefficients has no scatter below this. */
const FEWEST_READINGS = 10;

/**
 * Service demand D from U = U₀ + X · D by least squares, with one-sided 95 % bounds; what the resource does without our load is U₀.
 * Null for too few readings, or for throughputs that differ too little to tell the two apart (then U = X · D is used, as if U₀ were 0).
 */
export function serviceDemand(readings: readonly Utilization[]): ServiceDemand | null {
  const n = readings.length;
  if (n < FEWEST_READINGS) return null;
  const mean = (value: (one: Utilization) => number): number => readings.reduce((sum, one) => sum + value(one), 0) / n;
  const [x, u] = [mean((one) => one.throughputPerSec), mean((one) => one.utilization)];
  if (!(x > 0)) return null;
  const spread = readings.reduce((sum, one) => sum + (one.throughputPerSec - x) ** 2, 0);
  const slope = readings.reduce((sum, one) => sum + (one.throughputPerSec - x) * (one.utilization - u), 0) / spread;
  const isWide = spread / n > (WIDE * x) ** 2 && slope > 0;
  const seconds = isWide ? slope : u / x;
  const base = isWide ? Math.max(0, u - slope * x) : 0;
  const residual = readings.reduce((sum, one) => sum + (one.utilization - base - seconds * one.throughputPerSec) ** 2, 0) / (n - 2);
  const error = isWide ? Math.sqrt(residual / spread) : Math.sqrt(residual / n) / x;
  const reach = studentQuantile(0.95, n - 2) * error;
  return { seconds, low: Math.max(0, seconds - reach), high: seconds + reach, idleUtilization: base };
}

/** Loads that differ by less than this share of their mean are one load with noise. */
const WIDE = 0.3;

/** Highest throughput a resource allows: it cannot be busier than always. */
export function throughputLimit({ seconds, idleUtilization }: Pick<ServiceDemand, 'seconds' | 'idleUtilization'>, mostUtilization = 1): number {
  return seconds <= 0 ? Infinity : Math.max(0, mostUtilization - idleUtilization) / seconds;
}

/** Asymptotic bounds for N users with a think time: X(N) ≤ min(1 ÷ D_max, N ÷ (ΣD + Z)); they cross at N*. */
export function asymptoticBounds(demands: readonly number[], thinkSeconds: number): { readonly mostPerSec: number; readonly crossing: number; throughputAt(users: number): number } {
  const total = demands.reduce((sum, one) => sum + one, 0) + thinkSeconds;
  const most = Math.max(...demands);
  return { mostPerSec: 1 / most, crossing: total / most, throughputAt: (users) => Math.min(1 / most, users / total) };
}

/** How far a measurement is from Little's law N = X · R, as a share of N; beyond a tenth the figures do not belong together. */
export function littleGap(inFlight: number, throughputPerSec: number, responseSeconds: number): number {
  return Math.abs(inFlight - throughputPerSec * responseSeconds) / inFlight;
}

/**
 * Erlang's C: the probability that a request has to wait where `servers` are offered `load` server-seconds a second. 1 from saturation on.
 */
export function waitProbability(servers: number, load: number): number {
  if (load >= servers) return 1;
  if (load <= 0) return 0;
  let inverse = 1;
  // Erlang's B by its recursion, which cannot overflow; C from it.
  for (let k = 1; k <= servers; k += 1) inverse = 1 + (k / load) * inverse;
  const blocking = 1 / inverse;
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/**
 * The utilisation of `servers`, each busy for `holdSeconds` a time, at which one request in twenty waits longer than `waitSeconds`. `variation` is
 * (c²ₐ + c²ₛ) / 2, of arrivals and of service: 1 for both at random (M/M/c), 0 where neither varies (Kingman 1961; Allen & Cunneen 1990).
 */
export function utilizationAtWait(servers: number, holdSeconds: number, waitSeconds: number, variation: number): number {
  const isTooLong = (utilization: number): boolean => {
    const load = utilization * servers;
    const rate = ((servers - load) / holdSeconds) / Math.max(1e-6, variation);
    return waitProbability(servers, load) * Math.exp(-rate * waitSeconds) > TAIL;
  };
  let [low, high] = [0, 1];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (isTooLong(middle)) high = middle;
    else low = middle;
  }
  return low;
}

/** Beyond the 95th percentile. */
const TAIL = 0.05;
