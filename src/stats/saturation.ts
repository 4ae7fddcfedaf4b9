import { fitLeastSquares } from './least-squares.ts';

/** What a curve that rises towards a level comes to. */
export interface Level {
  readonly value: number;
  /** Standard error. */
  readonly error: number;
  /** Share of the level that was reached at the last point. */
  readonly reached: number;
}

const FEWEST_POINTS = 10;

/**
 * The level of y = level · (1 − e^(−x ÷ scale)) + ground · e^(−x ÷ scale), by least squares: how many of a fixed number of things have been seen after
 * x draws at random. Null for too few points, or where no such curve fits.
 */
export function levelOf(points: readonly (readonly [x: number, y: number])[]): Level | null {
  const last = points.at(-1);
  const first = points[0];
  if (points.length < FEWEST_POINTS || last === undefined || first === undefined || !(last[0] > first[0])) return null;
  const fit = fitLeastSquares(points, (x, [level, scale, ground]) => level - (level - ground) * Math.exp(-x / Math.abs(scale)), [last[1] * 1.05, (last[0] - first[0]) / 3, first[1]]);
  if (fit === null) return null;
  const [value] = fit.parameters;
  const [error] = fit.standardErrors;
  return value > 0 && Number.isFinite(error) ? { value: Math.max(value, last[1]), error, reached: Math.min(1, last[1] / value) } : null;
}
