import assert from 'node:assert/strict';
import { it } from 'node:test';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { postgresProbe } from '../../src/probes/postgres.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { byMetric, openProbe } from './reading.ts';

it('PostgreSQL’s counters that begin at 0 again, as after a crash, give no wrong rate', async (t) => {
  const started = new AsyncDisposableStack();
  t.after(() => started.disposeAsync());
  const folder = await makeTempFolder('postgres-reset');
  started.defer(() => folder.dispose());
  const server = await startPostgres({ dir: folder.path, settings: {} });
  started.defer(() => server.stop());
  const admin = new pg.Client(server.url);
  await admin.connect();
  started.defer(() => admin.end());
  await admin.query('create table visits (id int primary key); insert into visits select generate_series(1, 100)');
  const touch = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index += 1) await admin.query('select count(*) from visits');
    // Else a session tells its counts up to ten seconds late.
    await admin.query('select pg_stat_force_next_flush()');
    await admin.query('select 1');
  };
  const probe = await openProbe(t, postgresProbe, server.url);
  const read = async (elapsedSeconds: number): Promise<Partial<Record<string, number>>> => byMetric(await probe.read(elapsedSeconds, AbortSignal.timeout(2000)));
  const between = async (work: () => Promise<unknown>): Promise<Partial<Record<string, number>>> => {
    const startedMs = performance.now();
    await work();
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    return read((performance.now() - startedMs) / 1000);
  };
  await read(0);
  await between(() => touch(300));
  const reset = await between(async () => { await admin.query('select pg_stat_reset()'); await touch(20); });
  const after = await between(() => touch(50));
  for (const seen of [reset, after]) {
    for (const metric of ['postgres.commits', 'postgres.rollbacks', 'postgres.blocks_hit', 'postgres.blocks_read', 'postgres.deadlocks']) {
      assert.ok((seen[metric] ?? 0) >= 0, `${metric} ${seen[metric]}`);
    }
    assert.ok((seen['postgres.commits'] ?? 0) < 60 / 0.3, `at most what was done since: ${seen['postgres.commits']}/s`);
  }
  assert.ok((after['postgres.commits'] ?? 0) > 0, 'and it is counted on from there');
});
