import type { EncodedHistogram, ErrorKind, GeneratorState, Interval, IntervalRow } from '../model/interval.ts';
import { EMPTY_HISTOGRAM, encodeHistogram, mergeHistograms } from '../stats/histogram.ts';

/** What one worker saw of a second. */
type WorkerSecond = Pick<Interval, 'sent' | 'arrivals' | 'rows' | 'generator'>;

/** The same second of several workers as one interval: counts are added, histograms merged exactly, the worst loop speaks for all. */
export function mergeSecond(second: number, startedAtMs: number, parts: readonly WorkerSecond[]): Interval {
  const rows = new Map<string, IntervalRow[]>();
  for (const row of parts.flatMap((part) => part.rows)) {
    const key = JSON.stringify([row.journey, row.step]);
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return {
    second,
    startedAtMs,
    sent: sum(parts, (part) => part.sent),
    arrivals: sum(parts, (part) => part.arrivals),
    // Only artillery's `maxVusers` skips arrivals; the phases are ours and have none.
    skipped: 0,
    rows: [...rows.values()].flatMap(mergeRows),
    generator: {
      loopUtilization: Math.max(0, ...parts.map((part) => part.generator.loopUtilization)),
      loopLagMs: Math.max(0, ...parts.map((part) => part.generator.loopLagMs)),
      ...addShortages(parts),
    },
  };
}

function addShortages(parts: readonly WorkerSecond[]): Pick<GeneratorState, 'shortages'> {
  const [ports, files] = [sum(parts, ({ generator }) => generator.shortages?.ports ?? 0), sum(parts, ({ generator }) => generator.shortages?.files ?? 0)];
  return ports + files === 0 ? {} : { shortages: { ports, files } };
}

function mergeRows(rows: readonly IntervalRow[]): IntervalRow[] {
  const [first] = rows;
  if (first === undefined || rows.length === 1) return [...rows];
  return [{
    journey: first.journey,
    step: first.step,
    requests: sum(rows, (row) => row.requests),
    errors: addCounts<ErrorKind>(rows.map((row) => row.errors)),
    statuses: addCounts<string>(rows.map((row) => row.statuses)) as Record<string, number>, // every key has a count
    bytes: sum(rows, (row) => row.bytes),
    latency: merged(rows.map((row) => row.latency)),
    errorLatency: merged(rows.map((row) => row.errorLatency)),
    ttfb: merged(rows.map((row) => row.ttfb)),
  }];
}

function merged(list: readonly EncodedHistogram[]): EncodedHistogram {
  const one = mergeHistograms(list);
  return one.count === 0 ? EMPTY_HISTOGRAM : encodeHistogram(one);
}

function addCounts<K extends string>(list: readonly Partial<Record<K, number>>[]): Partial<Record<K, number>> {
  const total: Partial<Record<K, number>> = {};
  for (const counts of list) {
    for (const key in counts) total[key] = (total[key] ?? 0) + (counts[key] ?? 0);
  }
  return total;
}

function sum<T>(list: readonly T[], pick: (item: T) => number): number {
  return list.reduce((total, item) => total + pick(item), 0);
}
