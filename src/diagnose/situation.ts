import type { MetricName } from '../model/metrics.ts';
import type { Run } from '../model/run.ts';
import { clockOf, httpSeries, offsetOf, sampleSeries, windowOf, type RunClock, type Series } from '../stats/series.ts';
import type { Situation } from './rule.ts';

/**
 * Lays a run's facts on one clock for the rules. The load suite is what the phase is about: its traffic and its window count;
 * a run without one is looked at through whatever it did.
 */
export function situationOf(run: Run): Situation {
  const clock = clockOf(run);
  const load = run.steps.filter((step) => step.suite === 'load');
  const steps = load.length > 0 ? load : run.steps;
  const known = new Map<string, Series | null>();
  return {
    series: (metric, instance) => {
      const key = `${metric} ${instance ?? ''}`;
      if (!known.has(key)) known.set(key, metric.startsWith('http.') ? httpSeries(clock, steps, metric) : sampleSeries(clock, run.samples, metric, instance));
      return known.get(key) ?? null;
    },
    instances: (metric) => [...new Set(run.samples.flatMap((sample) => (sample.metric === metric && sample.instance !== undefined ? [sample.instance] : [])))],
    sentPerSec: sentSeries(clock, steps),
    reference: windowOf(clock, steps, 'reference'),
    judged: windowOf(clock, steps, 'judged') ?? [0, 0],
    isPlannedLoad: steps.some(({ suite }) => suite !== 'unit'),
    cores: coresOf(run),
  };
}

function sentSeries(clock: RunClock, steps: Run['steps']): Series {
  const values = new Float64Array(clock.seconds).fill(Number.NaN);
  for (const step of steps) {
    const offset = offsetOf(clock, step);
    for (const interval of step.intervals) {
      const at = offset + interval.second;
      if (at < clock.seconds) values[at] = interval.sent;
    }
  }
  return { values };
}

/** Only where the probe read this very host do we know how many cores the target has. */
function coresOf(run: Run): number | null {
  const isLocal = run.probes.some((probe) => probe.kind === 'host' && probe.status === 'ok');
  const cores = run.environment['cores'];
  return isLocal && typeof cores === 'number' ? cores : null;
}
