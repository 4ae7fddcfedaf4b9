import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { autocannon } from '../../../src/engines/autocannon/driver.ts';
import type { Engine, EngineLoad } from '../../../src/engines/engine.ts';
import type { ErrorKind, Interval, IntervalRow } from '../../../src/model/interval.ts';
import type { ClosedStage } from '../../../src/model/load.ts';
import type { FlowStep, Journey, RequestStep, Scenario } from '../../../src/model/scenario.ts';
import { latencyQuantile, mergeHistograms } from '../../../src/stats/histogram.ts';

const place = { file: 'journeys.yaml', line: 3, column: 5 };

/** A GET of `url`, changed as asked. */
export function request(url: string, change: Partial<RequestStep> = {}): RequestStep {
  return { type: 'request', name: `GET ${url}`, method: 'GET', url, qs: {}, headers: {}, cookie: {}, body: null, captures: [], expect: null, place, ...change };
}

export function journey(name: string, flow: readonly FlowStep[], weight = 1): Journey {
  return { name, weight, flow, place };
}

export function scenario(change: Partial<Scenario> = {}): Scenario {
  return {
    file: 'journeys.yaml', native: null, journeys: [journey('one', [request('/')])], before: [], variables: {}, payloads: [],
    defaultHeaders: {}, timeoutMs: null, phases: [], ...change,
  };
}

export function stage(users: number, durationSeconds: number, change: Partial<ClosedStage> = {}): ClosedStage {
  return { name: 'sustain', judged: true, durationSeconds, users, enough: null, ...change };
}

export function load(target: string, change: Partial<EngineLoad> = {}): EngineLoad {
  return {
    target, scenario: scenario(), shape: { model: 'closed', stages: [stage(5, 2)] }, timeoutMs: 5000, endpoint: null, headers: {},
    workDir: tmpdir(), ...change,
  };
}

/** Everything an engine measured, added up. */
export interface Measured {
  readonly intervals: readonly Interval[];
  readonly rows: readonly IntervalRow[];
  readonly requests: number;
  readonly sent: number;
  readonly successes: number;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  quantileMs(q: number): number;
  ttfbMs(q: number): number;
}

export async function measure(asked: EngineLoad, options: { signal?: AbortSignal; engine?: Engine; onInterval?: (interval: Interval) => void } = {}): Promise<Measured> {
  const workDir = await mkdtemp(join(tmpdir(), 'autocannon-test-'));
  const intervals: Interval[] = [];
  try {
    const engine = options.engine ?? autocannon;
    for await (const interval of engine.run({ ...asked, workDir }, options.signal ?? new AbortController().signal)) {
      intervals.push(interval);
      options.onInterval?.(interval);
    }
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return summarize(intervals);
}

export function summarize(intervals: readonly Interval[]): Measured {
  const rows = intervals.flatMap((interval) => interval.rows);
  const errors: Partial<Record<ErrorKind, number>> = {};
  const statuses: Record<string, number> = {};
  for (const row of rows) {
    for (const [kind, count] of Object.entries(row.errors)) errors[kind as ErrorKind] = (errors[kind as ErrorKind] ?? 0) + count; // keys of a record of kinds
    for (const [status, count] of Object.entries(row.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  }
  const latency = mergeHistograms(rows.map((row) => row.latency));
  const ttfb = mergeHistograms(rows.map((row) => row.ttfb));
  return {
    intervals, rows, errors, statuses,
    requests: rows.reduce((sum, row) => sum + row.requests, 0),
    sent: intervals.reduce((sum, interval) => sum + interval.sent, 0),
    successes: latency.count,
    quantileMs: (q) => latencyQuantile(latency, 0, 0, q)?.valueMs ?? Number.NaN,
    ttfbMs: (q) => latencyQuantile(ttfb, 0, 0, q)?.valueMs ?? Number.NaN,
  };
}
