import type { CurvePoint, StressModel, StressStage } from '../model/stress.ts';
import { littleGap } from '../stats/operational-laws.ts';
import { fitScalability } from '../stats/usl.ts';
import { mostOf, throughputAt, type Law } from '../stats/usl-law.ts';
import { boundsAround } from '../stats/usl-resample.ts';

/** Points of the curve: a line on a chart. */
const CURVE_POINTS = 60;
/** The curve goes on a little beyond what was measured. */
const BEYOND = 1.1;
/** Further from Little's law than this, figures do not belong together. */
const LITTLE_GAP = 0.1;

type By = 'rate' | 'users';

/**
 * The Universal Scalability Law over the stages: throughput against the requests in flight that made it (Little's law, N = X · R), which is
 * the law's own load also where arrivals do not wait for answers. Null with fewer than four different loads. Stages that mostly
 * failed are left out: what was refused was no work.
 */
export function fitStages(stages: readonly StressStage[], by: By): StressModel | null {
  const usable = stages.filter(({ outcome, inFlight, throughputPerSec, errorPercent }) => outcome !== 'generator' && inFlight !== null && inFlight > 0 && throughputPerSec > 0 && (errorPercent ?? 100) < 10);
  const points = usable.map(({ inFlight, throughputPerSec }) => ({ load: inFlight ?? 0, throughput: throughputPerSec }));
  const found = fitScalability(points);
  if (found === null || !Number.isFinite(found.fit.gamma)) return null;
  const { alpha, beta, gamma, r2, peak, reason, physical, standardErrors, most, heldAtZero } = found.fit;
  const thinkSeconds = by === 'rate' ? 0 : thinkTime(usable);
  const axis = { by, thinkSeconds: thinkSeconds ?? 0, leastInFlight: Math.min(...points.map(({ load }) => load)), most: Math.max(...usable.map(({ load }) => load)) * BEYOND };
  const curve = physical && thinkSeconds !== null ? curveOf([alpha, beta, gamma], found.others, axis) : [];
  return { alpha, beta, gamma, standardErrors, r2, reason, most, heldAtZero, thinkSeconds, peakPerSec: peak?.throughput ?? null, curve };
}

/**
 * Seconds that a user of the closed model does not wait for an answer, Z = N ÷ X − R, as the stages have it in the median; null where they do not
 * agree on one, so that users cannot be told from requests in flight. A tenth of the users and less is none.
 */
function thinkTime(stages: readonly StressStage[]): number | null {
  const times = stages.map(({ load, throughputPerSec, inFlight }) => Math.max(0, (load - (inFlight ?? 0)) / throughputPerSec)).toSorted((a, b) => a - b);
  const agree = (seconds: number): boolean => {
    const gaps = stages.map(({ load, throughputPerSec, meanMs }) => littleGap(load, throughputPerSec, (meanMs ?? 0) / 1000 + seconds)).toSorted((a, b) => a - b);
    return (gaps[Math.floor(gaps.length / 2)] ?? 0) <= LITTLE_GAP;
  };
  const [none, median] = [0, times[Math.floor(times.length / 2)] ?? 0];
  return agree(none) ? none : agree(median) ? median : null;
}

interface Axis {
  readonly by: By;
  readonly thinkSeconds: number;
  readonly leastInFlight: number;
  /** Of the load. */
  readonly most: number;
}

function curveOf(law: Law, others: readonly Law[], axis: Axis): CurvePoint[] {
  return Array.from({ length: CURVE_POINTS }, (_, at) => {
    const load = (axis.most * (at + 1)) / CURVE_POINTS;
    const figures = others.map((one) => figuresAt(one, load, axis));
    const mid = figuresAt(law, load, axis);
    const around = (pick: 'throughputPerSec' | 'latencyMs'): CurvePoint['latencyMs'] => {
      const { low, high } = boundsAround(figures.map((one) => one[pick]), mid[pick]);
      return { low: known(low), mid: known(mid[pick]), high: known(high) };
    };
    return { load, throughputPerSec: around('throughputPerSec'), latencyMs: around('latencyMs') };
  });
}

/** Of users those that do not think are in flight. Of a rate, what is asked is answered up to the most the law allows; beyond it the wait has no end. */
function figuresAt(law: Law, load: number, { by, thinkSeconds, leastInFlight }: Axis): { throughputPerSec: number; latencyMs: number } {
  if (by === 'users') {
    const inFlight = inFlightOf(load, law, thinkSeconds);
    return { throughputPerSec: throughputAt(inFlight, law), latencyMs: (1000 * inFlight) / throughputAt(inFlight, law) };
  }
  const inFlight = inFlightAt(load, law);
  return inFlight === null ? { throughputPerSec: mostOf(law, leastInFlight), latencyMs: Infinity } : { throughputPerSec: load, latencyMs: (1000 * inFlight) / load };
}

/** N + X(N) · Z = users, the least such N, by halving. */
function inFlightOf(users: number, law: Law, thinkSeconds: number): number {
  if (thinkSeconds === 0) return users;
  let [low, high] = [0, users];
  for (let round = 0; round < 50; round += 1) {
    const middle = (low + high) / 2;
    if (middle + throughputAt(middle, law) * thinkSeconds < users) low = middle;
    else high = middle;
  }
  return high;
}

/** The smaller root of X(N) = rate; null where the law never gets there. */
function inFlightAt(rate: number, [alpha, beta, gamma]: Law): number | null {
  const [a, b, c] = [rate * beta, rate * (alpha - beta) - gamma, rate * (1 - alpha)];
  if (a < 1e-12) return b < 0 ? -c / b : null;
  const inside = b * b - 4 * a * c;
  const root = (-b - Math.sqrt(inside)) / (2 * a);
  return inside >= 0 && root > 0 ? root : null;
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
