import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shownBy } from '../../src/cli/shown-by-run.ts';
import type { Run, RunStep, StressStageFacts } from '../../src/model/run.ts';
import type { Sample } from '../../src/model/sample.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { interval, okProbe, openShape, run, START_MS, step, times } from '../judge/facts.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const PLAN = { id: 'ventures', phase: '2', file: 'ventures.yaml' } as const;

type Stage = readonly [load: number, purpose: StressStageFacts['purpose'], seconds?: number];

/** A search of something that makes dashboards wait beyond 60 requests/s, by an event loop that is busy for a third of a percent a request. */
function searched(stages: readonly Stage[]): Run {
  const steps: RunStep[] = [];
  const samples: Sample[] = [];
  let at = 0;
  for (const [load, purpose, seconds = 12] of stages) {
    const startedAtMs = START_MS + at * 1000;
    const row = (journey: string, share: number, ms: number) => ({ journey, latenciesMs: times(Math.round(load * share), (each) => ms * (1 + 0.01 * (each % 5))) });
    const rows = [row('dashboard', 0.5, load > 60 ? 900 : 60 + load), row('content-generation', 0.25, 150), row('social-publish', 0.25, 30)];
    const intervals = times(seconds, (second) => ({ ...interval(second, rows, startedAtMs), arrivals: Math.round(load / 2) }));
    steps.push(step(intervals, { suite: 'stress', shape: openShape(seconds), requestsPerArrival: 2, startedAtMs, endedAtMs: startedAtMs + seconds * 1000, stage: { load, purpose, isHarmful: false, overloadSeconds: null } }));
    for (const second of times(seconds, (each) => each)) samples.push({ atMs: startedAtMs + second * 1000 + 500, probe: 'node', metric: 'node.event_loop_utilization', value: load / 3 + (second % 3) });
    at += seconds + 5;
  }
  return run(steps, { plan: PLAN, suites: ['stress'], samples, probes: [okProbe('node')], endedAtMs: START_MS + at * 1000, stress: { by: 'rate', startLoad: 16, mostLoad: null, stoppedBy: null, notes: [] } });
}

const CLIMB: readonly Stage[] = [[16, 'climb'], [32, 'climb'], [64, 'climb'], [48, 'search'], [56, 'search'], [62, 'search'], [59, 'search']];

describe('what a search shows', () => {
  it('is its edge, what was carried to the last user of the confirming stage, and what comes behind', () => {
    const { edge, carried, behind, broke } = shownBy(searched([...CLIMB, [56, 'confirm', 62]]), plan);
    assert.ok(edge !== null && edge.basis === 'measured' && edge.users.low === 3360 && edge.users.mid < 3900, JSON.stringify(edge));
    // 56 requests/s of one a minute.
    assert.deepEqual([carried, behind?.bottleneck, broke], [3360, 'node-cpu', null]);
  });

  it('is nothing carried where no stage confirmed it', () => {
    assert.equal(shownBy(searched(CLIMB), plan).carried, null);
  });
});

/** A minute of a test at 16 requests/s, whose dashboards take so long. */
function tested(ms: number, more: Partial<Run> = {}): Run {
  const seconds = times(60, (at) => interval(at, [{ latenciesMs: times(16, (each) => ms + (each % 7)) }]));
  return run([step(seconds, { shape: openShape(40, 20) })], { plan: PLAN, configuration: { ratePerSec: 16 }, ...more });
}

describe('what a test shows', () => {
  it('that harmed its users is no capacity, and the harm is the reason', () => {
    const { edge, carried, reason } = shownBy(tested(2000), plan);
    assert.deepEqual([edge, carried], [null, null]);
    assert.match(reason, /its users were harmed \(http\.p95/);
  });

  it('that is not valid is no capacity, and what was wrong with it is the reason', () => {
    const [only] = tested(50).steps;
    const { edge, carried, reason } = shownBy(tested(50, { steps: [{ ...(only ?? assert.fail()), generatorReasons: ['the generator was late'] }] }), plan);
    assert.deepEqual([edge, carried], [null, null]);
    assert.match(reason, /it is not valid: .*the generator was late/);
  });

  it('is carried only with every threshold proven: so few requests do not prove a share of errors', () => {
    assert.equal(shownBy(tested(50), plan).carried, null);
  });
});
