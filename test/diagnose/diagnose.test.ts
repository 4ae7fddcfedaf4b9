import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { harmIn, harmOf } from '../../src/diagnose/harm.ts';
import { RULES } from '../../src/diagnose/rules/registry.ts';
import type { Situation } from '../../src/diagnose/rule.ts';
import type { Diagnosis, Verdict } from '../../src/model/report.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { seriesOf, situation, type Course } from './situation-builder.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const trusted = { valid: true, invalidReason: null, saturated: false, reasons: [] };
const healthy: Record<string, Course> = {
  'postgres.pool_waiting': 0, 'postgres.pool_acquire_time': 0.3, 'postgres.query_time': 2, 'postgres.pool_max': 20,
  'qdrant.search_time': 5, 'qdrant.search_mean': 3, 'qdrant.searches': 3, 'redis.hits': 30, 'redis.misses': 1, 'redis.evictions': 0,
  'node.event_loop_lag': 6, 'node.cpu': 20, 'http.throughput': 33, 'http.mean': 8, 'http.p95': 20, 'http.error_rate': 0,
};
const starvedPool = { 'postgres.pool_waiting': [0, 45], 'postgres.pool_acquire_time': [1, 465], 'postgres.query_time': 52, 'postgres.pool_max': 5, 'postgres.pool_acquires': [20, 96] } as const;
const slow: Verdict = {
  suite: 'load', status: 'fail', observed: 612, low: 590, high: 640, limit: 500, margin: -0.22, samples: 900, reason: '612 ms',
  condition: plan.slo[0] ?? assert.fail('the plan has service levels'),
};

describe('the diagnosis', () => {
  it('says none for a healthy system, with nothing left unjudged', () => {
    const found = of(situation(healthy));
    assert.deepEqual([found.outcome, found.bottlenecks, found.harm, found.unknown], ['none', [], [], []]);
  });

  it('names the milestone of the plan, with its remedy, and rules the rivals out', () => {
    const found = of(situation({ ...healthy, ...starvedPool }), [slow]);
    assert.equal(found.outcome, 'bottleneck');
    const [first] = found.bottlenecks;
    assert.equal(first?.id, 'db-connections');
    assert.equal(first.status, 'hit');
    assert.deepEqual([first.milestone?.users, first.milestone?.prepareByUsers, first.milestone?.hitAtUsers], [500, 400, 2000]);
    const against = first.evidence.filter((one) => !one.for).map((one) => one.text).join(' · ');
    assert.match(against, /Qdrant vector search: search p95 5 ms/);
    assert.match(against, /cache: hit ratio 0\.97/);
    assert.match(against, /Node\.js CPU: event-loop lag/);
  });

  it('calls a bottleneck without harm approaching, not hit', () => {
    const found = of(situation({ ...healthy, ...starvedPool }));
    assert.deepEqual([found.outcome, found.bottlenecks[0]?.status], ['none', 'approaching']);
  });

  it('names two that are true at once', () => {
    const found = of(situation({ ...healthy, ...starvedPool, 'node.event_loop_lag': [8, 400], 'node.cpu': [30, 99] }), [slow]);
    assert.deepEqual(found.bottlenecks.filter((one) => one.status === 'hit').map((one) => one.id).sort(), ['db-connections', 'node-cpu']);
  });

  it('does not guess without probes: it says which would settle it', () => {
    const found = of(situation({ 'http.throughput': 33, 'http.error_rate': 0 }), [slow]);
    assert.equal(found.outcome, 'not-enough-evidence');
    assert.equal(found.unknown.length, RULES.length);
  });

  it('does not take nothing seen for nothing wrong', () => {
    assert.equal(of(situation(healthy, { judged: [0, 0] })).outcome, 'not-enough-evidence');
  });

  it('rules nothing out in a run whose engine broke', () => {
    const broken = { ...trusted, valid: false, invalidReason: 'autocannon failed' };
    assert.equal(diagnose({ situation: situation(healthy), plan, verdicts: [], users: 2000, validity: broken }).outcome, 'not-enough-evidence');
  });

  it('says nothing about the target when the generator was the limit', () => {
    const found = diagnose({ situation: situation({ ...healthy, ...starvedPool }), plan, verdicts: [slow], users: 2000, validity: { ...trusted, valid: false, saturated: true, reasons: ['late'] } });
    assert.deepEqual([found.outcome, found.harm], ['generator', []]);
    assert.deepEqual(found.bottlenecks.map(({ id, status, milestone, evidence }) => [id, status, milestone, evidence[0]?.text]), [['generator', 'approaching', null, 'late']]);
  });
});

describe('a healthy system', () => {
  const more: Record<string, Course> = {
    ...healthy, 'postgres.active': 0.4, 'postgres.lock_waiting': 0, 'node.requests': 33, 'node.request_time': 7, 'node.gc_time': 1, 'node.heap_used': 5e7,
    'host.cpu': 45, 'host.memory': 60, 'host.cpu_pressure': 8, 'host.network_retransmits': 0, 'queue.depth': 0, 'queue.active': 0.3, 'postgres.replica_lag': 2, 'files.read_time': 1,
  };
  const wobble = (value: number, by: number) => (second: number): number => value * (1 + by * Math.sin(second * 1.7) + (second % 17 === 3 ? by : 0));
  const situations: Record<string, Record<string, Course>> = {
    'at rest': more,
    'at 90 % CPU within its targets': { ...more, 'node.cpu': 90, 'node.event_loop_lag': 22, 'host.cpu': 92, 'host.cpu_pressure': 45 },
    'whose cache warms up': { ...more, 'redis.hits': (second) => Math.min(30, second), 'redis.misses': (second) => Math.max(1, 30 - second) },
    'that is slow by nature': { ...more, 'http.mean': 900, 'node.request_time': 890, 'http.p95': 1400 },
    'with a backup for ten seconds': { ...more, 'postgres.query_time': (second) => (second > 40 && second < 50 ? 90 : 3), 'host.io_pressure': (second) => (second > 40 && second < 50 ? 80 : 2) },
    'with a burst of jobs that is worked off': { ...more, 'queue.depth': (second) => Math.max(0, 70 - (second - 20) * 4), 'queue.active': 4 },
    'with one long collection': { ...more, 'node.gc_time': (second) => (second === 33 ? 60 : 1), 'node.event_loop_lag': (second) => (second === 33 ? 700 : 6) },
    'with a full page cache': { ...more, 'host.memory': 96, 'host.memory_pressure': 0 },
    'with idle connections near the limit': { ...more, 'postgres.connections_used': 85 },
    'with a lock now and then': { ...more, 'postgres.lock_waiting': (second) => (second % 6 === 0 ? 1 : 0), 'postgres.active': 2 },
  };
  for (const [name, courses] of Object.entries(situations)) {
    it(`${name} is told healthy, whatever the noise`, () => {
      for (const by of [0, 0.05, 0.15, 0.3]) {
        const noisy = Object.fromEntries(Object.entries(courses).map(([metric, course]) => [metric, typeof course === 'number' ? wobble(course, by) : course]));
        const found = of(situation(noisy));
        assert.equal(found.outcome, 'none', `${by}: ${JSON.stringify(found.bottlenecks.map(({ id, status }) => [id, status]))} ${found.harm.map(({ text }) => text).join()}`);
      }
    });
  }
});

describe('what begins late', () => {
  it('harms by what is counted in these seconds, though on the mean of the run nobody is harmed', () => {
    const stale = situation({ ...healthy, 'postgres.replica_lag': (second) => (second < 68 ? 1 : 1000 * (second - 66)), 'postgres.replica_bytes_behind': (second) => (second < 68 ? 0 : 9000) });
    const found = of(stale);
    assert.deepEqual([found.outcome, found.bottlenecks.map(({ id, status }) => [id, status])], ['bottleneck', [['replica-lag', 'hit']]]);
    assert.match(found.harm[0]?.text ?? '', /what is read from the replica is .* s old/);
    assert.ok((found.bottlenecks[0]?.seconds?.from ?? 0) > 50);
  });

  it('is looked for in the newest ten seconds, whatever the stride', () => {
    for (const end of [70, 71, 72, 73]) {
      const late = situation({ ...healthy, 'postgres.lock_waiting': (second) => (second < end - 6 ? 0 : 8), 'postgres.active': (second) => (second < end - 6 ? 0.4 : 9) }, { judged: [20, end], whole: [20, end] });
      assert.ok(of(late).bottlenecks.some(({ id }) => id === 'db-lock'), String(end));
    }
  });

  it('harms by the crowd of some of its seconds: a lock of nine is over before the window that holds all of it', () => {
    const present = (second: number): number => (second >= 34 && second < 43 ? 3 + 2.4 * (second - 34) : 0);
    const crowd = situation({ ...healthy, 'postgres.lock_waiting': present, 'postgres.active': present, 'postgres.longest_lock_wait': (second) => (present(second) > 0 ? 1000 * (second - 33) : 0) }, {
      client: { inFlight: seriesOf(present), arrivals: null, errorsIn: () => ({}), journeys: [] }, judged: [29, 51], whole: [29, 51],
    });
    const found = of(crowd, [slow]);
    assert.deepEqual(found.bottlenecks.filter(({ status }) => status === 'hit').map(({ id }) => id), ['db-lock']);
  });
});

describe('harm', () => {
  it('is no queue that grows while endpoints are measured alone', () => assert.deepEqual(harmOf(situation({ ...healthy, 'queue.depth': (second) => second * 3 }, { isPlannedLoad: false }), []), []));
  it('is a failed required threshold', () => assert.equal(harmOf(situation(healthy), [slow]).length, 1));
  it('is not a failed threshold that the plan does not require', () => {
    assert.deepEqual(harmOf(situation(healthy), [{ ...slow, condition: { ...slow.condition, required: false } }]), []);
  });
  it('is a rising share of errors', () => assert.match(harmOf(failing(4, 30), [])[0]?.text ?? '', /4 % of the requests fail/));
  it('is not one request that failed by chance, where few come', () => {
    assert.deepEqual(harmOf(failing(4, 1), []), [], '2 of 60');
    assert.deepEqual(harmIn(failing((second) => (second === 45 ? 10 : 0), 10), [40, 50]), [], 'one of a hundred in ten seconds');
  });
  it('is, of some seconds of a run that harmed nobody on the whole, a queue that the run ends with and not one that drained again', () => {
    const late = (second: number): number => Math.max(0, second - 60) * 20;
    const burst = (second: number): number => (second < 30 || second >= 50 ? 0 : (second < 40 ? second - 30 : 50 - second) * 20);
    assert.match(harmIn(situation({ ...healthy, 'queue.depth': late }), [70, 80])[0]?.text ?? '', /queue grows/);
    assert.deepEqual(harmIn(situation({ ...healthy, 'queue.depth': burst }), [30, 40]), []);
  });
  it('is throughput that does not follow the load', () => {
    const flat = situation({ ...healthy, 'http.throughput': [8, 20] }, { sentPerSec: seriesOf([8, 33]) });
    assert.match(harmOf(flat, [])[0]?.text ?? '', /20 of 33 requests a second/);
  });
  it('is a queue that grows', () => assert.match(harmOf(situation({ ...healthy, 'queue.depth': (second) => second * 3 }), [])[0]?.text ?? '', /queue grows/));
});

/** A share of failed requests, of so many a second. */
function failing(percent: Course, perSec: number): Situation {
  const seen = situation(healthy);
  const errors = { ...seriesOf(typeof percent === 'number' ? [0, percent] : percent), weights: seriesOf(perSec).values };
  return { ...seen, series: (metric, instance) => (metric === 'http.error_rate' ? errors : seen.series(metric, instance)) };
}

function of(seen: Situation, verdicts: readonly Verdict[] = []): Diagnosis {
  return diagnose({ situation: seen, plan, verdicts, validity: trusted, users: 2000 });
}
