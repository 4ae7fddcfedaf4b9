import { studentQuantile } from './student.ts';
import type { LoadPoint } from './usl-law.ts';

/** A straight line from 0 that ends in a level: the asymptotic bounds of one bottleneck (Lazowska et al. 1984, ch. 5). */
export interface Plateau {
  readonly throughput: number;
  /** Standard error of it. */
  readonly error: number;
  /** The load at which the line meets it. */
  readonly from: number;
  readonly sumOfSquares: number;
}

/** One point is no level. */
const FEWEST = 2;

/** X(N) = min(N · slope, level) by least squares over every place where it may turn; null where the points are no better told by it than by a line. */
export function plateauOf(points: readonly LoadPoint[]): Plateau | null {
  const sorted = points.toSorted((a, b) => a.load - b.load);
  const turns = sorted.flatMap((_, at) => (at >= 1 && at <= sorted.length - FEWEST ? (plateauFrom(sorted, at) ?? []) : []));
  if (turns.length === 0) return null;
  const best = turns.reduce((least, one) => (one.sumOfSquares < least.sumOfSquares ? one : least));
  const line = squares(sorted, slopeOf(sorted), Infinity);
  const freedom = points.length - 2;
  // 1 % rather than 5 %: the turn is the best of many.
  const isTold = line - best.sumOfSquares > studentQuantile(0.99, freedom) ** 2 * (best.sumOfSquares / freedom);
  return isTold ? best : null;
}

function plateauFrom(sorted: readonly LoadPoint[], turn: number): Plateau | null {
  const [slope, flat] = [slopeOf(sorted.slice(0, turn)), sorted.slice(turn)];
  const throughput = flat.reduce((sum, one) => sum + one.throughput, 0) / flat.length;
  const sumOfSquares = squares(sorted, slope, throughput);
  return slope > 0 ? { throughput, from: throughput / slope, sumOfSquares, error: Math.sqrt(sumOfSquares / Math.max(1, sorted.length - 2) / flat.length) } : null;
}

function slopeOf(points: readonly LoadPoint[]): number {
  return points.reduce((sum, { load, throughput }) => sum + load * throughput, 0) / points.reduce((sum, { load }) => sum + load * load, 0);
}

function squares(points: readonly LoadPoint[], slope: number, level: number): number {
  return points.reduce((sum, { load, throughput }) => sum + (throughput - Math.min(load * slope, level)) ** 2, 0);
}
