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
import { PreparedQueries } from '../../src/probes/postgres-prepared.ts';
import { postgresProbe } from '../../src/probes/postgres.ts';
import { byMetric, openProbe, readTwice } from './reading.ts';

type Server = Awaited<ReturnType<typeof startPostgres>>;

describe('the PostgreSQL probe on a real server', () => {
  let dir: string;
  let server: Server;
  let admin: pg.Client;
  let probeUrl: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    server = await startPostgres({
      dir, settings: { max_connections: '12', superuser_reserved_connections: '3', shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_planning': 'on' },
    });
    admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`create extension pg_stat_statements; create table visits (id int primary key, hits int); insert into visits values (1, 0), (2, 0);
      create role probe login password 'probe-secret' connection limit 2; grant pg_monitor to probe;
      create role nobody login password 'x'; create role "Odd Role" login password 'x';
      create role app login password 'x'; grant select, update on visits to app;`);
    probeUrl = as('probe', 'probe-secret');
  });
  after(async () => {
    await admin.end();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  function as(user: string, password: string): string {
    const url = new URL(server.url);
    url.username = encodeURIComponent(user);
    url.password = password;
    return url.href;
  }

  async function connect(t: TestContext, user = 'app'): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: as(user, 'x') });
    client.on('error', () => {});
    await client.connect();
    t.after(() => client.end());
    return client;
  }

  it('refuses a role without pg_monitor, for which every count silently reads 0, and prints the GRANT', async (t) => {
    const blind = await connect(t, 'nobody');
    const seen = await blind.query(`select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`);
    assert.equal(seen.rows[0]?.n, 0, 'the administrator’s session is there, and not seen');
    for (const [role, grant] of [['nobody', 'GRANT pg_monitor TO nobody;'], ['Odd Role', 'GRANT pg_monitor TO "Odd Role";']] as const) {
      await assert.rejects(openProbe(t, postgresProbe, as(role, 'x')), (error: unknown) => {
        assert.ok(error instanceof ScaleplanError && error.code === 'probe-refused');
        assert.ok(error.hint?.includes(grant), error.hint ?? '');
        return true;
      });
    }
  });

  it('counts connections by what they do, itself left out', async (t) => {
    const probe = await openProbe(t, postgresProbe, probeUrl);
    const [holder, waiter, sleeper, idle] = await Promise.all([connect(t), connect(t), connect(t), connect(t)]);
    await holder.query('begin');
    await holder.query('update visits set hits = hits + 1 where id = 1');
    const waiting = waiter.query('update visits set hits = hits + 1 where id = 1');
    const sleeping = sleeper.query('select pg_sleep(0.6)');
    await idle.query('select 1');
    await sleep(250);
    const seen = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
    assert.equal(seen['postgres.connections'], 5, 'four and the administrator');
    // Reserved ones from 16 on are 0 by default: 12 − 3 − our own.
    assert.equal(seen['postgres.slots'], 8);
    assert.equal(seen['postgres.connections_used'], 62.5);
    assert.deepEqual([seen['postgres.active'], seen['postgres.lock_waiting'], seen['postgres.idle_in_transaction'], seen['postgres.active_on_cpu']], [2, 1, 1, 0]);
    assert.ok((seen['postgres.longest_lock_wait'] ?? 0) >= 200);
    assert.ok((seen['postgres.longest_transaction'] ?? 0) >= 200);
    assert.ok((seen['postgres.longest_idle_in_transaction'] ?? 0) >= 200, 'held open by the application, without a statement');
    assert.equal(seen['postgres.replica_lag'], undefined, 'without a replica the reading is absent, not 0');
    await holder.query('rollback');
    await Promise.all([waiting, sleeping]);
  });

  it('counts commits of statements that touch tables, its own left out; pg_sleep alone would not have counted in time', async (t) => {
    const probe = await openProbe(t, postgresProbe, probeUrl);
    const idle = await readTwice(probe, () => sleep(300));
    assert.ok((idle['postgres.commits'] ?? -1) >= 0 && (idle['postgres.commits'] ?? 99) < 7, `idle: ${idle['postgres.commits']}/s`);
    const client = await connect(t);
    await probe.read(0, AbortSignal.timeout(2000));
    const startedMs = performance.now();
    for (let index = 0; index < 200; index += 1) await client.query('update visits set hits = hits + 1 where id = 2');
    // A session reports its statistics when it ends, else up to seconds late.
    await client.end();
    await sleep(200);
    const seconds = (performance.now() - startedMs) / 1000;
    const busy = byMetric(await probe.read(seconds, AbortSignal.timeout(2000)));
    const commits = (busy['postgres.commits'] ?? 0) * seconds;
    assert.ok(commits >= 180 && commits <= 215, String(commits));
    assert.ok((busy['postgres.cache_hit_ratio'] ?? 0) > 90);
  });

  it('tells temporary files, deadlocks, rollbacks, and a client that does not take its rows', async (t) => {
    const probe = await openProbe(t, postgresProbe, probeUrl);
    const [one, two] = [await connect(t), await connect(t)];
    const seen = await readTwice(probe, async () => {
      await one.query("set work_mem = '64kB'");
      await one.query('select count(*) from (select g from generate_series(1, 60000) g order by g desc) x');
      await one.query('begin');
      await two.query('begin');
      await one.query('update visits set hits = 1 where id = 1');
      await two.query('update visits set hits = 1 where id = 2');
      await Promise.allSettled([one.query('update visits set hits = 1 where id = 2'), two.query('update visits set hits = 1 where id = 1')]);
      await Promise.all([one.query('rollback'), two.query('rollback')]);
      // A session reports its statistics when it ends, else up to seconds late.
      await Promise.all([one.end(), two.end()]);
      await sleep(200);
    });
    assert.ok((seen['postgres.temp_bytes'] ?? 0) > 1e5, String(seen['postgres.temp_bytes']));
    assert.ok((seen['postgres.deadlocks'] ?? 0) > 0 && (seen['postgres.rollbacks'] ?? 0) > 0, JSON.stringify(seen));
    const slow = await connect(t);
    const cursor = slow.query('select repeat(md5(g::text), 100) from generate_series(1, 20000) g').catch(() => {});
    // The rows pile up in the server's socket: nobody reads ours.
    const socket: unknown = Reflect.get(Reflect.get(slow, 'connection') as object, 'stream');
    (socket as { pause: () => void }).pause();
    await sleep(300);
    const stuck = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
    assert.equal(stuck['postgres.client_waiting'], 1);
    (socket as { resume: () => void }).resume();
    await cursor;
  });

  it('keeps working on its held connection when all slots are taken, where a new one is refused', async (t) => {
    const probe = await openProbe(t, postgresProbe, probeUrl);
    // One after the other: of several at once the server may refuse one while a session that is about to end still holds its slot.
    const clients: pg.Client[] = [];
    let refusals = 0;
    while (refusals < 3 && clients.length < 12) {
      try {
        clients.push(await connect(t));
      } catch (error) {
        assert.equal((error as { code?: string }).code, '53300');
        refusals += 1;
        await sleep(50);
      }
    }
    assert.ok(clients.length >= 4 && clients.length < 12, String(clients.length));
    const seen = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
    assert.equal(seen['postgres.connections_used'], 100);
    await assert.rejects(openProbe(t, postgresProbe, probeUrl), (error: unknown) => {
      assert.ok(error instanceof ScaleplanError);
      assert.match(error.hint ?? '', /before the load/);
      assert.doesNotMatch(error.message + (error.hint ?? ''), /probe-secret/);
      return true;
    });
    await Promise.all(clients.map((client) => client.end()));
    await sleep(100);
  });

  it('tells the limit of a role from full slots, though both are 53300', async (t) => {
    await openProbe(t, postgresProbe, probeUrl);
    await openProbe(t, postgresProbe, probeUrl);
    await assert.rejects(openProbe(t, postgresProbe, probeUrl), (error: unknown) => {
      assert.match(error instanceof ScaleplanError ? error.hint ?? '' : '', /CONNECTION LIMIT/);
      return true;
    });
  });

  it('reads the mean time of the application’s statements, its own left out, every five seconds', async (t) => {
    const probe = await openProbe(t, postgresProbe, probeUrl);
    const client = await connect(t);
    await probe.read(0, AbortSignal.timeout(2000));
    for (let index = 0; index < 20; index += 1) await client.query('select pg_sleep(0.02), hits from visits where id = 1');
    const early = byMetric(await probe.read(1, AbortSignal.timeout(2000)));
    assert.equal(early['postgres.query_time'], undefined);
    await sleep(4600);
    const late = byMetric(await probe.read(5, AbortSignal.timeout(2000)));
    assert.ok((late['postgres.statements'] ?? 0) > 2 && (late['postgres.statements'] ?? 99) < 8, `${late['postgres.statements']} statements a second`);
    assert.ok((late['postgres.query_time'] ?? 0) > 15 && (late['postgres.query_time'] ?? 0) < 60, String(late['postgres.query_time']));
  });

  it('costs at most 2 ms of server time a tick: its statement is planned once, for planning takes longer than running it', async (t) => {
    await admin.query('select pg_stat_statements_reset()');
    const probe = await openProbe(t, postgresProbe, probeUrl);
    for (let index = 0; index < 20; index += 1) await probe.read(index === 0 ? 0 : 1, AbortSignal.timeout(2000));
    const { rows } = await admin.query<{ plans: number; mean: number; best: number }>(`select plans::int, mean_exec_time as mean, min_exec_time as best
      from pg_stat_statements where query like '%longest_lock_wait_ms%' and calls >= 20`);
    t.diagnostic(`one tick: mean ${rows[0]?.mean.toFixed(2)} ms, best ${rows[0]?.best.toFixed(2)} ms of server time`);
    assert.equal(rows[0]?.plans, 1);
    // The best of twenty: the mean holds whatever else this machine is doing.
    assert.ok((rows[0]?.best ?? 99) <= 2);
  });

  it('sends its statements in full where a pooler has taken the plans away, and tells the same', async (t) => {
    const client = await connect(t);
    const queries = new PreparedQueries(client);
    const read = (): Promise<unknown> => queries.rows('hits', 'select id, $1::int as given from visits where id = 2', [7]);
    assert.deepEqual(await read(), [{ id: 2, given: 7 }]);
    const kept = async (): Promise<number> => (await client.query('select from pg_prepared_statements')).rowCount ?? -1;
    assert.equal(await kept(), 1);
    await client.query('deallocate all');
    assert.deepEqual([await read(), await read()], [[{ id: 2, given: 7 }], [{ id: 2, given: 7 }]]);
    assert.equal(await kept(), 0);
    await assert.rejects(queries.rows('nothing', 'select from nothing_of_this_name'), { code: '42P01' });
  });

  it('fails, instead of telling old figures, once its session was ended', async (t) => {
    const probe = await openProbe(t, postgresProbe, probeUrl);
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'probe'`);
    await sleep(100);
    await assert.rejects(probe.read(1, AbortSignal.timeout(2000)), { code: 'probe-refused' });
  });

  it('says where nothing listens and when the password is wrong', async (t) => {
    await assert.rejects(openProbe(t, postgresProbe, 'postgres://u:p4ssword@127.0.0.1:1/db'), (error: unknown) => {
      assert.ok(error instanceof ScaleplanError);
      assert.match(error.message, /127\.0\.0\.1:1/);
      assert.doesNotMatch(error.message, /p4ssword/);
      return true;
    });
    await assert.rejects(openProbe(t, postgresProbe, as('probe', 'wrong')), (error: unknown) =>
      error instanceof ScaleplanError && /user and password/.test(error.hint ?? ''));
  });
});
