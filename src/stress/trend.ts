import { normalBelow } from '../stats/normal.ts';

/** A figure in one second of a stage. */
export interface SecondFigure {
  readonly second: number;
  readonly value: number;
}

export interface Trend {
  readonly perSec: number;
  /** What it would come to after a minute of this load. */
  readonly projected: number;
  /** The chance that this lies beyond the limit. */
  readonly breakChance: number;
}

/** As long as a confirming stage: what a load is held to carry. */
const HORIZON_SECONDS = 60;
/** Two parameters, and enough seconds more that their scatter is known. */
const FEWEST_SECONDS = 10;
/** Growth this many standard errors from none: stages are looked at every second, and one in thousands may be chance. */
const SURE = 4.5;
/** Seconds resemble each other more than this only where there are too few to tell. */
const MOST_MEMORY = 0.7;

/**
 * Whether a figure grows steadily under a load that does not: a queue that gains a little every second meets its limit later than a short stage
 * ends, and would pass for a load that is carried. Null where it does not grow, or not surely. A straight line through the seconds, its
 * errors widened for how much they resemble each other.
 */
export function trendOf(figures: readonly SecondFigure[], limit: number): Trend | null {
  const count = figures.length;
  if (count < FEWEST_SECONDS) return null;
  const [at, mean] = [meanOf(figures.map(({ second }) => second)), meanOf(figures.map(({ value }) => value))];
  const spread = figures.reduce((sum, { second }) => sum + (second - at) ** 2, 0);
  const perSec = figures.reduce((sum, { second, value }) => sum + (second - at) * (value - mean), 0) / spread;
  const off = figures.map(({ second, value }) => value - mean - perSec * (second - at));
  const variance = off.reduce((sum, one) => sum + one * one, 0) / (count - 2);
  const widened = variance * inflation(off, variance);
  const error = Math.sqrt(widened / spread);
  if (!(perSec > SURE * error)) return null;
  const ahead = HORIZON_SECONDS - at;
  const projected = mean + perSec * ahead;
  const z = (projected - limit) / Math.sqrt(widened / count + (ahead * error) ** 2);
  return { perSec, projected, breakChance: Number.isNaN(z) ? 0.5 : normalBelow(z) };
}

/** (1 + ρ) ÷ (1 − ρ): what the variance of a mean grows by where each second keeps ρ of the last one's. */
function inflation(off: readonly number[], variance: number): number {
  const lagged = off.slice(1).reduce((sum, one, place) => sum + one * (off[place] ?? 0), 0) / (off.length - 1);
  // Of few values the estimate falls short by about 1 ÷ n for the mean and the slope that were taken out (Kendall 1954).
  const memory = Math.min(MOST_MEMORY, Math.max(0, lagged / (variance || 1) + 2 / off.length));
  return (1 + memory) / (1 - memory);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
