import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { ScaleplanError } from '../../src/errors.ts';
import { pgbouncerProbe } from '../../src/probes/pgbouncer.ts';
import { byMetric, openProbe, readTwice } from './reading.ts';
import { findPgbouncer, startPgbouncer } from './start-pgbouncer.ts';

const missing = findPgbouncer() === null ? 'no PgBouncer here: install it, or run node bin/set-up.js --for-tests' : false;

describe('the PgBouncer probe on a real PgBouncer', { skip: missing }, () => {
  let dir: string;
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let bouncer: Awaited<ReturnType<typeof startPgbouncer>>;
  let place: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    server = await startPostgres({ dir, settings: {} });
    bouncer = await startPgbouncer({ dir, server: server.url, poolSize: 2 });
    place = bouncer.url('stats', '').replace(/\/$/, '');
  });
  after(async () => {
    await bouncer?.stop();
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  async function connect(t: TestContext): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: bouncer.url('app', 'shop') });
    client.on('error', () => {});
    await client.connect();
    t.after(() => client.end());
    return client;
  }

  it('sees the clients that wait while PostgreSQL sees calm connections, and how long the first has waited', async (t) => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => connect(t)));
    const probe = await openProbe(t, pgbouncerProbe, place);
    const running = clients.map((client) => client.query('select pg_sleep(0.7)'));
    await sleep(450);
    const seen = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
    assert.deepEqual([seen['postgres.pool_waiting'], seen['postgres.pool_used'], seen['postgres.pool_max']], [4, 2, 2]);
    assert.ok((seen['postgres.pool_longest_wait'] ?? 0) > 200 && (seen['postgres.pool_longest_wait'] ?? 0) < 700, String(seen['postgres.pool_longest_wait']));
    await Promise.all(running);
  });

  it('forms wait and query time of the interval, its own commands left out', async (t) => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect(t)));
    const probe = await openProbe(t, pgbouncerProbe, `${place}/shop`);
    const seen = await readTwice(probe, async () => {
      await Promise.all(clients.map((client) => client.query('select pg_sleep(0.3)')));
    });
    // Two were served at once, two waited for them.
    assert.ok((seen['postgres.pool_acquire_time'] ?? 0) > 100 && (seen['postgres.pool_acquire_time'] ?? 0) < 350, String(seen['postgres.pool_acquire_time']));
    assert.ok((seen['postgres.query_time'] ?? 0) > 290 && (seen['postgres.query_time'] ?? 0) < 600, String(seen['postgres.query_time']));
    assert.ok((seen['postgres.statements'] ?? 0) > 2 && (seen['postgres.statements'] ?? 99) < 14, String(seen['postgres.statements']));
    const idle = await readTwice(probe, async () => {});
    assert.deepEqual([idle['postgres.statements'], idle['postgres.pool_acquire_time'], idle['postgres.pool_waiting']], [0, undefined, 0]);
  });

  it('refuses a user outside stats_users, and prints the line of pgbouncer.ini', async (t) => {
    await assert.rejects(openProbe(t, pgbouncerProbe, bouncer.url('watcher', 'pgbouncer')), (error: unknown) =>
      error instanceof ScaleplanError && error.code === 'probe-refused' && /stats_users = watcher/.test(error.hint ?? ''));
  });

  it('says when it is PostgreSQL itself, when a database is not there, when nothing listens', async (t) => {
    await assert.rejects(openProbe(t, pgbouncerProbe, server.url), (error: unknown) => error instanceof ScaleplanError && /6432/.test(error.hint ?? ''));
    await assert.rejects(openProbe(t, pgbouncerProbe, `${place}/shpo`), (error: unknown) => error instanceof ScaleplanError && /shop/.test(error.hint ?? ''));
    await assert.rejects(openProbe(t, pgbouncerProbe, 'postgres://u:p4ssword@127.0.0.1:1'), (error: unknown) =>
      error instanceof ScaleplanError && /127\.0\.0\.1:1/.test(error.message) && !/p4ssword/.test(error.message + (error.hint ?? '')));
  });

  it('costs under 2 ms a tick, waiting included', async (t) => {
    const probe = await openProbe(t, pgbouncerProbe, place);
    const times: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const startedMs = performance.now();
      await probe.read(index === 0 ? 0 : 1, AbortSignal.timeout(2000));
      times.push(performance.now() - startedMs);
    }
    t.diagnostic(`three SHOW commands: best ${Math.min(...times).toFixed(2)} ms from asking to the last answer`);
    assert.ok(Math.min(...times) < 2);
  });
});
