/** Three parameters: what the fits of this program need. */
export type Three = readonly [number, number, number];

export interface Fit {
  readonly parameters: Three;
  /** Of the parameters, from the curvature at the minimum and the scatter of the residuals; NaN where nothing is left to estimate it. */
  readonly standardErrors: Three;
  readonly residuals: readonly number[];
  readonly sumOfSquares: number;
}

const MOST_ROUNDS = 200;
const ENOUGH = 1e-12;

/**
 * Nonlinear least squares by Levenberg and Marquardt with numeric derivatives (Marquardt 1963, J. SIAM 11:431).
 * `predict` gives the model at a point; null where no minimum was found (a singular problem).
 */
export function fitLeastSquares(points: readonly (readonly [x: number, y: number])[], predict: (x: number, parameters: Three) => number, start: Three): Fit | null {
  const residualsAt = (parameters: Three): number[] => points.map(([x, y]) => y - predict(x, parameters));
  let parameters = start;
  let residuals = residualsAt(parameters);
  let damping = 1e-3;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const slopes = points.map(([x]) => gradient((given) => predict(x, given), parameters));
    const step = solve(normal(slopes, damping), rightSide(slopes, residuals));
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
  return { parameters, residuals, sumOfSquares: squares(residuals), standardErrors: errorsOf(points, predict, parameters, squares(residuals)) };
}

function errorsOf(points: readonly (readonly [number, number])[], predict: (x: number, parameters: Three) => number, parameters: Three, sum: number): Three {
  const variance = sum / (points.length - 3);
  const matrix = normal(points.map(([x]) => gradient((given) => predict(x, given), parameters)), 0);
  const at = (column: number): number => {
    const unit: Three = [column === 0 ? 1 : 0, column === 1 ? 1 : 0, column === 2 ? 1 : 0];
    const inverse = solve(matrix, unit);
    return inverse === null || points.length <= 3 ? Number.NaN : Math.sqrt(variance * (inverse[column] ?? Number.NaN));
  };
  return [at(0), at(1), at(2)];
}

function gradient(value: (parameters: Three) => number, [a, b, c]: Three): Three {
  const slope = (moved: (by: number) => Three, size: number): number => {
    const by = 1e-6 * Math.max(Math.abs(size), 1e-6);
    return (value(moved(by)) - value(moved(-by))) / (2 * by);
  };
  return [slope((by) => [a + by, b, c], a), slope((by) => [a, b + by, c], b), slope((by) => [a, b, c + by], c)];
}

/** JᵀJ, its diagonal raised: towards steepest descent while the minimum is far. */
function normal(slopes: readonly Three[], damping: number): readonly Three[] {
  const row = (i: number): Three => {
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
