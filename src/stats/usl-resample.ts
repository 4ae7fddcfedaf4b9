import { seededUniform } from './random.ts';
import { fitBounded, fitLaw, throughputAt, type Law, type LawFit, type LoadPoint } from './usl-law.ts';

/** Enough that a bound of 5 % moves by less than a line on a chart is wide. */
const RESAMPLES = 200;
/** Of a larger table neighbours are taken together, or dealing it out anew would take minutes. */
const MOST_POINTS = 400;

/** The law fitted to each of the resamples: among 90 % of them lies what the scatter leaves open. */
export function otherLaws(points: readonly LoadPoint[], fit: LawFit): Law[] {
  const few = thinned(points);
  return dealAnew(few, fit.law, fit).flatMap((some) => {
    const other = fitBounded(some, near(fit.law));
    return other === null ? [] : [other.law];
  });
}

/** A negative coefficient is more than chance where fewer than one in fifty resamples of a law without one look as bad. */
const CHANCE = 0.02;

/** Whether the scatter as it was measured hardly ever makes a coefficient as negative of a law that has none (a bootstrap test: Davison & Hinkley 1997, 4.4). */
export function tellsNegative(points: readonly LoadPoint[], whole: LawFit, bounded: LawFit): boolean {
  const few = thinned(points);
  const gain = (some: readonly LoadPoint[]): number => {
    const free = fitLaw(some, [true, true, true], near(bounded.law));
    const held = fitBounded(some, near(bounded.law), free);
    return free === null || held === null ? 0 : (held.sumOfSquares - free.sumOfSquares) / free.sumOfSquares;
  };
  const measured = gain(few);
  const drawn = dealAnew(few, bounded.law, whole).map(gain);
  return drawn.filter((one) => one >= measured).length < CHANCE * drawn.length;
}

/** A law to begin from: a coefficient of 0 has no size to take a step by. */
function near([alpha, beta, gamma]: Law): Law {
  return [Math.max(1e-6, alpha), Math.max(1e-9, beta), gamma];
}

/** 5 % and 95 % of values in any order; an end that is not finite has none. */
export function boundsAround(values: readonly number[], mid: number): { readonly low: number; readonly high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? mid;
  return { low: Math.min(mid, at(0.05)), high: Math.max(mid, at(0.95)) };
}

/**
 * The points of a law with the scatter of the measured ones `around` a fit dealt out anew, in the same way every time (Efron 1979). The scatter is a
 * share of the throughput, made as wide as it was before so many coefficients were fitted to it.
 */
function dealAnew(points: readonly LoadPoint[], law: Law, around: LawFit): LoadPoint[][] {
  const random = seededUniform(points.length);
  const off = points.map(({ load, throughput }) => Math.log(throughput / throughputAt(load, around.law))).filter(Number.isFinite);
  const mean = off.reduce((sum, one) => sum + one, 0) / off.length;
  const wider = Math.sqrt(points.length / Math.max(1, points.length - around.free.filter(Boolean).length));
  return Array.from({ length: RESAMPLES }, () => points.map(({ load }) => ({
    load, throughput: throughputAt(load, law) * Math.exp(wider * ((off[Math.floor(random() * off.length)] ?? 0) - mean)),
  })));
}

/** At most a few hundred points that stand for all: means of neighbours. */
export function thinned(points: readonly LoadPoint[]): readonly LoadPoint[] {
  if (points.length <= MOST_POINTS) return points;
  const sorted = points.toSorted((a, b) => a.load - b.load);
  return Array.from({ length: MOST_POINTS }, (_, at) => {
    const some = sorted.slice(Math.floor((at * sorted.length) / MOST_POINTS), Math.floor(((at + 1) * sorted.length) / MOST_POINTS));
    const mean = (of: keyof LoadPoint): number => some.reduce((sum, one) => sum + one[of], 0) / some.length;
    return { load: mean('load'), throughput: mean('throughput') };
  });
}
