import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loopOf } from '../../src/diagnose/signs/event-loop.ts';
import { situationOf } from '../../src/diagnose/situation.ts';
import { levelOf } from '../../src/diagnose/window.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import type { Sample } from '../../src/model/sample.ts';
import { HEALTHY, sampleRun } from '../reporters/sample-run.ts';

const run = sampleRun({ ...HEALTHY, hasProbes: false });
const load = run.steps.at(-1) ?? assert.fail('the run has a load');

/** A reading each second of the load. */
function readings(probe: Sample['probe'], instance: string, values: Readonly<Record<string, number>>): Sample[] {
  const seconds = Math.floor((load.endedAtMs - load.startedAtMs) / 1000);
  return Object.entries(values).flatMap(([metric, value]) => Array.from({ length: seconds }, (_, second): Sample => ({ atMs: load.startedAtMs + second * 1000 + 500, probe, metric: metric as MetricName, value, instance })));
}

describe('several servers of a kind', () => {
  it('of PostgreSQL: states are those of the one at work, not a mean with replicas at rest; rates add up, and replicas tell of themselves', () => {
    const replica = { 'postgres.active': 0, 'postgres.connections': 3, 'postgres.commits': 4, 'postgres.replica_lag': 1500 } as const;
    const seen = situationOf({ ...run, samples: [
      ...readings('postgres', 'primary', { 'postgres.active': 4, 'postgres.connections': 6, 'postgres.commits': 90 }), ...readings('postgres', 'a', replica), ...readings('postgres', 'b', replica),
    ] });
    const level = (metric: MetricName): number | null => levelOf(seen.series(metric), seen.judged);
    assert.deepEqual([level('postgres.active'), level('postgres.connections'), level('postgres.commits'), level('postgres.replica_lag')], [4, 6, 98, 1500]);
  });

  it('of the application: how late the loop of one is, and what another computes, are not put together', () => {
    const seen = situationOf({ ...run, samples: [
      ...readings('node', 'web', { 'node.event_loop_lag': 300, 'node.cpu': 20, 'node.event_loop_utilization': 80 }), ...readings('node', 'worker', { 'node.event_loop_lag': 6, 'node.cpu': 95, 'node.event_loop_utilization': 96 }),
    ] });
    const { lagMs, cpu, isBusy } = loopOf(seen);
    assert.deepEqual({ lagMs, cpu, isBusy }, { lagMs: 300, cpu: 20, isBusy: false });
  });
});
