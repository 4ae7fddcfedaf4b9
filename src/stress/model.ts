import type { CurvePoint, StressModel, StressStage } from '../model/stress.ts';
import { seededUniform } from '../stats/random.ts';
import { fitScalability, throughputAt, type LoadPoint } from '../stats/usl.ts';

/** Points of the curve: a line on a chart. */
const CURVE_POINTS = 60;
/** The curve goes on a little beyond what was measured. */
const BEYOND = 1.1;
/** Curves whose 5 % and 95 % are the bounds: more would move them by less than a line is wide. */
const RESAMPLES = 200;

type By = 'rate' | 'users';
/** α, β, γ. */
type Law = readonly [number, number, number];

/**
 * The Universal Scalability Law over the stages: throughput against the requests in flight that made it (Little's law, N = X · R), which is
 * the law's own load also where arrivals do not wait for answers. Null with fewer than four different loads. Stages that mostly
 * failed are left out: what was refused was no work.
 */
export function fitStages(stages: readonly StressStage[], by: By): StressModel | null {
  const usable = stages.filter(({ outcome, inFlight, throughputPerSec, errorPercent }) => outcome !== 'generator' && inFlight !== null && inFlight > 0 && throughputPerSec > 0 && (errorPercent ?? 100) < 10);
  const points = usable.map(({ inFlight, throughputPerSec }) => ({ load: inFlight ?? 0, throughput: throughputPerSec }));
  const fit = fitScalability(points);
  if (fit === null || !Number.isFinite(fit.gamma)) return null;
  const { alpha, beta, gamma, r2, peak, reason, physical, standardErrors } = fit;
  const most = Math.max(...usable.map(({ load }) => load)) * BEYOND;
  const curve = physical ? curveOf([alpha, beta, gamma], resample(points, [alpha, beta, gamma]), most, by) : [];
  return { alpha, beta, gamma, standardErrors, r2, reason, peakPerSec: peak?.throughput ?? null, curve };
}

/** The law fitted again and again to itself with the scatter of the stages dealt out anew (Efron 1979), in the same way every time. */
function resample(points: readonly LoadPoint[], law: Law): Law[] {
  const random = seededUniform(points.length);
  const off = points.map(({ load, throughput }) => throughput / throughputAt(load, law));
  return Array.from({ length: RESAMPLES }, () => {
    const fit = fitScalability(points.map(({ load }) => ({ load, throughput: throughputAt(load, law) * (off[Math.floor(random() * off.length)] ?? 1) })));
    return fit?.physical === true ? ([fit.alpha, fit.beta, fit.gamma] as const) : null;
  }).filter((one) => one !== null);
}

function curveOf(law: Law, others: readonly Law[], most: number, by: By): CurvePoint[] {
  return Array.from({ length: CURVE_POINTS }, (_, at) => {
    const load = (most * (at + 1)) / CURVE_POINTS;
    const figures = others.map((one) => figuresAt(one, load, by));
    const mid = figuresAt(law, load, by);
    const bound = (pick: 'throughputPerSec' | 'latencyMs', share: number): number => figures.map((one) => one[pick]).toSorted((a, b) => a - b)[Math.round(share * (figures.length - 1))] ?? mid[pick];
    const around = (pick: 'throughputPerSec' | 'latencyMs'): CurvePoint['latencyMs'] => ({ low: known(Math.min(mid[pick], bound(pick, 0.05))), mid: known(mid[pick]), high: known(Math.max(mid[pick], bound(pick, 0.95))) });
    return { load, throughputPerSec: around('throughputPerSec'), latencyMs: around('latencyMs') };
  });
}

/** Users are the law's own load. Of a rate, what is asked is answered up to the most the law allows; beyond it the wait has no end. */
function figuresAt(law: Law, load: number, by: By): { throughputPerSec: number; latencyMs: number } {
  if (by === 'users') return { throughputPerSec: throughputAt(load, law), latencyMs: (1000 * load) / throughputAt(load, law) };
  const inFlight = inFlightAt(load, law);
  return inFlight === null ? { throughputPerSec: mostOf(law), latencyMs: Infinity } : { throughputPerSec: load, latencyMs: (1000 * inFlight) / load };
}

/** The smaller root of X(N) = rate; null where the law never gets there. */
function inFlightAt(rate: number, [alpha, beta, gamma]: Law): number | null {
  const [a, b, c] = [rate * beta, rate * (alpha - beta) - gamma, rate * (1 - alpha)];
  if (a < 1e-12) return b < 0 ? -c / b : null;
  const inside = b * b - 4 * a * c;
  const root = (-b - Math.sqrt(inside)) / (2 * a);
  return inside >= 0 && root > 0 ? root : null;
}

function mostOf([alpha, beta, gamma]: Law): number {
  if (beta < 1e-12) return alpha < 1e-12 ? Infinity : gamma / alpha;
  return throughputAt(Math.sqrt(Math.max(0, 1 - alpha) / beta), [alpha, beta, gamma]);
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
