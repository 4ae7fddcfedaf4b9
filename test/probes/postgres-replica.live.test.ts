import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { serverAccount } from '../../src/demo/servers/account.ts';
import { findPostgres } from '../../src/demo/servers/find-postgres.ts';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { postgresProbe } from '../../src/probes/postgres.ts';
import { spawnChild } from '../../src/process/child.ts';
import { freePort } from '../../src/process/free-port.ts';
import { byMetric, openProbe } from './reading.ts';

const run = promisify(execFile);

interface Pair { readonly primary: pg.Client; readonly primaryUrl: string; readonly standby: pg.Client; readonly standbyUrl: string; stopPrimary(): Promise<void> }

/** A primary and its streaming standby; null where the machine's PostgreSQL cannot copy a cluster (the npm package cannot). */
async function startPair(t: TestContext): Promise<Pair | null> {
  const dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const account = await serverAccount();
  const { bin } = await findPostgres(account, dir);
  // A link on the PATH may stand for postgres alone; the other programs are beside what it points to.
  const copier = [bin, dirname(await realpath(join(bin, 'postgres')))].map((folder) => join(folder, 'pg_basebackup')).find((file) => existsSync(file));
  if (copier === undefined) return null;
  const server = await startPostgres({ dir, settings: { wal_level: 'replica', max_wal_senders: '4' } });
  t.after(() => server.stop());
  const data = join(dir, 'standby');
  await mkdir(data, { mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(data, account.uid, account.gid);
  await run(copier, ['-d', server.url, '-D', data, '-R', '-X', 'stream', '-c', 'fast'], { ...account, cwd: dirname(data) });
  const port = await freePort();
  const child = spawnChild(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], {
    ...account, cwd: data, stopSignal: 'SIGINT', readLines: false, logFile: join(dir, 'standby.log'),
  });
  t.after(() => child.stop(5000));
  const standbyUrl = server.url.replace(`:${server.port}/`, `:${port}/`);
  return { primary: await connect(t, server.url), primaryUrl: server.url, standby: await connect(t, standbyUrl), standbyUrl, stopPrimary: () => server.stop() };
}

async function connect(t: TestContext, url: string): Promise<pg.Client> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      t.after(() => client.end().catch(() => {}));
      return client;
    } catch (error) {
      if (tries >= 100) throw error;
      await sleep(100);
    }
  }
}

describe('replica lag', () => {
  it('is 0 on an idle standby, grows while replay is held up, and is not hidden by a dead receiver', async (t) => {
    const pair = await startPair(t);
    if (pair === null) return t.skip('this PostgreSQL has no pg_basebackup');
    const { primary, standby } = pair;
    await primary.query('create table visits (id int)');
    await primary.query('insert into visits values (1)');
    const atStandby = await openProbe(t, postgresProbe, pair.standbyUrl);
    const atPrimary = await openProbe(t, postgresProbe, pair.primaryUrl);
    const lag = async (probe: typeof atStandby): Promise<[number | undefined, number | undefined]> => {
      const seen = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
      return [seen['postgres.replica_lag'], seen['postgres.replica_bytes_behind']];
    };
    await sleep(1500);
    const raw = await standby.query<{ ms: number }>('select extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 * 1000 as ms');
    assert.ok((raw.rows[0]?.ms ?? 0) > 1000, 'the raw timestamp reads seconds when nothing happens');
    assert.deepEqual(await lag(atStandby), [0, 0]);
    assert.equal((await lag(atPrimary))[1], 0);

    await standby.query('select pg_wal_replay_pause()');
    await primary.query('insert into visits select generate_series(1, 1000)');
    await sleep(700);
    const [lagMs, bytes] = await lag(atStandby);
    assert.ok((lagMs ?? 0) > 600 && (bytes ?? 0) > 1000, `${lagMs} ms, ${bytes} B`);
    assert.ok(((await lag(atPrimary))[1] ?? 0) > 1000);

    await standby.query('select pg_wal_replay_resume()');
    await sleep(500);
    assert.deepEqual(await lag(atStandby), [0, 0]);
    await pair.stopPrimary();
    await sleep(800);
    assert.ok(((await lag(atStandby))[0] ?? 0) > 500, 'equal positions, but nobody sends any more');
  });
});
