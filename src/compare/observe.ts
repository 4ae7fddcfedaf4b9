import type { ComparedMetric } from '../model/comparison.ts';
import { effectiveSize } from '../stats/effective-size.ts';
import { errorOfSum } from '../stats/correlated-error.ts';
import { blockDraws, blockLength } from './block-bootstrap.ts';
import { countsAbove, latencyBins, logQuantiles, type LatencyBins } from './latency-bins.ts';
import type { Traffic } from './traffic.ts';

/** A figure of one run: its logarithm, and how far its own seconds leave it open. */
export interface Observation {
  readonly log: number;
  /** Variance of `log` as this run's seconds show it; the noise between runs is not in it. */
  readonly variance: number;
  /** Requests, or seconds, that it rests on: the variance goes with 1 ÷ size. */
  readonly size: number;
}

export interface ErrorCount {
  readonly failed: number;
  readonly requests: number;
  /** As many independent requests the run is worth: errors that come in bursts say less. */
  readonly effective: number;
}

/** What one run says of one scope. A metric that is missing had too little to rest on. */
export interface RunObservation {
  readonly figures: Partial<Record<ComparedMetric, Observation>>;
  readonly errors: ErrorCount;
  /** Answers and time-outs: what percentiles rest on. */
  readonly values: number;
}

export const LATENCY_QUANTILES = { 'http.p50': 0.5, 'http.p95': 0.95, 'http.p99': 0.99 } as const satisfies Partial<Record<ComparedMetric, number>>;
/** Of a percentile that fewer values lie beyond, the next run may show anything. */
const FEWEST_BEYOND = 5;
/** Ten seconds are the fewest that have a variance (as everywhere else). */
export const FEWEST_SECONDS = 10;
/** 200 draws give a standard error to ± 5 % (Efron & Tibshirani 1993, 6.4). */
const DRAWS = 200;

/** The fewest requests of a run that carry this percentile. */
export function fewestRequests(metric: ComparedMetric): number {
  const q = metric in LATENCY_QUANTILES ? LATENCY_QUANTILES[metric as keyof typeof LATENCY_QUANTILES] : null; // by the line's own test
  return q === null ? 1 : Math.round(FEWEST_BEYOND / (1 - q));
}

export function observe(traffic: Traffic): RunObservation {
  const bins = latencyBins(traffic.seconds, traffic.timeoutMs);
  const values = bins.seconds.reduce((sum, pairs) => sum + pairs.reduce((own, count, at) => own + (at % 2 === 1 ? count : 0), 0), 0);
  const throughput = observeThroughput(traffic);
  return {
    figures: { ...observeLatency(bins, values), ...(throughput === null ? {} : { 'http.throughput': throughput }) },
    errors: countErrors(traffic), values,
  };
}

function observeLatency(bins: LatencyBins, values: number): Partial<Record<ComparedMetric, Observation>> {
  const wanted = (Object.keys(LATENCY_QUANTILES) as (keyof typeof LATENCY_QUANTILES)[]).filter((metric) => values >= fewestRequests(metric)); // its own keys
  if (wanted.length === 0 || bins.seconds.length < FEWEST_SECONDS) return {};
  const quantiles = wanted.map((metric) => LATENCY_QUANTILES[metric]);
  const observed = logQuantiles(bins, bins.seconds.map((_, at) => at), quantiles);
  const draws: number[][] = [];
  for (const chosen of blockDraws(bins.seconds.length, blocksFor(bins, observed), DRAWS, 1)) draws.push(logQuantiles(bins, chosen, quantiles));
  return Object.fromEntries(wanted.map((metric, at) => [metric, { log: observed[at] ?? Number.NaN, variance: varianceOf(draws.map((draw) => draw[at] ?? Number.NaN)), size: values }]));
}

/** Blocks as long as the quantile that resembles itself the longest needs them. */
export function blocksFor(bins: LatencyBins, logs: readonly number[]): number {
  return Math.max(...logs.map((log) => {
    const { above, all } = countsAbove(bins, Math.exp(log));
    const share = sum(above) / sum(all);
    return blockLength(above.map((count, at) => count - share * (all[at] ?? 0)));
  }));
}

function observeThroughput({ seconds }: Traffic): Observation | null {
  const perSecond = seconds.filter(({ isFull }) => isFull).map(({ requests, failed }) => requests - failed);
  const mean = sum(perSecond) / perSecond.length;
  const error = errorOfSum(perSecond.map((count) => count - mean));
  if (error === null || !(mean > 0)) return null;
  return { log: Math.log(mean), variance: (error.standardError / perSecond.length / mean) ** 2, size: perSecond.length };
}

export function countErrors({ seconds }: Traffic): ErrorCount {
  const [failed, requests] = [seconds.map((one) => one.failed), seconds.map((one) => one.requests)];
  return { failed: sum(failed), requests: sum(requests), effective: effectiveSize(failed, requests) ?? sum(requests) };
}

function varianceOf(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return 0;
  const mean = sum(known) / known.length;
  return known.reduce((total, value) => total + (value - mean) ** 2, 0) / (known.length - 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
