import { HISTOGRAM_SIZE, bucketMidUs } from '../stats/histogram.ts';
import { rankOf } from '../stats/histogram.ts';
import type { TrafficSecond } from './traffic.ts';

/**
 * Latencies second by second on the counters that are in use at all, ready to be put together in any order: quantiles of a few
 * hundred reshuffled runs cost as much as the sums.
 */
export interface LatencyBins {
  /** Middle of each counter in ms, ascending; the last one stands for time-outs where there were any. */
  readonly valuesMs: Float64Array;
  /** Of each second [place, count, place, count, …]. */
  readonly seconds: readonly Uint32Array[];
}

export function latencyBins(seconds: readonly TrafficSecond[], timeoutMs: number): LatencyBins {
  const place = new Map<number, number>();
  for (const { rows, timeouts } of seconds) {
    for (const { latency } of rows) for (let at = 0; at < latency.counts.length; at += 2) place.set(latency.counts[at] ?? 0, 0);
    if (timeouts > 0) place.set(HISTOGRAM_SIZE, 0);
  }
  const indices = [...place.keys()].toSorted((a, b) => a - b);
  indices.forEach((index, at) => place.set(index, at));
  return {
    // A time-out ranks behind every answer, whenever that came.
    valuesMs: Float64Array.from(indices, (index) => (index === HISTOGRAM_SIZE ? Math.max(timeoutMs, lastMs(indices)) : bucketMidUs(index) / 1000)),
    seconds: seconds.map(({ rows, timeouts }) => {
      const pairs: number[] = [];
      for (const { latency } of rows) for (let at = 0; at + 1 < latency.counts.length; at += 2) pairs.push(place.get(latency.counts[at] ?? 0) ?? 0, latency.counts[at + 1] ?? 0);
      if (timeouts > 0) pairs.push(place.get(HISTOGRAM_SIZE) ?? 0, timeouts);
      return Uint32Array.from(pairs);
    }),
  };
}

/** The middle of counter 0 is 0 µs; a logarithm needs something. A tenth of a microsecond is below what any clock here shows. */
const LEAST_MS = 1e-4;

/** Natural logarithms of the quantiles (ms) over these seconds, one named twice counting twice; NaN where they hold nothing. */
export function logQuantiles({ valuesMs, seconds }: LatencyBins, chosen: ArrayLike<number>, quantiles: readonly number[]): number[] {
  const counts = new Float64Array(valuesMs.length);
  let total = 0;
  for (let at = 0; at < chosen.length; at += 1) {
    const pairs = seconds[chosen[at] ?? -1];
    if (pairs === undefined) continue;
    for (let pair = 0; pair + 1 < pairs.length; pair += 2) {
      const [index, count] = [pairs[pair] ?? 0, pairs[pair + 1] ?? 0];
      counts[index] = (counts[index] ?? 0) + count;
      total += count;
    }
  }
  if (total === 0) return quantiles.map(() => Number.NaN);
  let [at, below] = [-1, 0];
  // Ascending quantiles: one walk over the counters finds them all.
  return quantiles.map((q) => {
    const rank = rankOf(q, total);
    while (below < rank) below += counts[at += 1] ?? Infinity;
    return Math.log(Math.max(LEAST_MS, valuesMs[at] ?? Number.NaN));
  });
}

/** Values counted above a limit, and all, in each second. */
export function countsAbove({ valuesMs, seconds }: LatencyBins, limitMs: number): { readonly above: number[]; readonly all: number[] } {
  const [above, all]: [number[], number[]] = [[], []];
  for (const pairs of seconds) {
    let [high, total] = [0, 0];
    for (let pair = 0; pair + 1 < pairs.length; pair += 2) {
      const count = pairs[pair + 1] ?? 0;
      total += count;
      if ((valuesMs[pairs[pair] ?? 0] ?? 0) > limitMs) high += count;
    }
    above.push(high);
    all.push(total);
  }
  return { above, all };
}

function lastMs(indices: readonly number[]): number {
  const last = indices.at(-1) === HISTOGRAM_SIZE ? indices.at(-2) : indices.at(-1);
  return last === undefined ? 0 : bucketMidUs(last) / 1000;
}
