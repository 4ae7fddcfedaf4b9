import type { EncodedHistogram, ErrorKind, IntervalRow } from '../model/interval.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder, rankOf } from '../stats/histogram.ts';

/** What a tool keeps of the requests of a period: percentiles in ms, by their share. */
export interface LatencySketch {
  readonly minMs: number;
  readonly maxMs: number;
  readonly meanMs: number;
  /** Ascending shares, as in `[0.5, 24.8]`. */
  readonly quantiles: readonly (readonly [share: number, ms: number])[];
}

export interface PeriodRow {
  readonly journey: string;
  readonly step: string;
  readonly requests: number;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly latency: LatencySketch | null;
  /** Whether what is known is the time to the first byte. */
  readonly isTtfb: boolean;
}

/**
 * A period's row as one row for each of its seconds, empty ones too. Counts are dealt out evenly. Between two percentiles nothing is known: every
 * value there is taken as the upper one, so that no percentile comes out lower than it was.
 */
export function spread(row: PeriodRow, seconds: number): IntervalRow[] {
  const failures = Object.entries(row.errors) as [ErrorKind, number][];
  const successes = Math.max(0, row.requests - failures.reduce((sum, [, count]) => sum + count, 0));
  const values = row.latency === null ? [] : valuesOf(row.latency, successes);
  const recorder = new LatencyRecorder();
  return Array.from({ length: seconds }, (_, second): IntervalRow => {
    // Every nth value, so that each second has the same percentiles as the period.
    const own = values.filter((_value, index) => index % seconds === second);
    const latency = encode(recorder, own, row.latency?.meanMs ?? 0);
    const errors = Object.fromEntries(failures.flatMap(([kind, count]) => pairOf(kind, partOf(count, second, seconds))));
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
    return {
      journey: row.journey, step: row.step, errors, latency, ttfb: row.isTtfb ? latency : EMPTY_HISTOGRAM, errorLatency: EMPTY_HISTOGRAM,
      requests: (row.latency === null ? partOf(successes, second, seconds) : own.length) + failed,
      statuses: Object.fromEntries(Object.entries(row.statuses).flatMap(([status, count]) => pairOf(status, partOf(count, second, seconds)))),
      bytes: partOf(row.bytes, second, seconds),
    };
  });
}

/** So many values in ms, ascending, that have these percentiles and extremes. */
function valuesOf({ minMs, maxMs, quantiles }: LatencySketch, count: number): number[] {
  const known = [...quantiles, [1, maxMs] as const];
  const values: number[] = [];
  for (const [share, ms] of known) {
    const upTo = share === 1 ? count : rankOf(share, count);
    while (values.length < upTo) values.push(Math.min(Math.max(ms, minMs), maxMs));
  }
  if (count > 1) values[0] = minMs;
  return values;
}

/** The mean is known exactly; what the percentiles alone would make of it is not. */
function encode(recorder: LatencyRecorder, valuesMs: readonly number[], meanMs: number): EncodedHistogram {
  for (const ms of valuesMs) recorder.record(ms * 1000);
  return { ...recorder.take(), sumUs: Math.round(valuesMs.length * meanMs * 1000) };
}

/** Whole parts of a whole number that add up to it. */
export function partOf(count: number, index: number, of: number): number {
  return Math.floor(((index + 1) * count) / of) - Math.floor((index * count) / of);
}

function pairOf<K extends string>(key: K, count: number): [K, number][] {
  return count > 0 ? [[key, count]] : [];
}
