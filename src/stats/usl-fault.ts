import type { Plateau } from './plateau.ts';
import { studentQuantile } from './student.ts';
import { isPhysical, peakLoadOf, type LawFit, type LoadPoint } from './usl-law.ts';

/** The law, the points it was fitted to, and what else they say. */
export interface FittedLaw {
  readonly fit: LawFit;
  readonly usable: readonly LoadPoint[];
  readonly plateau: Plateau | null;
  readonly collapsedAt: number | null;
}

/** A peak this many times beyond the highest load measured is an extrapolation nobody should plan by; of a level the same. */
export const FARTHEST = 3;
/** Under one percent of the work at the highest load, coherency is rounding. */
const LEAST_BEND = 0.01;

/** Why the law has no peak, in a sentence without its end; null where it has one. */
export function faultOf(seen: FittedLaw): string | null {
  const { fit, usable, plateau, collapsedAt } = seen;
  const [least, most] = rangeOf(usable);
  const [isBent, peak] = [isBentDown(seen), peakLoadOf(fit.law)];
  if (!isPhysical(fit)) return sayNegative(fit);
  if (plateau !== null) return `the points lie nearer to a straight line up to a level of ${short(plateau.throughput)}, from a load of ${short(plateau.from)} on, than to any curve with a peak: a queue that is full, not one that loses by more`;
  if (isBent && peak <= least) return `throughput falls from the lowest load that was measured (${short(least)}) on: the most lies there or below`;
  if (collapsedAt !== null && !(isBent && peak <= collapsedAt)) return `nothing was done any more at a load of ${short(collapsedAt)}: between ${short(most)} and that throughput collapses, which no curve through the others shows; measure between them`;
  if (!isBent) return `the measured range does not bend: ${sayCoherency(fit)} not told apart from 0, so where throughput peaks is not known; measure higher loads`;
  return peak > FARTHEST * most ? `the peak would lie at ${Math.round(peak)}, more than ${FARTHEST} times beyond the highest load measured (${short(most)}); measure higher loads` : null;
}

/** The same, where the scatter leaves open how far away a peak is. */
export function uncertainPeak({ fit, usable }: FittedLaw, high: number | null): string | null {
  const [, most] = rangeOf(usable);
  if (high !== null && high <= FARTHEST * most) return null;
  return `the scatter leaves open where throughput peaks: at ${short(peakLoadOf(fit.law))}, or more than ${FARTHEST} times beyond the highest load measured (${short(most)}); measure higher loads, or each for longer`;
}

/** Coherency is told apart from 0, and is more than rounding. */
export function isBentDown({ fit: { law: [, beta], standardErrors: [, error], freedom }, usable }: FittedLaw): boolean {
  const [, most] = rangeOf(usable);
  return beta * most * (most - 1) > LEAST_BEND && beta - studentQuantile(0.95, freedom) * error > 0;
}

function sayNegative({ law: [alpha, beta] }: LawFit): string {
  return alpha < 0
    ? `a coefficient is negative by more than its error (α = ${short(alpha)}): the points scale better than one by one, which no system does for long; measure more loads, or take out points of a cold start`
    : `a coefficient is negative by more than its error (β = ${short(beta)}): throughput grows again where it had bent already, which the law does not know; measure the highest loads again`;
}

function sayCoherency({ law: [, beta], standardErrors: [, error], free }: LawFit): string {
  return free[1] ? `β = ${short(Math.max(0, beta))} ± ${short(error)} is` : 'β came out below 0 by no more than its error, and is';
}

function rangeOf(points: readonly LoadPoint[]): readonly [least: number, most: number] {
  return points.reduce<readonly [number, number]>(([low, high], { load }) => [Math.min(low, load), Math.max(high, load)], [Infinity, 0]);
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
