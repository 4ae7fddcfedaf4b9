import type { Interval } from '../model/interval.ts';
import { FORMAT_VERSION, type Run } from '../model/run.ts';
import type { ProbeStatus, Sample } from '../model/sample.ts';

/** The last seconds as probes saw them. */
export interface Observed {
  readonly samples: readonly Sample[];
  readonly probes: readonly ProbeStatus[];
  /** Whole seconds: samples of one tick share their time. */
  readonly fromMs: number;
  readonly seconds: number;
}

/** Those seconds as the facts of a run without requests: a condition is then judged by the same code, with the same bounds, as after a test. */
export function observedRun({ samples, probes, fromMs, seconds }: Observed): Run {
  const intervals = Array.from({ length: seconds }, (_, second): Interval => ({
    second, startedAtMs: fromMs + second * 1000, sent: 0, arrivals: 0, skipped: 0, rows: [], generator: { loopUtilization: 0, loopLagMs: 0 },
  }));
  const toMs = fromMs + seconds * 1000;
  return {
    formatVersion: FORMAT_VERSION, id: 'watch', startedAtMs: fromMs, endedAtMs: toMs,
    plan: { id: '', phase: '', file: '' }, target: { url: '', demo: null, servers: [] }, suites: ['load'],
    steps: [{
      suite: 'load', scenario: '', endpoint: null, engine: 'autocannon', engineVersion: '', model: 'closed',
      shape: { model: 'closed', stages: [{ name: 'sustain', judged: true, durationSeconds: seconds, users: 1, enough: null }] },
      requestsPerArrival: 1, timeoutMs: 1000, startedAtMs: fromMs, endedAtMs: toMs, outcome: { status: 'completed' }, intervals, generatorReasons: [],
    }],
    samples: samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
    probes, interrupted: null, assumptions: [], environment: {}, configuration: {}, acceptNoise: false,
  };
}
