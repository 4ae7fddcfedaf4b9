import { bisect, incompleteBeta, inverseIncompleteBeta } from './beta.ts';

/** Every decision is one-sided at 95 %: the contract’s level. */
export const CONFIDENCE = 0.95;

/** One-sided bounds of a share, 0 … 1. */
export interface ShareBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Exact one-sided bounds of a share after `hits` of `n` (Clopper & Pearson 1934): each is missed by at most 1 − confidence,
 * whatever the true share. 0 of n proves less than 3/n. Real numbers are allowed, for an effective number of events.
 */
export function shareBounds(hits: number, n: number, confidence: number = CONFIDENCE): ShareBounds {
  if (!(n > 0)) return { low: 0, high: 1 };
  const low = hits <= 0 ? 0 : inverseIncompleteBeta(1 - confidence, hits, n - hits + 1);
  const high = hits >= n ? 1 : inverseIncompleteBeta(confidence, hits + 1, n - hits);
  return { low, high };
}

/** The fewest events of which `hits` may be bad while the share is still proven to be below `limit` (0 … 1). */
export function fewestToProve(limit: number, hits: number, confidence: number = CONFIDENCE): number {
  let [low, high] = [hits, Math.max(1, Math.ceil((3 * (hits + 1)) / limit))];
  while (shareBounds(hits, high, confidence).high >= limit) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shareBounds(hits, middle, confidence).high < limit) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Ranks, as real numbers from 1 … n, between which the q-quantile of `n` independent values lies: the value of rank `low`
 * is at most the quantile with 95 %, that of rank `high` at least. Null where even the extreme proves nothing:
 * a 95th percentile has no upper bound below 59 values, a 99th none below 299.
 */
export function rankBounds(q: number, n: number, confidence: number = CONFIDENCE): { low: number | null; high: number | null } {
  // P(Bin(n, q) ≥ r) = I_q(r, n − r + 1), falling in r.
  const atLeast = (r: number): number => incompleteBeta(q, r, n - r + 1);
  const low = atLeast(1) < confidence ? null : bisect(1, n, (r) => atLeast(r) < confidence);
  const high = atLeast(n) > 1 - confidence ? null : bisect(1, n, (r) => atLeast(r) <= 1 - confidence);
  return { low, high };
}
