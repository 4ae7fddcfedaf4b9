import type { NoiseShare } from './noise.ts';

/** Where a run stands when all runs of both sides are put in the order they were made. */
export interface Turn {
  readonly side: 'base' | 'head';
  /** Its place within its side. */
  readonly at: number;
}

/** With fewer pairs neighbours say less than all runs do. */
const FEWEST_PAIRS = 6;

/** The order of the runs where they were made in turn, one of each side in every pair; null where they were not, or are too few. */
export function turnsOf(base: readonly { readonly startedAtMs: number }[], head: readonly { readonly startedAtMs: number }[]): readonly Turn[] | null {
  if (base.length !== head.length || base.length < FEWEST_PAIRS) return null;
  const order = [
    ...base.map(({ startedAtMs }, at) => ({ side: 'base' as const, at, startedAtMs })), ...head.map(({ startedAtMs }, at) => ({ side: 'head' as const, at, startedAtMs })),
  ].toSorted((one, two) => one.startedAtMs - two.startedAtMs);
  const isInTurn = base.every((_, pair) => order[2 * pair]?.side !== order[2 * pair + 1]?.side);
  return isInTurn ? order : null;
}

/**
 * The noise of runs that were made in turn, from the differences of neighbours (von Neumann 1941): a machine that gets slower for ten
 * minutes hits both sides and is no noise of their difference. `residuals` in the order they were made, each from the mean of its side.
 * Their squares are worth 2 (N − 1)² ÷ (3 N − 4) degrees of freedom.
 */
export function neighbourNoise(residuals: readonly number[]): NoiseShare {
  const n = residuals.length;
  const squares = stepsOf(residuals).reduce((sum, step) => sum + step * step, 0);
  // Each residual lacks its share of the mean of its side: half of the N runs.
  return { variance: (squares / (2 * (n - 1))) * (n / (n - 1)), freedom: (2 * (n - 1) ** 2) / (3 * n - 4) };
}

/** From each residual to the next. */
export function stepsOf(residuals: readonly number[]): number[] {
  return residuals.slice(1).map((value, at) => value - (residuals[at] ?? 0));
}
