import { parseCondition } from '../../src/model/grammar.ts';
import type { Condition, ConditionRole } from '../../src/model/condition.ts';
import type { Interval, IntervalRow } from '../../src/model/interval.ts';
import type { LoadShape } from '../../src/model/load.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import type { Run, RunStep } from '../../src/model/run.ts';
import type { ProbeKind, ProbeStatus, Sample } from '../../src/model/sample.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder } from '../../src/stats/histogram.ts';

export const START_MS = 1_700_000_000_000;

/** A condition as a plan would hold it. */
export function condition(text: string, role: Partial<ConditionRole> = {}): Condition {
  const given: ConditionRole = { kind: 'threshold', level: 'fail', required: true, reason: null, text, source: null, place: null, assumes: [], ...role };
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const [first, ...others] = parsed.comparisons;
  if (first === undefined) throw new Error(`no comparison in ${text}`);
  return others.length === 0 ? { ...given, ...first } : { ...given, anyOf: parsed.comparisons };
}

export interface Second {
  readonly latenciesMs?: readonly number[];
  readonly errors?: IntervalRow['errors'];
  readonly journey?: string;
  readonly step?: string;
  readonly sent?: number;
}

export function interval(second: number, rows: readonly Second[], startedAtMs = START_MS): Interval {
  return {
    second, startedAtMs: startedAtMs + second * 1000, arrivals: 0, skipped: 0, generator: { loopUtilization: 0.1, loopLagMs: 1 },
    sent: rows.reduce((sum, row) => sum + (row.sent ?? requestsOf(row)), 0),
    rows: rows.filter((row) => requestsOf(row) > 0).map((row) => {
      const recorder = new LatencyRecorder();
      for (const ms of row.latenciesMs ?? []) recorder.record(ms * 1000);
      return {
        journey: row.journey ?? 'dashboard', step: row.step ?? 'dashboard', requests: requestsOf(row), errors: row.errors ?? {}, statuses: {}, bytes: 0,
        latency: recorder.take(), errorLatency: EMPTY_HISTOGRAM, ttfb: EMPTY_HISTOGRAM,
      };
    }),
  };
}

function requestsOf(row: Second): number {
  return (row.latenciesMs?.length ?? 0) + Object.values(row.errors ?? {}).reduce((sum, count) => sum + count, 0);
}

/** `seconds` judged seconds, after a reference stage of `reference` seconds. */
export function openShape(seconds: number, reference = 0): LoadShape {
  const arrivalsPerSec = { from: 10, to: 10 };
  return { model: 'open', stages: [
    ...(reference > 0 ? [{ name: 'reference', judged: false, durationSeconds: reference, arrivalsPerSec } as const] : []),
    { name: 'sustain', judged: true, durationSeconds: seconds, arrivalsPerSec },
  ] };
}

export function step(intervals: readonly Interval[], more: Partial<RunStep> = {}): RunStep {
  const length = intervals.length;
  return {
    suite: 'load', scenario: 'load.yml', endpoint: null, engine: 'artillery', engineVersion: '2', model: 'open', shape: openShape(length),
    requestsPerArrival: 1, timeoutMs: 10_000, startedAtMs: START_MS, endedAtMs: START_MS + length * 1000, outcome: { status: 'completed' },
    intervals, generatorReasons: [], ...more,
  };
}

export function run(steps: readonly RunStep[], more: Partial<Run> = {}): Run {
  return {
    formatVersion: 1, id: 'r', startedAtMs: START_MS, endedAtMs: Math.max(START_MS, ...steps.map((one) => one.endedAtMs)),
    plan: { id: 'p', phase: '1', file: 'p.yaml' }, target: { url: 'http://127.0.0.1:1', demo: null, servers: [] },
    suites: ['load'], steps, samples: [], probes: [], interrupted: null, assumptions: [], environment: {}, configuration: {}, acceptNoise: false, ...more,
  };
}

/** One reading a second from the first second on; NaN leaves one out. */
export function samples(probe: ProbeKind, metric: MetricName, values: readonly number[], instance?: string): Sample[] {
  return values.flatMap((value, at) => (Number.isNaN(value) ? [] : [{ atMs: START_MS + at * 1000 + 500, probe, metric, value, ...(instance === undefined ? {} : { instance }) }]));
}

export const okProbe = (kind: ProbeKind): ProbeStatus => ({ kind, status: 'ok', detail: '', missedTicks: 0 });

export const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
