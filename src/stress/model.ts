import type { StressModel, StressStage } from '../model/stress.ts';
import { fitScalability, throughputAt } from '../stats/usl.ts';

/** Points of the curve: a line on a chart. */
const CURVE_POINTS = 60;
/** The curve goes on a little beyond what was measured. */
const BEYOND = 1.3;

/**
 * The Universal Scalability Law over the stages: throughput against the requests in flight that made it (Little's law, N = X · R), which is
 * the law's own load also where arrivals do not wait for answers. Null with fewer than four different loads. Stages that mostly
 * failed are left out: what was refused was no work.
 */
export function fitStages(stages: readonly StressStage[]): StressModel | null {
  const points = stages.flatMap(({ outcome, inFlight, throughputPerSec, errorPercent }) => {
    const isUsable = outcome !== 'generator' && inFlight !== null && inFlight > 0 && throughputPerSec > 0 && (errorPercent ?? 100) < 10;
    return isUsable ? [{ load: inFlight, throughput: throughputPerSec }] : [];
  });
  const fit = fitScalability(points);
  if (fit === null || !Number.isFinite(fit.gamma)) return null;
  const { alpha, beta, gamma, r2, peak, reason, physical } = fit;
  const most = Math.max(...points.map(({ load }) => load)) * BEYOND;
  const curve = physical ? Array.from({ length: CURVE_POINTS }, (_, at): readonly [number, number, number] => {
    // Evenly on a logarithmic scale: most of the bend lies at few requests in flight.
    const load = 0.1 * (most / 0.1) ** (at / (CURVE_POINTS - 1));
    const throughput = throughputAt(load, [alpha, beta, gamma]);
    return [load, throughput, (1000 * load) / throughput];
  }) : [];
  return { alpha, beta, gamma, r2, reason, peakPerSec: peak?.throughput ?? null, curve };
}
