import type { MetricName } from '../../src/model/metrics.ts';
import type { ProbeKind } from '../../src/model/probe-kind.ts';
import type { RunStep } from '../../src/model/run.ts';
import type { ProbeStatus, Sample } from '../../src/model/sample.ts';
import { normalNumbers } from '../stats/random.ts';
import type { Course } from './sample-run.ts';

/** What a probe read, at rest, under the unit suite, and under load: healthy, and with the pool short. */
type Reading = readonly [probe: ProbeKind, metric: MetricName, rest: number, healthy: number, short: number];

const READINGS: readonly Reading[] = [
  ['node', 'postgres.pool_waiting', 0, 0, 45],
  ['node', 'postgres.pool_used', 0, 2, 5],
  ['node', 'postgres.pool_max', 20, 20, 5],
  ['node', 'postgres.pool_acquire_time', 0.1, 0.4, 465],
  ['node', 'postgres.query_time', 2, 9, 52],
  ['node', 'postgres.pool_acquires', 0, 88, 96],
  ['postgres', 'postgres.connections_used', 8, 22, 23],
  ['postgres', 'postgres.active', 0, 1, 5],
  ['postgres', 'postgres.active_on_cpu', 0, 0.4, 0.3],
  ['postgres', 'postgres.lock_waiting', 0, 0, 0],
  ['postgres', 'postgres.idle_in_transaction', 0, 0, 0.1],
  ['redis', 'redis.hits', 0, 64, 62],
  ['redis', 'redis.misses', 0, 0.7, 0.6],
  ['redis', 'redis.evictions', 0, 0, 0],
  ['redis', 'redis.memory_used', 21, 24, 24],
  ['qdrant', 'qdrant.search_time', 6, 11, 12],
  ['qdrant', 'qdrant.search_mean', 4, 7, 7],
  ['qdrant', 'qdrant.searches', 0, 3.3, 3.3],
  ['node', 'node.event_loop_lag', 1.2, 4.1, 5],
  ['node', 'node.cpu', 3, 31, 28],
  ['node', 'node.event_loop_utilization', 2, 29, 26],
  ['host', 'host.cpu', 5, 38, 35],
  ['bullmq', 'queue.depth', 0, 1, 1],
];

const KINDS: readonly (readonly [ProbeKind, string])[] = [
  ['postgres', 'PostgreSQL 18.4, role scaleplan with pg_monitor'], ['redis', 'Redis 7.0.15'], ['qdrant', 'built-in vector service'],
  ['node', 'prom-client metrics'], ['bullmq', 'queue publish'], ['host', 'this machine, 2 cores'],
];

export function okProbes(): ProbeStatus[] {
  return KINDS.map(([kind, detail]) => ({ kind, status: 'ok', detail, missedTicks: 0 }));
}

/** One reading a second of every metric, from the run's first second to the end of the load. */
export function probeSamples(course: Course, startedAtMs: number, load: RunStep, random: () => number): Sample[] {
  const spread = normalNumbers(random);
  const seconds = Math.round((load.endedAtMs - startedAtMs) / 1000);
  const loadFrom = Math.round((load.startedAtMs - startedAtMs) / 1000);
  return Array.from({ length: seconds }, (_, second) => {
    const full = second >= loadFrom + 25 ? 1 : second >= loadFrom ? 0.2 : 0.6;
    return READINGS.map(([probe, metric, rest, healthy, short]): Sample => {
      const target = course.isPoolShort && second >= loadFrom + 25 ? short : healthy;
      const isFixed = metric === 'postgres.pool_max';
      const level = isFixed ? (course.isPoolShort ? short : rest) : rest + (target - rest) * full;
      const value = Math.max(0, isFixed || level === 0 ? level : level * (1 + 0.06 * spread()));
      return {
        atMs: startedAtMs + second * 1000 + 400, probe, metric, value: Number(value.toPrecision(6)),
        ...(metric.startsWith('qdrant.search_') ? { weight: 3 } : {}), ...(metric === 'queue.depth' ? { instance: 'publish' } : {}),
      };
    });
  }).flat();
}
