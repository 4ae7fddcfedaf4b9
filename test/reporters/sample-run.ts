import type { Interval, IntervalRow } from '../../src/model/interval.ts';
import type { LoadShape } from '../../src/model/load.ts';
import type { Run, RunStep } from '../../src/model/run.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder } from '../../src/stats/histogram.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';
import { okProbes, probeSamples } from './sample-samples.ts';

/** 2026-03-02 09:30:00 UTC: a fixed moment, so that every rendering is the same. */
export const START_MS = Date.UTC(2026, 2, 2, 9, 30);

/** What the synthetic run looks like; the same course gives the same run, to the last bucket. */
export interface Course {
  /** Database pool too small: dashboards wait in line once the load is on. */
  readonly isPoolShort: boolean;
  readonly judgedSeconds: number;
  /** Requests of the load suite that fail, spread over its judged seconds. */
  readonly failing: number;
  readonly hasProbes: boolean;
}

export const HEALTHY: Course = { isPoolShort: false, judgedSeconds: 152, failing: 0, hasProbes: true };

interface Endpoint {
  readonly journey: string;
  readonly step: string;
  /** Share of the requests, as the journeys' weights give it. */
  readonly share: number;
  readonly medianMs: number;
  /** How much longer it takes under load with the pool short. */
  readonly waits: number;
}

export const ENDPOINTS: readonly Endpoint[] = [
  { journey: 'dashboard', step: 'dashboard', share: 0.2, medianMs: 32, waits: 13.4 },
  { journey: 'dashboard', step: 'finance-summary', share: 0.2, medianMs: 24, waits: 17.5 },
  { journey: 'content-browsing', step: 'list-contents', share: 0.2, medianMs: 11, waits: 3 },
  { journey: 'content-browsing', step: 'read-content', share: 0.2, medianMs: 6, waits: 3 },
  { journey: 'content-generation', step: 'generate-content', share: 0.1, medianMs: 58, waits: 2 },
  { journey: 'social-publish', step: 'list-drafts', share: 0.05, medianMs: 9, waits: 3 },
  { journey: 'social-publish', step: 'publish-content', share: 0.05, medianMs: 74, waits: 2 },
];

/** Requests that make one stray error no breach of 0.1 %, and the least time an endpoint is measured. */
const UNIT_REQUESTS = 4742;
const LEAST_UNIT_SECONDS = 11;
const REFERENCE_SECONDS = 20;
const RAMP_SECONDS = 5;
const RATE = 33.3;
const PER_JOURNEY = 100 / 55;

/** Phase 2 of `ventures`: every endpoint alone, then the journeys together; one endpoint after the other, a second between them. */
export function sampleRun(course: Course): Run {
  const random = randomNumbers(7);
  const units: RunStep[] = [];
  const nextStart = (): number => (units.at(-1)?.endedAtMs ?? START_MS) + 1000;
  for (const endpoint of ENDPOINTS) units.push(unitStep(endpoint, nextStart(), random));
  const loadStartsMs = nextStart();
  const load = loadStep(course, loadStartsMs, random);
  return {
    formatVersion: 1,
    id: '2026-03-02T09-30-00Z-ventures-phase2-7f3a',
    startedAtMs: START_MS,
    endedAtMs: load.endedAtMs + 1000,
    plan: { id: 'ventures', phase: '2', file: 'thresholds/ventures.yaml' },
    target: { url: 'http://127.0.0.1:28411', demo: course.isPoolShort ? 'db-connections' : null, servers: ['PostgreSQL 18.4', 'Redis 7.0.15', 'built-in vector service'] },
    suites: ['unit', 'load'],
    steps: [...units, load],
    samples: course.hasProbes ? probeSamples(course, START_MS, load, random) : [],
    probes: course.hasProbes ? okProbes() : [],
    interrupted: null,
    assumptions: [
      'load: 2,000 users x 1 request a minute = 33.3 requests/s',
      'unit: http.error_rate < 0.1 % is decided by 4,742 requests, one of them stray',
      'load: http.error_rate < 0.1 % is decided by 4,742 requests, one of them stray; 4,742 ÷ 33.3/s = 143 s; 152 s, so that chance leaves it enough in 99 of 100 runs',
    ],
    environment: { scaleplan: '0.1.0', node: '24.21.0', os: 'linux 6.1.0', host: 'build-7', cpu: 'Example CPU @ 2.50GHz', cores: 2, memoryBytes: 8_000_000_000 },
    configuration: { plan: 'ventures', phase: '2', profile: 'quick', users: null, ratePerSec: 33.333 },
    acceptNoise: false,
  };
}

function unitStep(endpoint: Endpoint, startedAtMs: number, random: () => number): RunStep {
  const perSecond = Math.min(470, Math.round(4000 / (endpoint.medianMs / 4 + 1)));
  const length = Math.max(LEAST_UNIT_SECONDS, Math.ceil((UNIT_REQUESTS * 1.05) / perSecond)) + 1;
  const spread = normalNumbers(random);
  const recorder = new LatencyRecorder();
  const intervals = Array.from({ length }, (_, second): Interval => {
    const requests = Math.round(perSecond * (1 + 0.02 * spread()));
    // Alone and on warm caches an endpoint takes a fraction of what it takes among the others.
    for (let at = 0; at < requests; at += 1) recorder.record((endpoint.medianMs / 4) * 1000 * Math.exp(0.2 * spread()));
    return { second, startedAtMs: startedAtMs + second * 1000, sent: requests, arrivals: 0, skipped: 0, rows: [row(endpoint, requests, {}, recorder)], generator: { loopUtilization: 0.31, loopLagMs: 3 } };
  });
  const shape: LoadShape = {
    model: 'closed',
    stages: [
      { name: 'warm-up', judged: false, durationSeconds: 1, users: 4, enough: null },
      { name: 'sustain', judged: true, durationSeconds: length - 1, users: 4, enough: null },
    ],
  };
  return {
    ...stepOf('unit', shape, startedAtMs, intervals), endpoint: { journey: endpoint.journey, step: endpoint.step },
    engine: 'autocannon', engineVersion: '9.0.0', requestsPerArrival: 1,
  };
}

function loadStep(course: Course, startedAtMs: number, random: () => number): RunStep {
  const arrivals = RATE / PER_JOURNEY;
  const shape: LoadShape = {
    model: 'open',
    stages: [
      { name: 'reference', judged: false, durationSeconds: REFERENCE_SECONDS, arrivalsPerSec: { from: arrivals / 4, to: arrivals / 4 } },
      { name: 'ramp', judged: false, durationSeconds: RAMP_SECONDS, arrivalsPerSec: { from: arrivals / 4, to: arrivals } },
      { name: 'sustain', judged: true, durationSeconds: course.judgedSeconds, arrivalsPerSec: { from: arrivals, to: arrivals } },
    ],
  };
  const spread = normalNumbers(random);
  const recorder = new LatencyRecorder();
  const seconds = REFERENCE_SECONDS + RAMP_SECONDS + course.judgedSeconds;
  const failures = new Map(Array.from({ length: course.failing }, (_, at) => [REFERENCE_SECONDS + RAMP_SECONDS + Math.floor(((at + 0.5) * course.judgedSeconds) / course.failing), at]));
  const intervals = Array.from({ length: seconds }, (_, second): Interval => {
    const isFull = second >= REFERENCE_SECONDS + RAMP_SECONDS;
    const rate = RATE * Math.min(1, Math.max(0.25, 0.25 + (0.75 * (second - REFERENCE_SECONDS)) / RAMP_SECONDS));
    const failure = failures.get(second);
    const rows = ENDPOINTS.map((endpoint, index) => {
      const requests = Math.floor(rate * endpoint.share * (1 + 0.05 * spread()) + random());
      const errors = failure !== undefined && index === failure % 2 ? 1 : 0;
      const factor = course.isPoolShort && isFull ? endpoint.waits * (1 + 0.1 * Math.sin(second / 9)) : 1;
      for (let at = errors; at < requests; at += 1) recorder.record(endpoint.medianMs * factor * 1000 * Math.exp((factor > 1 ? 0.22 : 0.35) * spread()));
      return row(endpoint, requests, errors === 0 ? {} : index === 0 ? { 'http-5xx': 1 } : { timeout: 1 }, recorder);
    }).filter(({ requests }) => requests > 0);
    const sent = rows.reduce((sum, { requests }) => sum + requests, 0);
    return { second, startedAtMs: startedAtMs + second * 1000, sent, arrivals: Math.round(sent / PER_JOURNEY), skipped: 0, rows, generator: { loopUtilization: 0.12, loopLagMs: 4 } };
  });
  return { ...stepOf('load', shape, startedAtMs, intervals), engine: 'artillery', engineVersion: '2.0.34', requestsPerArrival: PER_JOURNEY };
}

function row({ journey, step }: Endpoint, requests: number, errors: IntervalRow['errors'], recorder: LatencyRecorder): IntervalRow {
  const statuses = { 200: recorder.count };
  return { journey, step, requests, errors, statuses, bytes: requests * 812, latency: recorder.take(), errorLatency: EMPTY_HISTOGRAM, ttfb: EMPTY_HISTOGRAM };
}

function stepOf(suite: 'unit' | 'load', shape: LoadShape, startedAtMs: number, intervals: readonly Interval[]): Omit<RunStep, 'engine' | 'engineVersion' | 'requestsPerArrival'> {
  return {
    suite, scenario: 'scenarios/ventures/load.yml', endpoint: null, model: shape.model, shape, timeoutMs: 10_000, startedAtMs,
    endedAtMs: startedAtMs + intervals.length * 1000, outcome: { status: 'completed' }, intervals, generatorReasons: [],
  };
}
