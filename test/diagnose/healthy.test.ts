import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RULES } from '../../src/diagnose/rules/registry.ts';
import { lookAt } from '../../src/diagnose/focus.ts';
import { NAMED_FROM } from '../../src/diagnose/score.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import type { Series } from '../../src/stats/series.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';
import { SECONDS } from './situation-builder.ts';
import { WELL, type Courses } from './systems.ts';
import { namedIn, system, told } from './trouble.ts';

/** Nothing is wrong with any of these, whatever one of their figures looks like. */
const HEALTHY: Readonly<Record<string, Courses>> = {
  'as it should be': {},
  'at 90 % CPU of its thread, in time': { 'node.cpu': [24, 90], 'node.event_loop_utilization': [25, 92], 'node.event_loop_lag': 24, 'host.cpu': 60 },
  'on a host at 95 %, in time': { 'host.cpu': [40, 95], 'host.cpu_pressure': 45, 'node.event_loop_lag': 22 },
  'on a host that other work fills, in time': { 'host.cpu': 100, 'host.cpu_pressure': 95, 'host.run_queue_wait': 300, 'node.run_queue_wait': 15, 'node.event_loop_lag': 30 },
  'slow by nature, and hardly loaded': { 'http.mean': 900, 'http.p95': 1400, 'node.request_time': 890 },
  'slow in an upstream of its own': { 'http.mean': [300, 310], 'node.request_time': [295, 305] },
  'with a cold cache that fills up': { 'redis.hits': (second) => Math.min(32, second / 2), 'redis.misses': (second) => Math.max(1, 30 - second / 2), 'redis.keys': (second) => 30 * second },
  'with a cache that turns keys over at a good hit ratio': { 'redis.evictions': 4, 'redis.memory_used': 100 },
  'with a cache asked for a handful of keys': { 'redis.hits': 0.1, 'redis.misses': 0.4 },
  'with queues beside its cache, that miss by design': { 'redis.queue_keys': 1, 'redis.hits': 2, 'redis.misses': 60 },
  'with many misses that cost nothing': { 'redis.hits': 4, 'redis.misses': 46, 'postgres.active': 0.02 },
  'with a pool that fills for two seconds in ten': { 'postgres.pool_waiting': (second) => (second % 10 < 2 ? 3 : 0) },
  'with a pool half full': { 'postgres.pool_used': 10, 'postgres.active': 9, 'http.mean': [280, 290], 'node.request_time': 280 },
  'with idle connections near the limit': { 'postgres.connections_used': 88, 'postgres.connections': 53 },
  'with all slots open and idle': { 'postgres.connections_used': 97, 'postgres.connections': 58 },
  'with a lock now and then': { 'postgres.lock_waiting': (second) => (second % 6 === 0 ? 1 : 0), 'postgres.active': 2 },
  'with one deadlock': { 'postgres.deadlocks': (second) => (second === 44 ? 1 : 0) },
  'with a long report in the database': { 'postgres.active': 1.2, 'postgres.longest_transaction': (second) => second * 1000 },
  'with a backup for ten seconds': { 'postgres.query_time': (second) => (second > 40 && second < 50 ? 90 : 3), 'host.io_pressure': (second) => (second > 40 && second < 50 ? 80 : 2), 'host.disk_read_time': (second) => (second > 40 && second < 50 ? 60 : 2) },
  'with statements that are most of a fast answer': { 'postgres.active': 0.28, 'postgres.query_time': 5 },
  'with a burst of jobs that is worked off': { 'queue.depth': (second) => Math.max(0, 70 - (second - 20) * 4), 'queue.active': 4, 'queue.worker_utilization': (second) => (second < 45 ? 100 : 10) },
  'with a steady handful of jobs': { 'queue.depth': 12, 'queue.active': 2, 'queue.worker_utilization': 70 },
  'with jobs planned for later': { 'queue.delayed': 4000, 'queue.depth': 1 },
  'with one long collection': { 'node.gc_time': (second) => (second === 33 ? 80 : 1), 'node.event_loop_lag': (second) => (second === 33 ? 700 : 6), 'node.event_loop_lag_max': (second) => (second === 33 ? 900 : 14) },
  'with a heap that grows and is collected': { 'node.heap_used': (second) => 5e7 + (second % 15) * 4e6, 'node.gc_time': 4 },
  'with a heap that is still warming up': { 'node.heap_used': (second) => 5e7 + 8e5 * second, 'node.gc_time': 2 },
  'with a full page cache': { 'host.memory': 96, 'host.memory_pressure': 0, 'host.major_faults': 3 },
  'with a process killed elsewhere on the host': { 'host.oom_kills': (second) => (second === 40 ? 1 : 0) },
  'with a search that takes 90 ms': { 'qdrant.search_time': 90, 'qdrant.search_mean': 60, 'http.mean': 20, 'node.request_time': 19 },
  'with searches refused that nobody waits for': { 'qdrant.errors': 0.1 },
  'with a replica 80 ms behind': { 'postgres.replica_lag': 80, 'postgres.replica_bytes_behind': 60_000 },
  'with an idle primary, whose replica’s clock runs on': { 'postgres.replica_lag': (second) => second * 1000, 'postgres.replica_bytes_behind': 0 },
  'with files read in 60 ms': { 'files.read_time': 60, 'http.mean': 80, 'node.request_time': 79 },
  'with one segment in a hundred sent again': { 'host.network_retransmits': 1 },
  'behind a proxy that adds 20 ms': { 'http.mean': [28, 29] },
  'with a generator that is late now and then': { 'generator.loop_lag': (second) => (second % 20 === 0 ? 140 : 8) },
};

describe('a healthy system', () => {
  for (const [name, courses] of Object.entries(HEALTHY)) {
    it(`${name}: nothing is hit, whatever the noise`, () => {
      for (const [seed, spread] of [0, 0.1, 0.3].entries()) {
        const found = told(noisy(courses, spread, seed), []);
        assert.deepEqual([found.outcome, namedIn(found)], ['none', []], `${spread}: ${JSON.stringify(found.bottlenecks.map(({ id, confidence }) => [id, confidence]))} ${found.harm.map(({ text }) => text).join()}`);
      }
    });
  }

  it('of which a limit is broken for a reason nobody reads is told so, not guessed at', () => {
    for (const [name, courses] of Object.entries(HEALTHY)) {
      // Nothing but a few suspicions: where something is broken and nothing saturated, no bottleneck is the answer.
      assert.deepEqual(namedIn(told(system({ ...courses, 'http.p95': 2600 }))), [], name);
    }
  });
});

describe('one wrong reading', () => {
  const metrics = Object.keys(WELL).filter((metric) => !metric.startsWith('http.')) as MetricName[];

  it('names nothing, whichever it is, wherever it falls, and whatever it says', () => {
    const random = randomNumbers(7);
    for (const metric of metrics) {
      for (const value of [0, 100, Number.POSITIVE_INFINITY]) {
        const at = Math.floor(random() * SECONDS);
        const seen = withReading(metric, at, value);
        for (const rule of RULES) {
          const { confidence } = lookAt(rule, seen, () => false);
          assert.ok(confidence < NAMED_FROM, `${rule.id} ${confidence} by ${metric} = ${value} in second ${at}`);
        }
      }
    }
  });

  it('nor does one that is missing', () => {
    for (const metric of metrics) assert.deepEqual(namedIn(told(withReading(metric, 50, Number.NaN))), [], metric);
  });
});

function withReading(metric: MetricName, at: number, value: number) {
  const seen = system({});
  const changed = (series: Series | null): Series | null => series && { values: series.values.map((one, second) => (second === at ? value : one)) };
  return { ...seen, series: (name: MetricName, instance?: string) => (name === metric ? changed(seen.series(name)) : seen.series(name, instance)) };
}

/** Every figure wobbles from second to second, as measured ones do; what is 0 stays 0. */
function noisy(courses: Courses, spread: number, seed: number) {
  const normal = normalNumbers(randomNumbers(seed + 1));
  const seen = system(courses);
  const known = new Map<string, Series | null>();
  return {
    ...seen,
    series: (name: MetricName, instance?: string): Series | null => {
      const own = seen.series(name, instance);
      if (!known.has(name)) known.set(name, own && { values: own.values.map((value) => Math.max(0, value * (1 + spread * normal()))) });
      return known.get(name) ?? null;
    },
  };
}
