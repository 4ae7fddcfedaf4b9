import { chmodSync, chownSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { serverAccount } from '../../src/demo/servers/account.ts';
import { launch } from '../../src/demo/servers/server.ts';

/** bin/set-up/pgbouncer.js unpacks Debian's package there. */
const UNPACKED = join(import.meta.dirname, '../../.cache/debian/pgbouncer');

/** A PgBouncer to start, or null: then tests skip. */
export function findPgbouncer(): { readonly command: string; readonly env: Readonly<Record<string, string>> } | null {
  const named = process.env['SCALEPLAN_PGBOUNCER'];
  if (named !== undefined && named !== '') return { command: named, env: {} };
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'].filter((folder) => folder !== '');
  const own = folders.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file));
  if (own !== undefined) return { command: own, env: {} };
  const unpacked = join(UNPACKED, 'usr/sbin/pgbouncer');
  if (!existsSync(unpacked)) return null;
  const libraries = join(UNPACKED, 'usr/lib');
  const folder = existsSync(libraries) ? readdirSync(libraries).find((name) => name.includes('-linux-')) : undefined;
  return { command: unpacked, env: folder === undefined ? {} : { LD_LIBRARY_PATH: join(libraries, folder) } };
}

interface PgbouncerOptions {
  readonly dir: string;
  /** Of the server behind it, as a superuser: `postgres://user:password@host:port/database`. */
  readonly server: string;
  readonly poolSize: number;
  readonly settings?: Readonly<Record<string, string>>;
}

interface Pgbouncer {
  readonly url: (user: string, database: string) => string;
  readonly stop: () => Promise<void>;
}

/** A PgBouncer in transaction mode before a server. Users `app` and `stats` (the one in stats_users), `watcher` (who is not), all with password `x`. */
export async function startPgbouncer({ dir, server, poolSize, settings = {} }: PgbouncerOptions): Promise<Pgbouncer> {
  const found = findPgbouncer();
  if (found === null) throw new Error('no PgBouncer here');
  const account = await serverAccount();
  const [file, users] = [join(dir, 'pgbouncer.ini'), join(dir, 'users.txt')];
  const { port, stop } = await launch({
    name: 'pgbouncer',
    command: found.command,
    args: (at) => {
      writeFileSync(users, '"app" "x"\n"stats" "x"\n"watcher" "x"\n', { mode: 0o600 });
      writeFileSync(file, configuration(server, { listen_port: String(at), auth_file: users, default_pool_size: String(poolSize), ...settings }), { mode: 0o600 });
      // It refuses to run as root, and must then be able to read what we wrote.
      chmodSync(dir, 0o711);
      for (const each of [file, users]) if (account.uid !== undefined && account.gid !== undefined) chownSync(each, account.uid, account.gid);
      return [file];
    },
    isReady: listens,
    stopSignal: 'SIGINT',
    logFile: join(dir, 'pgbouncer.log'),
    env: found.env,
    cwd: '/',
    ...account,
  });
  return { url: (user, database) => `postgres://${user}:x@127.0.0.1:${port}/${database}`, stop };
}

function configuration(server: string, settings: Readonly<Record<string, string>>): string {
  const { hostname, port, username, password, pathname } = new URL(server);
  const all = { listen_addr: '127.0.0.1', unix_socket_dir: '', auth_type: 'plain', stats_users: 'stats', pool_mode: 'transaction', max_client_conn: '100', ...settings };
  const behind = `shop = host=${hostname} port=${port} dbname=${pathname.slice(1)} user=${username} password=${decodeURIComponent(password)}`;
  return ['[databases]', behind, '[pgbouncer]', ...Object.entries(all).map(([key, value]) => `${key} = ${value}`), ''].join('\n');
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}
