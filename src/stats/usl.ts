import { fitLeastSquares } from './least-squares.ts';
import type { Three } from './least-squares.ts';
import { studentQuantile } from './student.ts';

/** Throughput at a load (users, clients, workers), from one measurement. */
export interface LoadPoint {
  readonly load: number;
  readonly throughput: number;
}

export interface ScalabilityFit {
  /** Contention: the share of work that cannot be done side by side. */
  readonly alpha: number;
  /** Coherency: what every pair costs. */
  readonly beta: number;
  /** Throughput of one. */
  readonly gamma: number;
  readonly standardErrors: { readonly alpha: number; readonly beta: number; readonly gamma: number };
  readonly r2: number;
  /** Where throughput is highest; null where the measured range does not bend, or the fit is not physical. */
  readonly peak: LoadPoint | null;
  /** No coefficient is negative. */
  readonly physical: boolean;
  /** Why there is no peak, or what to mind; null where nothing speaks against the fit. */
  readonly reason: string | null;
}

/** Three coefficients and at least one point more, for a scatter to be seen. */
const FEWEST_POINTS = 4;
/** A peak this many times beyond the highest load measured is an extrapolation nobody should plan by. */
const FARTHEST = 3;
/** Under one percent of the work at the highest load, coherency is rounding. */
const LEAST_BEND = 0.01;

/**
 * The Universal Scalability Law X(N) = γN / (1 + α(N − 1) + βN(N − 1)) (Gunther 2007, Guerrilla Capacity Planning, ch. 4), fitted to the
 * throughput itself by nonlinear least squares, as the R package `usl` does. Null for fewer than four different loads.
 */
export function fitScalability(points: readonly LoadPoint[]): ScalabilityFit | null {
  const usable = points.filter(({ load, throughput }) => load > 0 && throughput > 0);
  if (new Set(usable.map(({ load }) => load)).size < FEWEST_POINTS) return null;
  const fit = fitLeastSquares(usable.map(({ load, throughput }) => [load, throughput] as const), throughputAt, startOf(usable));
  if (fit === null) return null;
  const [alpha, beta, gamma] = fit.parameters;
  const [alphaError, betaError, gammaError] = fit.standardErrors;
  const mean = usable.reduce((sum, { throughput }) => sum + throughput, 0) / usable.length;
  const total = usable.reduce((sum, { throughput }) => sum + (throughput - mean) ** 2, 0);
  const r2 = total === 0 ? 0 : 1 - fit.sumOfSquares / total;
  // Rounding of an exact linear range must not make it unphysical.
  const physical = alpha > -1e-9 && beta > -1e-9 && gamma > 0;
  const reason = faultOf(usable, { alpha, beta, betaError, physical });
  return { alpha, beta, gamma, standardErrors: { alpha: alphaError, beta: betaError, gamma: gammaError }, r2, physical, reason, peak: reason === null ? peakOf(fit.parameters) : null };
}

/** What the law says of a load. */
export function throughputAt(load: number, [alpha, beta, gamma]: Three): number {
  return (gamma * load) / (1 + alpha * (load - 1) + beta * load * (load - 1));
}

function peakOf(parameters: Three): LoadPoint {
  const [alpha, beta] = parameters;
  const load = Math.sqrt(Math.max(0, 1 - alpha) / beta);
  return { load, throughput: throughputAt(load, parameters) };
}

function faultOf(points: readonly LoadPoint[], { alpha, beta, betaError, physical }: { alpha: number; beta: number; betaError: number; physical: boolean }): string | null {
  if (!physical) return `a coefficient is negative (α = ${short(alpha)}, β = ${short(beta)}): the points scale better than one by one, which no system does for long; measure more loads, or take out points of a cold start`;
  const freedom = points.length - 3;
  const most = Math.max(...points.map(({ load }) => load));
  const isSeen = beta * most * (most - 1) > LEAST_BEND && beta - studentQuantile(0.95, freedom) * betaError > 0;
  if (!isSeen) return `the measured range does not bend: β = ${short(beta)} ± ${short(betaError)} is not told apart from 0, so where throughput peaks is not known; measure higher loads`;
  const peak = Math.sqrt(Math.max(0, 1 - alpha) / beta);
  if (peak > FARTHEST * most) return `the peak would lie at ${Math.round(peak)}, more than ${FARTHEST} times beyond the highest load measured (${most}); measure higher loads`;
  return null;
}

/** Gunther's linear form y = N γ / X − 1 = α(N − 1) + βN(N − 1), with γ from the lowest load: near enough to begin from. */
function startOf(points: readonly LoadPoint[]): Three {
  const first = points.reduce((least, point) => (point.load < least.load ? point : least));
  const gamma = first.throughput / first.load;
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0];
  for (const { load, throughput } of points) {
    const [a, b, y] = [load - 1, load * (load - 1), (load * gamma) / throughput - 1];
    [aa, ab, bb, ay, by] = [aa + a * a, ab + a * b, bb + b * b, ay + a * y, by + b * y];
  }
  const whole = aa * bb - ab * ab;
  if (!(Math.abs(whole) > 0)) return [0.01, 1e-5, gamma];
  return [Math.max(1e-6, (ay * bb - by * ab) / whole), Math.max(1e-9, (by * aa - ay * ab) / whole), gamma];
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
