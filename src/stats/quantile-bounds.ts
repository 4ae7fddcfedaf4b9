import { rankBounds, shareBounds, type ShareBounds } from './binomial.ts';
import { effectiveSize } from './effective-size.ts';

/** Ranks, from 1, of the values that bound a quantile from below and above with 95 % each; null: the run cannot bound it. */
export interface RankBounds {
  readonly low: number | null;
  readonly high: number | null;
  /** Independent values the run is worth. */
  readonly effective: number | null;
}

/**
 * Bounds of a quantile without a model of the distribution (Woodruff 1952): the binomial ranks of as many independent values
 * as the run is worth, stretched to the values there are. `above`: values above the observed quantile in each second, of
 * `events` values.
 */
export function quantileRanks(q: number, above: ArrayLike<number>, events: ArrayLike<number>): RankBounds {
  let total = 0;
  for (let at = 0; at < events.length; at += 1) total += events[at] ?? 0;
  const effective = effectiveSize(above, events);
  if (effective === null || effective < 1) return { low: null, high: null, effective };
  const ranks = rankBounds(q, effective);
  const stretch = total / effective;
  return {
    low: ranks.low === null ? null : Math.max(1, Math.floor(ranks.low * stretch)),
    high: ranks.high === null ? null : Math.min(total, Math.ceil(ranks.high * stretch)),
    effective,
  };
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
