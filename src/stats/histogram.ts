import type { EncodedHistogram } from '../model/interval.ts';

/**
 * Latencies in the layout of HdrHistogram: 1 µs … 3.6e9 µs (an hour) at 3 significant digits.
 * The index of a value is the same in hdr-histogram-js 3 and hdrhistogram-go 1.1, so that histograms of any engine
 * merge exactly. We keep the counters ourselves: an add to a Uint32Array costs a third of the library's record.
 */

/** The longest latency that has a counter of its own, in µs; anything longer is counted there, its exact value kept in `maxUs`. */
export const HIGHEST_US = 3_600_000_000;
/** (22 powers of two above 2,048 + 1) × 1,024 counters. */
export const HISTOGRAM_SIZE = 23_552;

// 3 significant digits need single steps up to 2,000, so 2,048 = 2 × 1,024 sub-buckets.
const HALF_BITS = 10;
const HALF_COUNT = 1 << HALF_BITS;

export const EMPTY_HISTOGRAM: EncodedHistogram = Object.freeze({ counts: Object.freeze([]), count: 0, minUs: 0, maxUs: 0, sumUs: 0 });

/** Index of the counter of a latency in µs, rounded to the nearest whole µs. Throws on a negative or missing one. */
export function bucketIndex(valueUs: number): number {
  return indexOfWhole(wholeUs(valueUs));
}

function wholeUs(valueUs: number): number {
  const us = Math.round(valueUs);
  // A clock that went backwards or a NaN is a fault of the engine; counted, it would look like a fast answer.
  if (!(us >= 0 && us <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`a latency of ${valueUs} µs cannot be`);
  return us;
}

function indexOfWhole(us: number): number {
  const tracked = us < HIGHEST_US ? us : HIGHEST_US;
  const bits = 31 - Math.clz32(tracked) - HALF_BITS;
  return bits <= 0 ? tracked : (bits << HALF_BITS) + (tracked >>> bits);
}

/** Smallest whole µs that is counted at this index. */
export function lowestUs(index: number): number {
  const power = powerOf(index);
  return (index - power * HALF_COUNT) * 2 ** power;
}

/** Largest whole µs that is counted at this index; what the HDR libraries print as the value of a percentile. */
export function highestUs(index: number): number {
  return lowestUs(index) + 2 ** powerOf(index) - 1;
}

/** Middle of the whole µs counted at this index: the estimate without a bias, and so ours. */
export function bucketMidUs(index: number): number {
  return (lowestUs(index) + highestUs(index)) / 2;
}

function powerOf(index: number): number {
  return index < 2 * HALF_COUNT ? 0 : Math.floor(index / HALF_COUNT) - 1;
}

/** Counts latencies of one second. One lives for each row of an interval; `take` empties it. */
export class LatencyRecorder {
  readonly #counts = new Uint32Array(HISTOGRAM_SIZE);
  #count = 0;
  #minUs = Infinity;
  #maxUs = 0;
  #sumUs = 0;

  get count(): number {
    return this.#count;
  }

  record(us: number): void {
    const whole = wholeUs(us);
    const index = indexOfWhole(whole);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count += 1;
    this.#sumUs += whole;
    if (whole < this.#minUs) this.#minUs = whole;
    if (whole > this.#maxUs) this.#maxUs = whole;
  }

  /** What was recorded since the last call; the recorder starts anew. */
  take(): EncodedHistogram {
    if (this.#count === 0) return EMPTY_HISTOGRAM;
    const [from, to] = [indexOfWhole(this.#minUs), indexOfWhole(this.#maxUs)];
    const counts: number[] = [];
    for (let index = from; index <= to; index += 1) {
      const count = this.#counts[index] ?? 0;
      if (count > 0) counts.push(index, count);
    }
    const taken = { counts, count: this.#count, minUs: this.#minUs, maxUs: this.#maxUs, sumUs: this.#sumUs };
    this.#counts.fill(0, from, to + 1);
    this.#count = 0;
    this.#minUs = Infinity;
    this.#maxUs = 0;
    this.#sumUs = 0;
    return taken;
  }
}

/** Any number of histograms as one: the counters in use, ascending, with the number of values up to and with each. */
export interface MergedHistogram {
  readonly indices: Uint32Array;
  readonly cumulative: Float64Array;
  readonly count: number;
  readonly minUs: number;
  readonly maxUs: number;
  readonly sumUs: number;
}

/** Shared by all merges, each of which leaves it empty: a new one for every second of a long run costs more than the sums. */
const dense = new Float64Array(HISTOGRAM_SIZE);

/** Exact: counters are added, extremes and sums carried over. */
export function mergeHistograms(list: Iterable<EncodedHistogram>): MergedHistogram {
  let [count, minUs, maxUs, sumUs] = [0, Infinity, 0, 0];
  // The span of the counters comes from themselves: another tool may round its extremes otherwise than its counters.
  let [from, to] = [HISTOGRAM_SIZE, -1];
  const touched: number[] = [];
  for (const one of list) {
    if (one.count === 0) continue;
    for (let at = 0; at + 1 < one.counts.length; at += 2) {
      const [index, added] = [one.counts[at] ?? 0, one.counts[at + 1] ?? 0];
      if (added === 0) continue;
      const before = dense[index] ?? 0;
      if (before === 0) touched.push(index);
      dense[index] = before + added;
    }
    from = Math.min(from, one.counts[0] ?? HISTOGRAM_SIZE);
    to = Math.max(to, one.counts.at(-2) ?? -1);
    count += one.count;
    sumUs += one.sumUs;
    minUs = Math.min(minUs, one.minUs);
    maxUs = Math.max(maxUs, one.maxUs);
  }
  if (count === 0) minUs = 0;
  const used = usedIndices(touched, from, to);
  const cumulative = new Float64Array(used.length);
  let sum = 0;
  for (const [at, index] of used.entries()) {
    cumulative[at] = sum += dense[index] ?? 0;
    dense[index] = 0;
  }
  return { indices: used, cumulative, count, minUs, maxUs, sumUs };
}

/** A second of a small load touches a few counters in a span of thousands: they are sorted rather than looked for. */
function usedIndices(touched: readonly number[], from: number, to: number): Uint32Array {
  if (touched.length * 8 < to - from) return Uint32Array.from(touched).sort();
  const used: number[] = [];
  for (let index = from; index <= to; index += 1) if ((dense[index] ?? 0) > 0) used.push(index);
  return Uint32Array.from(used);
}

/** The sparse form of intervals.ndjson again. */
export function encodeHistogram(merged: MergedHistogram): EncodedHistogram {
  const counts: number[] = [];
  merged.indices.forEach((index, at) => counts.push(index, (merged.cumulative[at] ?? 0) - (merged.cumulative[at - 1] ?? 0)));
  return { counts, count: merged.count, minUs: merged.minUs, maxUs: merged.maxUs, sumUs: merged.sumUs };
}

/**
 * Rank of a quantile among n values in ascending order: ceil(q × n), at least 1 (type 1 of Hyndman & Fan 1996, the rule
 * of the HDR libraries). The quantile is a value that was really seen, never one interpolated between two.
 */
export function rankOf(q: number, n: number): number {
  // 0.07 × 100 is 7.000000000000001 in binary: without the allowance the rank would be one too high.
  return Math.min(n, Math.max(1, Math.ceil(q * n * (1 - 1e-12))));
}

/** Index of the counter that holds the value of this rank (from 1); -1 for an empty histogram or a rank beyond it. */
export function indexAtRank(merged: MergedHistogram, rank: number): number {
  let [low, high] = [0, merged.cumulative.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((merged.cumulative[middle] ?? 0) < rank) low = middle + 1;
    else high = middle;
  }
  return merged.indices[low] ?? -1;
}

/** The value of this rank in µs: the middle of its counter, kept within the exact extremes. NaN where there is none. */
export function valueAtRankUs(merged: MergedHistogram, rank: number): number {
  const index = indexAtRank(merged, rank);
  if (index < 0) return Number.NaN;
  if (rank >= merged.count) return merged.maxUs;
  return Math.min(merged.maxUs, Math.max(merged.minUs, bucketMidUs(index)));
}

/**
 * Quantile of successes and time-outs together. A time-out took at least `timeoutMs`, how much longer nobody knows: it
 * ranks behind every success, and a quantile that falls among them is `censored`: `valueMs` or more. Null without values.
 */
export function latencyQuantile(
  merged: MergedHistogram, timeouts: number, timeoutMs: number, q: number,
): { valueMs: number; censored: boolean } | null {
  const total = merged.count + timeouts;
  if (total === 0) return null;
  return latencyAtRank(merged, timeoutMs, rankOf(q, total));
}

/** The value of one rank among successes and the time-outs behind them. */
export function latencyAtRank(merged: MergedHistogram, timeoutMs: number, rank: number): { valueMs: number; censored: boolean } {
  if (rank <= merged.count) return { valueMs: valueAtRankUs(merged, rank) / 1000, censored: false };
  return { valueMs: Math.max(timeoutMs, merged.maxUs / 1000), censored: true };
}

/** Number of values counted above this index. */
export function countAbove(histogram: EncodedHistogram, index: number): number {
  let above = 0;
  for (let at = histogram.counts.length - 2; at >= 0; at -= 2) {
    if ((histogram.counts[at] ?? 0) <= index) break;
    above += histogram.counts[at + 1] ?? 0;
  }
  return above;
}

/** The V2 interchange form (base64 of zlib) that every HdrHistogram tool reads. Extremes are those of the counters there. */
export async function exportV2(merged: MergedHistogram): Promise<string> {
  // Loaded on demand: the library brings its WebAssembly along, and nothing else here needs it.
  const { build, encodeIntoCompressedBase64 } = await import('hdr-histogram-js');
  const histogram = build({
    bitBucketSize: 64, lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3,
  });
  const { counts } = encodeHistogram(merged);
  for (let at = 0; at + 1 < counts.length; at += 2) histogram.recordValueWithCount(lowestUs(counts[at] ?? 0), counts[at + 1] ?? 0);
  return encodeIntoCompressedBase64(histogram);
}
