import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PgbouncerReadings } from '../../src/probes/pgbouncer-readings.ts';
import type { Shown, ShownRow } from '../../src/probes/pgbouncer-readings.ts';
import { byMetric } from './reading.ts';

interface Recorded { readonly POOLS: ShownRow[]; readonly STATS: ShownRow[]; readonly DATABASES: ShownRow[] }

const recorded = JSON.parse(readFileSync(new URL('data/pgbouncer-1.18.json', import.meta.url), 'utf8')) as { idle: Recorded; busy: Recorded };

function shown({ POOLS, STATS, DATABASES }: Recorded): Shown {
  return { pools: POOLS, stats: STATS, databases: DATABASES };
}

function changed(part: 'pools' | 'stats' | 'databases', column: string, value: unknown): Shown {
  const busy = shown(recorded.busy);
  return { ...busy, [part]: busy[part].map((row) => ({ ...row, [column]: value })) };
}

describe('what PgBouncer 1.18 shows', () => {
  it('is read by column, the console’s own pool left out, the wait from both of its parts', () => {
    const seen = byMetric(new PgbouncerReadings(null).take(shown(recorded.busy), 1));
    assert.deepEqual(seen, {
      'postgres.pool_waiting': 4, 'postgres.pool_clients': 2, 'postgres.pool_used': 2, 'postgres.pool_max': 2, 'postgres.pool_longest_wait': 300.725,
    });
    const long = byMetric(new PgbouncerReadings(null).take(changed('pools', 'maxwait', 3), 1));
    assert.equal(Math.round(long['postgres.pool_longest_wait'] ?? 0), 3301);
  });

  it('counts a request when it comes and its wait when it ends: the mean wait of a stalled second says nothing, the longest wait does', () => {
    const readings = new PgbouncerReadings('shop');
    readings.take(shown(recorded.idle), 10);
    const seen = byMetric(readings.take(shown(recorded.busy), 10.5));
    // Four have waited 300 ms each by then; by the counters the mean is 2.4 ms.
    assert.ok((seen['postgres.pool_acquire_time'] ?? 99) < 3);
    assert.ok((seen['postgres.pool_longest_wait'] ?? 0) > 299);
    assert.equal(seen['postgres.statements'], 12);
  });

  it('takes the number of assignments where there is one (1.23), since a transaction of session pooling is none', () => {
    const readings = new PgbouncerReadings(null);
    const at = (count: number, waited: string): Shown => {
      const busy = shown(recorded.busy);
      return { ...busy, stats: busy.stats.map((row) => ({ ...row, total_server_assignment_count: String(count), total_wait_time: waited })) };
    };
    readings.take(at(10, '0'), 1);
    assert.equal(byMetric(readings.take(at(14, '400000'), 2))['postgres.pool_acquire_time'], 100);
  });

  it('adds up the pools of several users, and takes a database’s own limit into account', () => {
    const busy = shown(recorded.busy);
    const second = { ...busy.pools[1], user: 'reports' };
    assert.equal(byMetric(new PgbouncerReadings(null).take({ ...busy, pools: [...busy.pools, second] }, 1))['postgres.pool_max'], 4);
    const limited = { ...changed('databases', 'max_connections', 3), pools: [...busy.pools, second] };
    assert.equal(byMetric(new PgbouncerReadings(null).take(limited, 1))['postgres.pool_max'], 3);
  });

  it('gives no rate when it was restarted in between', () => {
    const readings = new PgbouncerReadings(null);
    readings.take(shown(recorded.busy), 1);
    const seen = byMetric(readings.take(shown(recorded.idle), 2));
    assert.equal(seen['postgres.statements'], undefined);
    assert.equal(seen['postgres.pool_waiting'], 0);
  });
});
