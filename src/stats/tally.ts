import type { ErrorKind, Interval, IntervalRow } from '../model/interval.ts';
import type { MetricName } from '../model/metrics.ts';
import { latencyQuantile, mergeHistograms, type MergedHistogram } from './histogram.ts';

/** What rows add up to: the one place where a request becomes a success, an error or a time-out. */
export interface Tally {
  readonly requests: number;
  /** Requests that ended in an error of any kind, time-outs among them. */
  readonly failed: number;
  readonly timeouts: number;
  readonly successes: number;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly latency: MergedHistogram;
  readonly errorLatency: MergedHistogram;
  readonly ttfb: MergedHistogram;
}

/** Rows of the journey and step in `scope`; an empty scope is everything. */
export function scopedRows(intervals: readonly Interval[], scope: Readonly<Record<string, string>>): IntervalRow[] {
  const { journey, step } = scope;
  const rows = intervals.flatMap((interval) => interval.rows);
  return rows.filter((row) => (journey === undefined || row.journey === journey) && (step === undefined || row.step === step));
}

export function tally(rows: readonly IntervalRow[]): Tally {
  const errors: Partial<Record<ErrorKind, number>> = {};
  let requests = 0;
  for (const row of rows) {
    requests += row.requests;
    for (const [kind, count] of Object.entries(row.errors)) {
      // Object.entries widens the key; the record has no others.
      errors[kind as ErrorKind] = (errors[kind as ErrorKind] ?? 0) + count;
    }
  }
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  let latency: MergedHistogram | undefined;
  return {
    requests, failed, timeouts: errors.timeout ?? 0, successes: Math.max(0, requests - failed), errors,
    // Merged when asked for: most callers want one of the three, or none; the first also as several percentiles.
    get latency() { return (latency ??= mergeHistograms(rows.map((row) => row.latency))); },
    get errorLatency() { return mergeHistograms(rows.map((row) => row.errorLatency)); },
    get ttfb() { return mergeHistograms(rows.map((row) => row.ttfb)); },
  };
}

/** Which quantile a metric’s name asks for. */
export const QUANTILES: Partial<Record<string, number>> = {
  'http.p50': 0.5, 'http.p90': 0.9, 'http.p95': 0.95, 'http.p99': 0.99, 'http.ttfb_p95': 0.95,
};

/**
 * A latency metric of a tally in ms, over successes and time-outs. A time-out never had a first byte in time: it is
 * censored in `http.ttfb_p95` too. In the mean it counts at its limit, which makes the mean a lower bound.
 * Null without values.
 */
export function latencyFigure(
  sums: Tally, metric: MetricName, timeoutMs: number,
): { valueMs: number; censored: boolean; samples: number } | null {
  const histogram = metric === 'http.ttfb_p95' ? sums.ttfb : sums.latency;
  if (histogram.count === 0 && (sums.timeouts === 0 || (metric === 'http.ttfb_p95' && sums.successes > 0))) return null;
  const samples = histogram.count + sums.timeouts;
  const censored = sums.timeouts > 0;
  if (metric === 'http.mean') {
    return { valueMs: (histogram.sumUs / 1000 + sums.timeouts * timeoutMs) / samples, censored, samples };
  }
  const figure = latencyQuantile(histogram, sums.timeouts, timeoutMs, metric === 'http.max' ? 1 : (QUANTILES[metric] ?? Number.NaN));
  return figure === null ? null : { ...figure, samples };
}
