import pg from 'pg';
import { ScaleplanError } from '../errors.ts';
import { hintForForeign, plainly, POSTGRES } from './foreign-server.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading } from './probe.ts';
import { PgbouncerReadings } from './pgbouncer-readings.ts';
import type { ShownRow } from './pgbouncer-readings.ts';

/**
 * Reads PgBouncer by its console, the database `pgbouncer`: three SHOW commands a second in the simple protocol, the only one it speaks.
 * An address that names another database (`postgres://stats@host:6432/shop`) narrows the readings to that database's pools.
 */
export const pgbouncerProbe: OpenProbe = (options) => new PgbouncerProbe(options);

const CONSOLE = 'pgbouncer';

class PgbouncerProbe implements Probe {
  readonly kind = 'pgbouncer';
  readonly #options: ProbeOptions;
  readonly #database: string | null;
  readonly #readings: PgbouncerReadings;
  #client: pg.Client | null = null;
  #broken: Error | null = null;

  constructor(options: ProbeOptions) {
    this.#options = options;
    this.#database = databaseOf(options.address);
    this.#readings = new PgbouncerReadings(this.#database);
  }

  async open(signal: AbortSignal): Promise<string> {
    const { address, timeoutMs } = this.#options;
    const url = new URL(address);
    url.pathname = `/${CONSOLE}`;
    // No statement_timeout or other settings: the console refuses every one it does not know.
    const client = new pg.Client({
      connectionString: url.href, application_name: 'scaleplan probe', connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs, keepAlive: true,
    });
    this.#client = client;
    client.on('error', (error) => { this.#broken = error; });
    client.on('end', () => { this.#broken ??= new Error('the server closed the connection'); });
    // The driver knows no signals: ending the socket is what makes it give up.
    const giveUp = (): void => void client.end().catch(() => {});
    signal.addEventListener('abort', giveUp);
    try {
      await client.connect();
      const version = (await show(client, 'VERSION'))[0]?.['version'];
      const databases = (await show(client, 'DATABASES')).map((row) => String(row['name']));
      if (this.#database !== null && !databases.includes(this.#database)) {
        throw new ScaleplanError('probe-refused', `PgBouncer knows no database "${this.#database}"`, {
          hint: `Name one of ${databases.filter((name) => name !== CONSOLE).join(', ') || '(none)'} at the end of the address, or none for all.`,
        });
      }
      return `${typeof version === 'string' ? version : 'PgBouncer'}, ${this.#database === null ? 'all databases' : `database ${this.#database}`}`;
    } catch (error) {
      throw error instanceof ScaleplanError ? error : describeRefusal(error, url);
    } finally {
      // The signal is about opening alone: it must not end the connection later.
      signal.removeEventListener('abort', giveUp);
    }
  }

  async read(elapsedSeconds: number): Promise<readonly Reading[]> {
    const client = this.#client;
    if (client === null || this.#broken !== null) {
      throw new ScaleplanError('probe-refused', `the connection to PgBouncer is gone: ${this.#broken?.message ?? 'closed'}`, { hint: 'Was it restarted?' });
    }
    if (elapsedSeconds === 0) this.#readings.reset();
    const pools = await show(client, 'POOLS');
    const stats = await show(client, 'STATS');
    const atSeconds = performance.now() / 1000;
    return this.#readings.take({ pools, stats, databases: await show(client, 'DATABASES') }, atSeconds);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }
}

/** Null for all: no database named, or the console itself. Throws `probe-refused` where the address cannot be read. */
function databaseOf(address: string): string | null {
  if (!URL.canParse(address)) {
    throw new ScaleplanError('probe-refused', 'the address of pgbouncer cannot be read', {
      hint: 'Write it as postgres://stats:password@host:6432; encode special characters of the password as %XX.',
    });
  }
  const name = decodeURIComponent(new URL(address).pathname.slice(1));
  return name === '' || name === CONSOLE ? null : name;
}

/** Without parameters the driver uses the simple protocol. */
async function show(client: pg.Client, what: 'VERSION' | 'POOLS' | 'STATS' | 'DATABASES'): Promise<readonly ShownRow[]> {
  return (await client.query<Record<string, unknown>>(`SHOW ${what}`)).rows;
}

function describeRefusal(error: unknown, { host, username }: URL): ScaleplanError {
  const message = plainly(error instanceof Error ? error.message || error.name : String(error));
  const found = HINTS.find(([pattern]) => pattern.test(message));
  return new ScaleplanError('probe-refused', `PgBouncer at ${host} refused the probe: ${message}`, {
    hint: (found?.[1] ?? hintForForeign(message, { ...POSTGRES, name: 'PgBouncer’s protocol' }) ?? 'Is PgBouncer running, and are address, user and password right?').replace('USER', decodeURIComponent(username) || 'scaleplan'), cause: error,
  });
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/not allowed/, 'Add the user to pgbouncer.ini, then RELOAD: stats_users = USER'],
  [/database "pgbouncer" does not exist|unrecognized configuration parameter/, 'This is PostgreSQL itself: name the port of PgBouncer, 6432 by default.'],
  [/authentication failed|no such user|SASL/i, 'Check user and password in the address; the user must stand in PgBouncer’s auth_file.'],
  [/ECONNREFUSED/, 'Is PgBouncer running, and does it listen at this address?'],
];
