import pg from 'pg';
import { ScaleplanError } from '../errors.ts';
import { Counters } from './counters.ts';
import { PreparedQueries } from './postgres-prepared.ts';
import { checkRole, describeRefusal } from './postgres-role.ts';
import { OtherCommits, countersOf, gaugesOf, postgresQuery } from './postgres-query.ts';
import type { PostgresCounter, PostgresRow } from './postgres-query.ts';
import { StatementTimes } from './postgres-statements.ts';
import { ServerClock } from './server-clock.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading, Shortfall } from './probe.ts';

/**
 * Reads PostgreSQL by one held connection, in autocommit, with one statement a second that is planned once (0.5 ms of the server's CPU).
 * The connection is made before the load: once the slots are taken, a held one still works and a new one is refused.
 */
export const postgresProbe: OpenProbe = (options) => new PostgresProbe(options);

/** What our reading may cost the server at the worst; it is better to miss a tick than to hold a snapshot. */
const STATEMENT_TIMEOUT_MS = 500;

class PostgresProbe implements Probe {
  readonly kind = 'postgres';
  readonly #options: ProbeOptions;
  readonly #counters = new Counters<PostgresCounter>();
  readonly #clock = new ServerClock();
  #client: pg.Client | null = null;
  #broken: Error | null = null;
  readonly #commits = new OtherCommits();
  #query = '';
  #queries: PreparedQueries | null = null;
  #statements: StatementTimes | null = null;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<string> {
    const client = this.#connectionOf(this.#options);
    this.#client = client;
    client.on('error', (error) => { this.#broken = error; });
    client.on('end', () => { this.#broken ??= new Error('the server closed the connection'); });
    // The driver knows no signals: ending the socket is what makes it give up.
    const giveUp = (): void => void client.end().catch(() => {});
    signal.addEventListener('abort', giveUp);
    try {
      await client.connect().catch((error: unknown) => { throw describeRefusal(error, this.#options.address); });
      return await this.#prepare(client);
    } finally {
      // The signal is about opening alone: it must not end the connection later.
      signal.removeEventListener('abort', giveUp);
    }
  }

  async read(elapsedSeconds: number, _signal: AbortSignal): Promise<readonly Reading[]> {
    const queries = this.#queries;
    if (this.#client === null || queries === null || this.#broken !== null) {
      throw new ScaleplanError('probe-refused', `the connection to PostgreSQL is gone: ${this.#broken?.message ?? 'closed'}`, {
        hint: 'Was the server restarted, or the session ended by an administrator?',
      });
    }
    if (elapsedSeconds === 0) this.#counters.reset();
    const askedSeconds = performance.now() / 1000;
    const [row] = await queries.rows<PostgresRow>('tick', this.#query);
    if (row === undefined) return [];
    const atSeconds = row.now_seconds;
    if (!this.#clock.isSteady({ serverSeconds: atSeconds, askedSeconds, answeredSeconds: performance.now() / 1000 })) {
      this.#counters.reset();
      this.#statements?.reset();
    }
    const growth = this.#counters.advance(countersOf(row, this.#commits.count(row.commits)), atSeconds);
    const times = await this.#statements?.read(atSeconds) ?? null;
    this.#commits.ran(times === null ? 1 : 2);
    return [...gaugesOf(row), ...ratesOf(growth), ...(times ?? [])];
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  shortfalls(): readonly Shortfall[] {
    return this.#statements === null ? [{
      what: 'the time and number of statements',
      remedy: "CREATE EXTENSION pg_stat_statements; in this database, with shared_preload_libraries = 'pg_stat_statements' (PostgreSQL 14 or later)",
    }] : [];
  }

  async #prepare(client: pg.Client): Promise<string> {
    const role = await checkRole(client);
    this.#query = postgresQuery(role.versionNumber);
    const queries = new PreparedQueries(client);
    this.#queries = queries;
    const [row] = await queries.rows<PostgresRow>('tick', this.#query);
    this.#statements = await StatementTimes.open(client, queries, row?.own_query_id ?? await queries.idOf(this.#query));
    // Reports our own commits up to here; in the first reading they could not be told from those of others.
    await queries.rows('tick', this.#query);
    return `PostgreSQL ${role.version}, ${role.isStandby ? 'standby' : 'primary'}, role ${role.name}`
      + (this.#statements === null ? ', without pg_stat_statements' : '');
  }

  #connectionOf({ address, timeoutMs }: ProbeOptions): pg.Client {
    try {
      return new pg.Client({
        connectionString: address,
        application_name: 'scaleplan probe',
        connectionTimeoutMillis: timeoutMs,
        statement_timeout: STATEMENT_TIMEOUT_MS,
        query_timeout: timeoutMs,
        keepAlive: true,
      });
    } catch (error) {
      throw new ScaleplanError('probe-refused', 'the address of postgres cannot be read', {
        hint: 'Write it as postgres://user:password@host:5432/database; encode special characters of the password as %XX.', cause: error,
      });
    }
  }
}

function ratesOf(growth: ReturnType<Counters<PostgresCounter>['advance']>): Reading[] {
  if (growth === null) return [];
  return [
    { metric: 'postgres.commits', value: growth.perSecond('commits') },
    { metric: 'postgres.rollbacks', value: growth.perSecond('rollbacks') },
    { metric: 'postgres.deadlocks', value: growth.perSecond('deadlocks') },
    { metric: 'postgres.blocks_hit', value: growth.perSecond('blocksHit') },
    { metric: 'postgres.blocks_read', value: growth.perSecond('blocksRead') },
    { metric: 'postgres.temp_bytes', value: growth.perSecond('tempBytes') },
    ...hitRatio(growth.of('blocksHit'), growth.of('blocksRead')),
  ];
}

function hitRatio(hit: number, read: number): Reading[] {
  // Under 50 blocks one miss moves the ratio by more than a limit is worth.
  return hit + read >= 50 ? [{ metric: 'postgres.cache_hit_ratio', value: (100 * hit) / (hit + read), weight: hit + read }] : [];
}
