/** Three parameters: what the fits of this program need. */
export type Three = readonly [number, number, number];

export interface Fit {
  readonly parameters: Three;
  /** Of the parameters, from the curvature at the minimum and the scatter of the residuals; NaN where nothing is left to estimate it. */
  readonly standardErrors: Three;
  readonly residuals: readonly number[];
  readonly sumOfSquares: number;
}

/** Which of the parameters are fitted. */
export type Free = readonly [boolean, boolean, boolean];
type Points = readonly (readonly [x: number, y: number])[];
type Predict = (x: number, parameters: Three) => number;

const MOST_ROUNDS = 200;
const ENOUGH = 1e-12;

/**
 * Nonlinear least squares by Levenberg and Marquardt with numeric derivatives (Marquardt 1963, J. SIAM 11:431).
 * `predict` gives the model at a point; null where no minimum was found (a singular problem). What is not `free` stays at its start, with an error of 0.
 */
export function fitLeastSquares(points: Points, predict: Predict, start: Three, free: Free = [true, true, true]): Fit | null {
  const residualsAt = (parameters: Three): number[] => points.map(([x, y]) => y - predict(x, parameters));
  let parameters = start;
  let residuals = residualsAt(parameters);
  let damping = 1e-3;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const slopes = points.map(([x]) => gradient((given) => predict(x, given), parameters, free));
    const step = solve(normal(slopes, damping, free), rightSide(slopes, residuals));
    if (step === null) return null;
    const next: Three = [parameters[0] + step[0], parameters[1] + step[1], parameters[2] + step[2]];
    const nextResiduals = residualsAt(next);
    const [before, after] = [squares(residuals), squares(nextResiduals)];
    if (!(after < before)) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    [parameters, residuals, damping] = [next, nextResiduals, Math.max(damping / 10, 1e-15)];
    if (before - after <= ENOUGH * before) break;
  }
  return { parameters, residuals, sumOfSquares: squares(residuals), standardErrors: errorsOf(points, predict, { parameters, free, sum: squares(residuals) }) };
}

function errorsOf(points: Points, predict: Predict, { parameters, free, sum }: { readonly parameters: Three; readonly free: Free; readonly sum: number }): Three {
  const left = points.length - free.filter(Boolean).length;
  const variance = sum / left;
  const matrix = normal(points.map(([x]) => gradient((given) => predict(x, given), parameters, free)), 0, free);
  const at = (column: number): number => {
    if (free[column] !== true) return 0;
    const unit: Three = [column === 0 ? 1 : 0, column === 1 ? 1 : 0, column === 2 ? 1 : 0];
    const inverse = solve(matrix, unit);
    return inverse === null || left <= 0 ? Number.NaN : Math.sqrt(variance * (inverse[column] ?? Number.NaN));
  };
  return [at(0), at(1), at(2)];
}

function gradient(value: (parameters: Three) => number, [a, b, c]: Three, free: Free): Three {
  const slope = (moved: (by: number) => Three, size: number): number => {
    const by = 1e-6 * Math.max(Math.abs(size), 1e-6);
    return (value(moved(by)) - value(moved(-by))) / (2 * by);
  };
  return [free[0] ? slope((by) => [a + by, b, c], a) : 0, free[1] ? slope((by) => [a, b + by, c], b) : 0, free[2] ? slope((by) => [a, b, c + by], c) : 0];
}

/** JᵀJ, its diagonal raised: towards steepest descent while the minimum is far. A parameter that is held has a row of its own, and a step of 0. */
function normal(slopes: readonly Three[], damping: number, free: Free): readonly Three[] {
  const row = (i: number): Three => {
    if (free[i] !== true) return [i === 0 ? 1 : 0, i === 1 ? 1 : 0, i === 2 ? 1 : 0];
    const cell = (j: number): number => slopes.reduce((sum, slope) => sum + (slope[i] ?? 0) * (slope[j] ?? 0), 0) * (i === j ? 1 + damping : 1);
    return [cell(0), cell(1), cell(2)];
  };
  return [row(0), row(1), row(2)];
}

function rightSide(slopes: readonly Three[], residuals: readonly number[]): Three {
  const at = (i: number): number => slopes.reduce((sum, slope, index) => sum + (slope[i] ?? 0) * (residuals[index] ?? 0), 0);
  return [at(0), at(1), at(2)];
}

/** Cramer's rule, with rows and columns scaled: the parameters differ by six orders of magnitude. */
function solve(matrix: readonly Three[], right: Three): Three | null {
  const scale = [0, 1, 2].map((i) => Math.sqrt(Math.abs(matrix[i]?.[i] ?? 0)));
  if (scale.some((one) => !(one > 0))) return null;
  const m = matrix.map((row, i) => row.map((cell, j) => cell / ((scale[i] ?? 1) * (scale[j] ?? 1))));
  const v = right.map((value, i) => value / (scale[i] ?? 1));
  const whole = determinant(m);
  if (!(Math.abs(whole) > 1e-14)) return null;
  const at = (column: number): number => determinant(m.map((row, i) => row.map((cell, j) => (j === column ? (v[i] ?? 0) : cell)))) / whole / (scale[column] ?? 1);
  return [at(0), at(1), at(2)];
}

function determinant(m: readonly (readonly number[])[]): number {
  const at = (i: number, j: number): number => m[i]?.[j] ?? 0;
  return at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)) - at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0)) + at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
