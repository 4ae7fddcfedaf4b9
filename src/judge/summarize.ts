import type { IntervalRow } from '../model/interval.ts';
import type { LatencySummary, ScopeSummary, StepSummary } from '../model/report.ts';
import type { RunStep } from '../model/run.ts';
import { latencyQuantile, type MergedHistogram } from '../stats/histogram.ts';
import { tally } from '../stats/tally.ts';
import { secondsOf } from './http-figure.ts';

/** The judged seconds of a step in figures: the same rows, merged by the same functions, that the verdicts rest on. */
export function summarize(step: RunStep): StepSummary {
  const { counted, full } = secondsOf([step], 'judged');
  const rows = counted.flatMap((interval) => interval.rows);
  const sums = tally(rows);
  return {
    suite: step.suite, scenario: step.scenario, engine: step.engine, engineVersion: step.engineVersion, model: step.model,
    asked: askedOf(step),
    sentPerSec: full.length === 0 ? 0 : full.reduce((sum, interval) => sum + interval.sent, 0) / full.length,
    durationSeconds: Math.max(0, step.endedAtMs - step.startedAtMs) / 1000,
    judgedSeconds: full.length,
    ...scopeOf(rows, step.timeoutMs),
    errorLatencyMs: latencyOf(sums.errorLatency, 0, step.timeoutMs),
    ttfbMs: latencyOf(sums.ttfb, 0, step.timeoutMs),
    journeys: journeysOf(rows, step.timeoutMs),
    ...(step.engineFindings === undefined ? {} : { engineFindings: step.engineFindings }),
  };
}

function askedOf({ shape, requestsPerArrival }: RunStep): StepSummary['asked'] {
  if (shape.model === 'closed') {
    return { ratePerSec: null, arrivalsPerSec: null, users: Math.max(0, ...shape.stages.filter((stage) => stage.judged).map((stage) => stage.users)) };
  }
  // Several judged rungs: the highest is what the step was for.
  const arrivals = Math.max(0, ...shape.stages.filter((stage) => stage.judged).map(({ arrivalsPerSec }) => arrivalsPerSec.to));
  return { ratePerSec: arrivals * requestsPerArrival, arrivalsPerSec: arrivals, users: null };
}

function journeysOf(rows: readonly IntervalRow[], timeoutMs: number): StepSummary['journeys'] {
  const byJourney = Map.groupBy(rows, (row) => row.journey);
  return Object.fromEntries([...byJourney].map(([journey, own]) => {
    const steps = Object.fromEntries([...Map.groupBy(own, (row) => row.step)].map(([name, some]) => [name, scopeOf(some, timeoutMs)]));
    return [journey, { ...scopeOf(own, timeoutMs), steps }];
  }));
}

function scopeOf(rows: readonly IntervalRow[], timeoutMs: number): ScopeSummary {
  const sums = tally(rows);
  return { requests: sums.requests, errors: sums.errors, latencyMs: latencyOf(sums.latency, sums.timeouts, timeoutMs) };
}

/** Time-outs rank behind every answer and count at their limit in the mean. */
function latencyOf(histogram: MergedHistogram, timeouts: number, timeoutMs: number): LatencySummary {
  const count = histogram.count + timeouts;
  if (count === 0) return { p50: null, p90: null, p95: null, p99: null, max: null, mean: null };
  const at = (q: number): number | null => latencyQuantile(histogram, timeouts, timeoutMs, q)?.valueMs ?? null;
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1), mean: (histogram.sumUs / 1000 + timeouts * timeoutMs) / count };
}
