import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScaleplanError } from '../../errors.ts';
import { spawnChild } from '../../process/child.ts';
import { findPostgres } from './find-postgres.ts';
import type { Account } from './account.ts';
import { serverAccount } from './account.ts';
import { launch } from './server.ts';
import type { Server } from './server.ts';

export interface PostgresOptions {
  /** A folder of the caller's; the cluster goes into a new folder in it. Others must be able to pass through it when we are root. */
  readonly dir: string;
  /** Server settings by name, as in postgresql.conf; they win over ours. */
  readonly settings: Readonly<Record<string, string>>;
  /** What messages and the folder call it; default `postgres`. */
  readonly name?: string;
}

/** A PostgreSQL server, and where its cluster lies: a replica is made from it. */
export interface PostgresServer extends Server {
  readonly bin: string;
  readonly data: string;
}

const USER = 'scaleplan';

/**
 * The reference application's data is made anew for every run, so durability buys nothing; and two runs must not differ
 * because one disk is slower at fsync. Commits are still written in order and waited for, as in production.
 */
const THROW_AWAY = { fsync: 'off', full_page_writes: 'off' };

/** Makes a new PostgreSQL cluster and starts it. Throws `server-missing` (with what to install) or `server-failed`. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const name = options.name ?? 'postgres';
  const account = await serverAccount();
  const { bin, version } = await findPostgres(account, options.dir);
  const password = randomBytes(18).toString('base64url');
  const data = join(options.dir, name);
  await prepareFolder(options.dir, data, account);
  await makeCluster(bin, data, name, password, account);

  const { port, ...server } = await launchCluster({ name, bin, data, account, ...options });
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
  return { url, version, port, bin, data, ...server };
}

interface Cluster extends PostgresOptions {
  readonly name: string;
  readonly bin: string;
  readonly data: string;
  readonly account: Account;
}

/** Starts the server of a cluster that is there, on a free port. Throws `server-failed`. */
export async function launchCluster({ name, bin, data, dir, account, settings: wanted }: Cluster): Promise<Omit<Server, 'url' | 'version'>> {
  const settings = { ...THROW_AWAY, ...wanted, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const { child, port, stop } = await launch({
    name,
    command: join(bin, 'postgres'),
    args: (at) => ['-D', data, '-p', String(at), ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    isReady: () => isReady(data),
    // PostgreSQL's "fast" way: sessions are cut, files are left in order. SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    logFile: join(dir, `${name}.log`),
    cwd: data,
    ...account,
  });
  return { port, pid: child.pid, exited: child.exited, stop };
}

async function prepareFolder(dir: string, data: string, account: Account): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (account.uid === undefined || account.gid === undefined) return;
  await chmod(dir, 0o711);
  await chown(data, account.uid, account.gid);
}

async function makeCluster(bin: string, data: string, name: string, password: string, account: Account): Promise<void> {
  // A password even on loopback: a superuser of a database may run commands, and other accounts of the machine reach 127.0.0.1 too.
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(passwordFile, account.uid, account.gid);
  // Locale C: text sorts alike on every machine. No sync: see THROW_AWAY.
  const args = ['-D', data, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  const child = spawnChild(join(bin, 'initdb'), args, { name: 'initdb', cwd: data, readLines: false, ...account });
  const exit = await child.exited;
  await rm(passwordFile, { force: true });
  if (exit.code === 0) return;
  throw new ScaleplanError('server-failed', `${name} could not be prepared by ${join(bin, 'initdb')}: ${exit.error?.message ?? child.stderrTail()}`, {
    hint: 'Name the folder of another PostgreSQL with SCALEPLAN_POSTGRES_BIN.',
  });
}

/** The server writes its state into the eighth line of its pid file, for `pg_ctl` to read; it needs no client and no login. */
async function isReady(data: string): Promise<boolean> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n')[7]?.trim() === 'ready';
}
