import { Counters } from './counters.ts';
import type { Growth } from './counters.ts';
import type { Reading } from './probe.ts';

/** A row of `SHOW POOLS`, `SHOW STATS` or `SHOW DATABASES`, by column: versions add and drop some. Big integers come as text. */
export type ShownRow = Readonly<Record<string, unknown>>;

export interface Shown {
  readonly pools: readonly ShownRow[];
  readonly stats: readonly ShownRow[];
  readonly databases: readonly ShownRow[];
}

/** The console itself is listed like a database; nobody waits for it. */
const CONSOLE = 'pgbouncer';

type PoolCounter = 'handedOut' | 'statements' | 'waitedMicros' | 'queryMicros';

/** Turns what PgBouncer's console shows into readings: all pools together, or those of one database. */
export class PgbouncerReadings {
  readonly #database: string | null;
  readonly #counters = new Counters<PoolCounter>();

  constructor(database: string | null) {
    this.#database = database;
  }

  reset(): void {
    this.#counters.reset();
  }

  take(shown: Shown, atSeconds: number): Reading[] {
    const pools = this.#own(shown.pools, 'database');
    const growth = this.#counters.advance(countersOf(this.#own(shown.stats, 'database')), atSeconds);
    return [...gaugesOf(pools, this.#own(shown.databases, 'name')), ...(growth === null ? [] : ratesOf(growth))];
  }

  #own(rows: readonly ShownRow[], column: string): readonly ShownRow[] {
    return rows.filter((row) => (this.#database === null ? row[column] !== CONSOLE : row[column] === this.#database));
  }
}

function gaugesOf(pools: readonly ShownRow[], databases: readonly ShownRow[]): Reading[] {
  const waitsMs = pools.map((pool) => figure(pool, 'maxwait') * 1000 + (figure(pool, 'maxwait_us') || 0) / 1000);
  return [
    { metric: 'postgres.pool_waiting', value: sum(pools, 'cl_waiting') },
    { metric: 'postgres.pool_clients', value: sum(pools, 'cl_active') },
    { metric: 'postgres.pool_used', value: sum(pools, 'sv_active') },
    { metric: 'postgres.pool_max', value: mostConnections(pools, databases) },
    { metric: 'postgres.pool_longest_wait', value: Math.max(0, ...waitsMs) },
  ];
}

/** Each pair of user and database has a pool of its own size; a database may limit all of its pools together (0: it does not). */
function mostConnections(pools: readonly ShownRow[], databases: readonly ShownRow[]): number {
  return databases.reduce((all, database) => {
    const size = figure(database, 'pool_size') + (figure(database, 'reserve_pool') || figure(database, 'reserve_pool_size') || 0);
    const together = size * Math.max(1, pools.filter((pool) => pool['database'] === database['name']).length);
    const limit = figure(database, 'max_connections');
    return all + (limit > 0 ? Math.min(limit, together) : together);
  }, 0);
}

function countersOf(stats: readonly ShownRow[]): ReadonlyMap<PoolCounter, number> {
  // From 1.23 on it counts how often a connection was handed out; before, a transaction is as near as one gets.
  const handedOut = sum(stats, 'total_server_assignment_count');
  return new Map<PoolCounter, number>([
    ['handedOut', Number.isNaN(handedOut) ? sum(stats, 'total_xact_count') : handedOut],
    ['statements', sum(stats, 'total_query_count')],
    ['waitedMicros', sum(stats, 'total_wait_time')],
    ['queryMicros', sum(stats, 'total_query_time')],
  ]);
}

/**
 * A request is counted when it comes, its times when it gets a connection and when it is done: in a second in which nobody gets one
 * the mean wait says nothing, and `postgres.pool_longest_wait` does.
 */
function ratesOf({ of, perSecond }: Growth<PoolCounter>): Reading[] {
  const [handedOut, statements] = [of('handedOut'), of('statements')];
  return [
    { metric: 'postgres.pool_acquires', value: perSecond('handedOut') },
    { metric: 'postgres.statements', value: perSecond('statements') },
    ...(handedOut > 0 ? [{ metric: 'postgres.pool_acquire_time', value: of('waitedMicros') / handedOut / 1000, weight: handedOut } as const] : []),
    ...(statements > 0 ? [{ metric: 'postgres.query_time', value: of('queryMicros') / statements / 1000, weight: statements } as const] : []),
  ];
}

function sum(rows: readonly ShownRow[], column: string): number {
  return rows.reduce((total, row) => total + figure(row, column), 0);
}

/** NaN for a column this version does not have. */
function figure(row: ShownRow, column: string): number {
  const value = row[column];
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
}
