import { plateauOf, type Plateau } from './plateau.ts';
import { studentQuantile } from './student.ts';
import { fitBounded, fitLaw, isPhysical, mostOf, peakLoadOf, throughputAt, type Law, type LawFit, type LoadPoint } from './usl-law.ts';
import { boundsAround, otherLaws, tellsNegative, thinned } from './usl-resample.ts';
import { FARTHEST, faultOf, isBentDown, uncertainPeak, type FittedLaw } from './usl-fault.ts';

/** 5 % and 95 %; `high` null: without end. */
interface Bounds {
  readonly low: number;
  readonly high: number | null;
}

/** The most that the points allow, and what says so: the law's peak, the level γ ÷ α that its contention nears, or the level that the points lie on. */
export interface MostThroughput extends Bounds {
  readonly by: 'peak' | 'asymptote' | 'plateau';
  readonly mid: number;
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
  readonly peakBounds: { readonly load: Bounds; readonly throughput: Bounds } | null;
  /** No coefficient is negative. */
  readonly physical: boolean;
  /** Why there is no peak, or what to mind; null where nothing speaks against the fit. */
  readonly reason: string | null;
  /** The most throughput there is by the law; null where no end is to be seen within three times of what was measured. */
  readonly most: MostThroughput | null;
  /** Coefficients that came out negative by no more than their error and are held at 0, as they came out. */
  readonly heldAtZero: readonly { readonly coefficient: 'alpha' | 'beta'; readonly value: number; readonly standardError: number }[];
  /** Where a straight line up to a level tells the points better than the law: the level, and the load at which the line meets it. */
  readonly plateau: { readonly throughput: number; readonly from: number } | null;
  /** Points with a load and a throughput, and those without. */
  readonly points: { readonly used: number; readonly leftOut: number };
  /** The lowest load above the fitted ones at which nothing was done any more; null where there is none. */
  readonly collapsedAt: number | null;
}

/** Three coefficients and at least one point more, for a scatter to be seen. */
const FEWEST_POINTS = 4;
/** What leaves half of the scatter untold, or more, is a mean of anything. */
const LEAST_TOLD = 0.5;

/**
 * The Universal Scalability Law X(N) = γN / (1 + α(N − 1) + βN(N − 1)) (Gunther 2007, Guerrilla Capacity Planning, ch. 4), and beside it the law as
 * each new dealing of the scatter has it. A coefficient that is negative within its error is held at 0. Null for fewer than four
 * different loads.
 */
export function fitScalability(points: readonly LoadPoint[]): { readonly fit: ScalabilityFit; readonly others: readonly Law[] } | null {
  const usable = points.filter(({ load, throughput }) => load > 0 && throughput > 0);
  if (new Set(usable.map(({ load }) => load)).size < FEWEST_POINTS) return null;
  const [whole, bounded, plateau] = [fitLaw(usable), fitBounded(usable), betterPlateau(usable)];
  const isHeld = bounded !== null && (whole === null || isPhysical(whole) || plateau !== null || !tellsNegative(usable, whole, bounded));
  const best = isHeld ? bounded : whole;
  if (best === null) return null;
  const seen: FittedLaw = { fit: best, usable, plateau, collapsedAt: collapseAbove(points, usable) };
  const others = isPhysical(best) ? otherLaws(usable, best) : [];
  const peakLoad = boundsOf(others, peakLoadOf(best.law), peakLoadOf);
  const reason = faultOf(seen) ?? uncertainPeak(seen, peakLoad.high);
  const most = mostThroughput(seen, others, reason);
  const peak = reason === null ? { load: peakLoadOf(best.law), throughput: throughputAt(peakLoadOf(best.law), best.law) } : null;
  return {
    others,
    fit: {
      ...named(best), r2: shareTold(usable, best), peak, peakBounds: peak === null || most === null ? null : { load: peakLoad, throughput: { low: most.low, high: most.high } },
      physical: isPhysical(best), reason, most, heldAtZero: heldIn(best, whole), plateau: plateau === null ? null : { throughput: plateau.throughput, from: plateau.from },
      points: { used: usable.length, leftOut: points.length - usable.length }, collapsedAt: seen.collapsedAt,
    },
  };
}

/** The level, where it tells the points better than the law does. */
function betterPlateau(usable: readonly LoadPoint[]): Plateau | null {
  const few = thinned(usable);
  const plateau = plateauOf(few);
  return plateau !== null && shareTold(few, plateau) > LEAST_TOLD && plateau.sumOfSquares < (fitBounded(few)?.sumOfSquares ?? Infinity) ? plateau : null;
}

function collapseAbove(points: readonly LoadPoint[], usable: readonly LoadPoint[]): number | null {
  const most = usable.reduce((a, { load }) => Math.max(a, load), 0);
  const dead = points.filter(({ load, throughput }) => throughput === 0 && load > most).map(({ load }) => load);
  return dead.length === 0 ? null : dead.reduce((a, b) => Math.min(a, b));
}

function named({ law: [alpha, beta, gamma], standardErrors: [alphaError, betaError, gammaError] }: LawFit): Pick<ScalabilityFit, 'alpha' | 'beta' | 'gamma' | 'standardErrors'> {
  return { alpha, beta, gamma, standardErrors: { alpha: alphaError, beta: betaError, gamma: gammaError } };
}

function heldIn({ free }: LawFit, whole: LawFit | null): ScalabilityFit['heldAtZero'] {
  return (['alpha', 'beta'] as const).flatMap((coefficient, at) => (free[at] === true || whole === null ? [] : { coefficient, value: whole.law[at] ?? 0, standardError: whole.standardErrors[at] ?? 0 }));
}

function shareTold(points: readonly LoadPoint[], { sumOfSquares }: Pick<LawFit, 'sumOfSquares'>): number {
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  const total = points.reduce((sum, { throughput }) => sum + (throughput - mean) ** 2, 0);
  return total === 0 ? 0 : 1 - sumOfSquares / total;
}

function mostThroughput(seen: FittedLaw, others: readonly Law[], reason: string | null): MostThroughput | null {
  const { fit: { law, standardErrors: [alphaError], freedom }, usable, plateau } = seen;
  const [least, measured] = usable.reduce<readonly [number, number]>(([low, high], { load, throughput }) => [Math.min(low, load), Math.max(high, throughput)], [Infinity, 0]);
  if (plateau !== null) {
    const spread = studentQuantile(0.95, usable.length - 2) * plateau.error;
    return { by: 'plateau', low: plateau.throughput - spread, mid: plateau.throughput, high: Math.max(measured, plateau.throughput + spread) };
  }
  const most = (by: 'peak' | 'asymptote', mid: number): MostThroughput => ({ by, mid, ...notBelow(measured, boundsOf(others, mid, (one) => mostOf(one, least))) });
  if (reason === null) return most('peak', mostOf(law, least));
  const [alpha, , gamma] = law;
  const isTold = others.length > 0 && !isBentDown(seen) && alpha - studentQuantile(0.95, freedom) * alphaError > 0;
  return isTold && shareTold(usable, seen.fit) > LEAST_TOLD && gamma / alpha <= FARTHEST * measured ? most('asymptote', gamma / alpha) : null;
}

/** What was measured was possible. */
function notBelow(measured: number, { low, high }: Bounds): Bounds {
  return { low, high: high === null ? null : Math.max(measured, high) };
}

function boundsOf(others: readonly Law[], mid: number, value: (law: Law) => number): Bounds {
  const { low, high } = boundsAround(others.map(value), mid);
  return { low, high: Number.isFinite(high) ? high : null };
}
