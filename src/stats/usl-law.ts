import { fitLeastSquares, type Free, type Three } from './least-squares.ts';

/** Throughput at a load (users, clients, workers), from one measurement. */
export interface LoadPoint {
  readonly load: number;
  readonly throughput: number;
}

/** α, β, γ of X(N) = γN / (1 + α(N − 1) + βN(N − 1)). */
export type Law = Three;

/** One fit of the law to points, with what was held at 0. */
export interface LawFit {
  readonly law: Law;
  readonly standardErrors: Three;
  readonly sumOfSquares: number;
  /** Points beyond what was fitted. */
  readonly freedom: number;
  readonly free: Free;
}

/** What the law says of a load. */
export function throughputAt(load: number, [alpha, beta, gamma]: Law): number {
  return (gamma * load) / (1 + alpha * (load - 1) + beta * load * (load - 1));
}

/** Where the law is highest; endless without coherency. */
export function peakLoadOf([alpha, beta]: Law): number {
  return beta > 0 ? Math.sqrt(Math.max(0, 1 - alpha) / beta) : Infinity;
}

/** The most that the law allows from the lowest load on: at its peak, without coherency γ ÷ α, and without either no end. */
export function mostOf(law: Law, leastLoad: number): number {
  const [alpha, , gamma] = law;
  const load = peakLoadOf(law);
  if (load === Infinity) return alpha > 1e-12 ? gamma / alpha : Infinity;
  // Of a load below one worker the law of an α near 1 says nothing.
  return throughputAt(Math.max(leastLoad, load), law);
}

/** The law by nonlinear least squares on the throughput itself, as the R package `usl` fits it; null where no minimum was found. */
export function fitLaw(points: readonly LoadPoint[], free: Free = [true, true, true], start: Law = startOf(points)): LawFit | null {
  const held: Three = [free[0] ? start[0] : 0, free[1] ? start[1] : 0, start[2]];
  const fit = fitLeastSquares(points.map(({ load, throughput }) => [load, throughput] as const), throughputAt, held, free);
  if (fit === null || !fit.parameters.every(Number.isFinite)) return null;
  return { law: fit.parameters, standardErrors: fit.standardErrors, sumOfSquares: fit.sumOfSquares, free, freedom: points.length - free.filter(Boolean).length };
}

/** Rounding of an exact linear range must not make it unphysical. */
const ROUNDING = -1e-9;

export function isPhysical({ law: [alpha, beta, gamma] }: LawFit): boolean {
  return alpha > ROUNDING && beta > ROUNDING && gamma > 0;
}

/** The best fit without a negative coefficient: what would be negative is held at 0. */
export function fitBounded(points: readonly LoadPoint[], start: Law = startOf(points), whole: LawFit | null = fitLaw(points, [true, true, true], start)): LawFit | null {
  if (whole !== null && isPhysical(whole)) return whole;
  const held = ([[true, false, true], [false, true, true], [false, false, true]] as const).flatMap((free) => fitLaw(points, free, start) ?? []).filter(isPhysical);
  return held.length === 0 ? null : held.reduce((best, one) => (one.sumOfSquares < best.sumOfSquares ? one : best));
}

/** Gunther's linear form y = N γ / X − 1 = α(N − 1) + βN(N − 1), with γ from the lowest load: near enough to begin from. */
function startOf(points: readonly LoadPoint[]): Law {
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
