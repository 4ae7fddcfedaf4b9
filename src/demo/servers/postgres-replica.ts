import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, cp, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ScaleplanError } from '../../errors.ts';
import type { Account } from './account.ts';
import { serverAccount } from './account.ts';
import { launchCluster } from './postgres.ts';
import type { PostgresServer } from './postgres.ts';
import type { Server } from './server.ts';

export interface ReplicaOptions {
  readonly dir: string;
  /** What messages, its folder and its role are called: a name that SQL takes without quotes. */
  readonly name: string;
  readonly primary: PostgresServer;
  /** Server settings by name; PostgreSQL wants max_connections to be the primary's at least. */
  readonly settings: Readonly<Record<string, string>>;
}

const STREAMING_LIMIT_MS = 20_000;
const POLL_MS = 50;
/** What belongs to the running primary alone; the replica gets the write-ahead log from the primary itself. */
const NOT_COPIED = [/^pg_wal\/./, /^pg_(replslot|dynshmem|notify|serial|snapshots|stat_tmp|subtrans)\/./, /^postmaster\.(pid|opts)$/, /(^|\/)pgsql_tmp/];

/**
 * Copies a running primary and starts the copy as a read replica that follows it. It needs no program beside `postgres` itself:
 * the copy is PostgreSQL's own online backup, which every version has as SQL functions. Throws `server-failed`.
 */
export async function startReplica({ dir, name, primary, settings }: ReplicaOptions): Promise<Server> {
  const account = await serverAccount();
  const data = join(dir, name);
  const client = new pg.Client({ connectionString: primary.url });
  client.on('error', () => {});
  await client.connect();
  try {
    const source = await addRole(client, name, primary.port);
    await copyCluster(client, primary.data, data);
    await writeFile(join(data, 'standby.signal'), '');
    // In a file: arguments can be read by everybody on the machine, and there is a password in it.
    await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
    await handOver(data, account);
    const server = await launchCluster({ name, bin: primary.bin, data, dir, account, settings });
    await streaming(client, name, server);
    const url = new URL(primary.url);
    url.port = String(server.port);
    return { ...server, url: url.href, version: primary.version };
  } finally {
    await client.end();
  }
}

async function addRole(client: pg.Client, name: string, port: number): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  await client.query(`create role ${name} login replication password '${password}'`);
  return `host=127.0.0.1 port=${port} user=${name} password=${password} application_name=${name}`;
}

/** The backup functions were renamed in version 15, and must be called on one connection. */
async function copyCluster(client: pg.Client, from: string, to: string): Promise<void> {
  const { rows: [version] } = await client.query<{ number: number }>(`select current_setting('server_version_num')::int as number`);
  const isRenamed = (version?.number ?? 0) >= 150_000;
  await client.query(isRenamed ? `select pg_backup_start('replica', true)` : `select pg_start_backup('replica', true, false)`);
  await cp(from, to, { recursive: true, filter: (source) => !NOT_COPIED.some((pattern) => pattern.test(relative(from, source))) });
  const { rows: [backup] } = await client.query<{ labelfile: string }>(isRenamed ? 'select labelfile from pg_backup_stop(false)' : 'select labelfile from pg_stop_backup(false, false)');
  await writeFile(join(to, 'backup_label'), backup?.labelfile ?? '');
}

/** PostgreSQL wants its folder for itself: its own account's, closed to others. */
async function handOver(data: string, { uid, gid }: Account): Promise<void> {
  await chmod(data, 0o700);
  if (uid === undefined || gid === undefined) return;
  for (const path of ['', ...await readdir(data, { recursive: true })]) await chown(join(data, path), uid, gid);
}

/** A replica that answers and does not follow would show old data for ever. */
async function streaming(client: pg.Client, name: string, server: Pick<Server, 'stop'>): Promise<void> {
  for (let waitedMs = 0; waitedMs < STREAMING_LIMIT_MS; waitedMs += POLL_MS, await sleep(POLL_MS)) {
    const { rowCount } = await client.query(`select from pg_stat_replication where application_name = $1 and state = 'streaming'`, [name]);
    if (rowCount === 1) return;
  }
  await server.stop();
  throw new ScaleplanError('server-failed', `${name} does not follow its primary`, { hint: 'The log of the replica is in the folder of the run.' });
}
