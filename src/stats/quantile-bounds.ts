import { rankBounds, shareBounds, type ShareBounds } from './binomial.ts';
import { effectiveSize } from './effective-size.ts';

/** Values, out of those that were seen, that bound a quantile from below and above with 95 % each; null: the run cannot bound it. */
export interface ValueBounds {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Bounds of a quantile without a model of the distribution (Woodruff 1952): the binomial ranks of as many independent values as
 * the run is worth. Where one bad second leaves it worth too few to rank, the test is turned round (Francisco & Fuller 1991): a
 * value is an upper bound when the share of values above it is proven to be below 1 − q, with the resemblance of the seconds
 * estimated at that value. The bad second then widens the bound as far as its own latencies reach and not beyond, and a limit far
 * above everything that was seen is kept for certain.
 * `values` ascending; `above(value)` counts the events above it in each second, of `events`.
 */
export function quantileBounds(q: number, values: ArrayLike<number>, events: ArrayLike<number>, above: (value: number) => ArrayLike<number>): ValueBounds {
  const total = sumOf(events);
  const upTo = (at: number): number => total - sumOf(above(values[at] ?? Infinity));
  const atRank = (rank: number): number | null => values[firstWhere(values.length, (at) => upTo(at) >= rank)] ?? null;
  const observed = atRank(Math.max(1, Math.ceil(q * total)));
  const effective = effectiveSize(above(observed ?? Infinity), events);
  if (effective === null || effective <= 0) return { low: null, high: null };
  const ranks = rankBounds(q, effective);
  const stretch = total / effective;
  const shareAbove = (at: number): ShareBounds | null => correlatedShareBounds(above(values[at] ?? Infinity), events);
  // The last value of which more than 1 − q are proven to lie above; the next one may be the quantile.
  const low = ranks.low === null
    ? values[firstWhere(values.length, (at) => (shareAbove(at)?.low ?? 0) <= 1 - q) - 1]
    : atRank(Math.max(1, Math.floor(ranks.low * stretch)));
  const high = ranks.high === null
    ? values[firstWhere(values.length, (at) => (shareAbove(at)?.high ?? 1) < 1 - q)]
    : atRank(Math.min(total, Math.ceil(ranks.high * stretch)));
  return { low: low ?? null, high: high ?? null };
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < counts.length; at += 1) sum += counts[at] ?? 0;
  return sum;
}

/** The first place from which `holds` is true, by halving; `length` where it never is. */
function firstWhere(length: number, holds: (at: number) => boolean): number {
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Σ part / Σ whole with exact bounds for as many independent events as the run is worth (Korn & Graubard 1998); null below ten seconds. */
export function correlatedShareBounds(part: ArrayLike<number>, whole: ArrayLike<number>): ShareBounds | null {
  const effective = effectiveSize(part, whole);
  if (effective === null) return null;
  let [hits, total] = [0, 0];
  for (let at = 0; at < whole.length; at += 1) {
    hits += part[at] ?? 0;
    total += whole[at] ?? 0;
  }
  return shareBounds((hits / total) * effective, effective);
}
