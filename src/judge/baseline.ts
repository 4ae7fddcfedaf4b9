import type { Comparison } from '../model/condition.ts';
import { metricOf, type MetricName } from '../model/metrics.ts';
import type { SuiteId } from '../model/plan.ts';
import type { Run, RunStep } from '../model/run.ts';
import { CONFIDENCE } from '../stats/binomial.ts';
import { studentQuantile } from '../stats/student.ts';
import type { Limit } from './compare.ts';
import { isMissing, type Figure, type Measured, type Missing } from './figure.ts';
import { sayValue } from './words.ts';

/** The runs that `baseline + 10 %` means. */
export interface Baseline {
  readonly runs: readonly Run[];
  /** Why they are not comparable with the run that is judged; null where they are. */
  readonly refused: string | null;
  /** How far a figure of one run lies from that of the next, the version being the same: variance of its logarithm. */
  readonly noiseOf: (suite: SuiteId, scope: Readonly<Record<string, string>>, metric: MetricName) => { readonly variance: number; readonly freedom: number };
}

/**
 * A limit relative to earlier runs, as uncertain as those runs were short and as runs of the same version differ: with one run on
 * either side and no history, changes up to about 20 % stay inconclusive.
 */
export function baselineLimit(
  baseline: Baseline | null, steps: readonly RunStep[], asked: Comparison, measure: (run: Run, steps: readonly RunStep[]) => Measured,
): (Limit & { readonly told: string }) | Missing {
  if (baseline === null) return { missing: 'not-measured', reason: 'needs a baseline, and this run has none: add --baseline <run|name>' };
  if (baseline.refused !== null) return { missing: 'inconclusive', reason: `the baseline is not comparable: ${baseline.refused}` };
  const measured = baseline.runs.map((run) => measure(run, sameSteps(run, steps)));
  const figures = measured.filter((one): one is Figure => !isMissing(one));
  if (figures.length === 0) {
    const [first] = measured.filter(isMissing);
    return { missing: first?.missing ?? 'not-measured', reason: `baseline: ${first?.reason ?? 'no run'}` };
  }
  const suite = steps[0]?.suite ?? 'load';
  const base = pool(figures, asked.metric === 'http.error_rate' ? { variance: 0, freedom: Infinity } : baseline.noiseOf(suite, asked.scope, asked.metric));
  const told = ` (${Number(asked.value.toPrecision(4))} × ${sayValue(base.value, metricOf(asked.metric)?.unit ?? '1')} of the baseline)`;
  return { value: asked.value * base.value, low: asked.value * base.low, high: asked.value * base.high, told };
}

/** The endpoint, or the suite, that is being judged. */
function sameSteps(run: Run, steps: readonly RunStep[]): RunStep[] {
  return run.steps.filter((step) => steps.some(({ suite, endpoint }) => step.suite === suite && step.endpoint?.journey === endpoint?.journey && step.endpoint?.step === endpoint?.step));
}

function pool(figures: readonly Figure[], noise: { readonly variance: number; readonly freedom: number }): Limit {
  const n = figures.length;
  const isPositive = figures.every(({ observed }) => observed > 0);
  if (!isPositive) {
    const mean = (pick: (figure: Figure) => number): number => figures.reduce((sum, figure) => sum + pick(figure), 0) / n;
    return { value: mean(({ observed }) => observed), low: mean(({ low }) => low ?? 0), high: mean(({ high }) => high ?? Infinity) };
  }
  const value = Math.exp(figures.reduce((sum, { observed }) => sum + Math.log(observed), 0) / n);
  // One run is judged, n are the baseline: both sides have the noise between runs.
  const between = noise.variance === 0 ? 0 : studentQuantile(CONFIDENCE, noise.freedom) * Math.sqrt(noise.variance * (1 + 1 / n));
  const within = (bound: (figure: Figure) => number): number => Math.hypot(...figures.map((figure) => Math.log(figure.observed / bound(figure)))) / n;
  return { value, low: value * Math.exp(-Math.hypot(within(({ low }) => low ?? 0), between)), high: value * Math.exp(Math.hypot(within(({ high }) => high ?? Infinity), between)) };
}
