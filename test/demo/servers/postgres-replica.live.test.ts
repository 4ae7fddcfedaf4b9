import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startReplica } from '../../../src/demo/servers/postgres-replica.ts';
import { startPostgres } from '../../../src/demo/servers/postgres.ts';
import { makeTempFolder } from '../../../src/process/temp-folder.ts';

async function connect(t: TestContext, connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  t.after(() => client.end().catch(() => {}));
  return client;
}

async function visitsIn(client: pg.Client, wanted: number, limitMs: number): Promise<{ seen: number; afterMs: number }> {
  const startedAtMs = performance.now();
  for (;;) {
    const { rows } = await client.query<{ seen: number }>('select count(*)::int as seen from visits');
    const [seen, afterMs] = [rows[0]?.seen ?? 0, performance.now() - startedAtMs];
    if (seen >= wanted || afterMs > limitMs) return { seen, afterMs };
    await sleep(20);
  }
}

test('replicas hold what the primary had, follow it, refuse writes, and lag as their setting says', { timeout: 60_000 }, async (t) => {
  const folder = await makeTempFolder('replica-test');
  t.after(() => folder.dispose());
  const settings = { max_connections: '20', shared_buffers: '16MB' };
  const primary = await startPostgres({ dir: folder.path, settings });
  t.after(() => primary.stop());
  const writer = await connect(t, primary.url);
  await writer.query('create table visits (id int)');
  await writer.query('insert into visits select generate_series(1, 1000)');

  const prompt = await startReplica({ dir: folder.path, name: 'replica_1', primary, settings });
  t.after(() => prompt.stop());
  const late = await startReplica({ dir: folder.path, name: 'replica_2', primary, settings: { ...settings, recovery_min_apply_delay: '1500ms' } });
  t.after(() => late.stop());
  const [promptReader, lateReader] = [await connect(t, prompt.url), await connect(t, late.url)];
  assert.equal((await visitsIn(promptReader, 1000, 5000)).seen, 1000);
  assert.equal((await visitsIn(lateReader, 1000, 5000)).seen, 1000);
  await assert.rejects(promptReader.query('insert into visits values (0)'), /read-only/);

  await writer.query('insert into visits values (1001)');
  const { seen, afterMs } = await visitsIn(promptReader, 1001, 5000);
  assert.ok(seen === 1001 && afterMs < 1000, `${seen} after ${afterMs} ms`);
  assert.equal((await visitsIn(lateReader, 1001, 0)).seen, 1000);
  assert.equal((await visitsIn(lateReader, 1001, 10_000)).seen, 1001);
});
