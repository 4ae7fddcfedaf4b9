import pg from 'pg';
import { HttpError } from './http-error.ts';
import type { AppMetrics } from './metrics.ts';

/** What pg says when no connection of the pool came free, and when a new one was not there in time. */
const TIMEOUTS = ['timeout exceeded when trying to connect', 'Connection terminated due to connection timeout'];
/** SQLSTATE too_many_connections: the server has no slot left. */
const TOO_MANY_CONNECTIONS = '53300';

export interface Database {
  /** One statement on a connection of the pool. Throws HttpError 503 when none is free in time. */
  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface PoolSettings {
  /** What sessions call themselves in pg_stat_activity. */
  readonly applicationName: string;
  readonly databaseUrl: string;
  readonly poolMax: number;
  readonly acquireTimeoutMs: number;
}

/** A pool that tells, under OpenTelemetry's names, how long it was waited for and how long its connections were held. */
export function openDatabase(settings: PoolSettings, metrics: AppMetrics | null): Database {
  const pool = new pg.Pool({
    connectionString: settings.databaseUrl,
    max: settings.poolMax,
    connectionTimeoutMillis: settings.acquireTimeoutMs,
    idleTimeoutMillis: 0,
    application_name: settings.applicationName,
  });
  // An idle connection that breaks is taken out of the pool by pg itself; without a listener the process would end.
  pool.on('error', () => {});
  if (metrics) watchPool({ pool, max: settings.poolMax }, metrics);

  return {
    async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> {
      const client = await acquire(pool, metrics);
      const stopUse = metrics?.poolUseSeconds.startTimer();
      try {
        const result = await client.query<Row>(text, [...values]);
        return result.rows;
      } finally {
        client.release();
        stopUse?.();
      }
    },
    close: () => pool.end(),
  };
}

async function acquire(pool: pg.Pool, metrics: AppMetrics | null): Promise<pg.PoolClient> {
  const startedAtMs = performance.now();
  try {
    const client = await pool.connect();
    metrics?.poolWaitSeconds.observe((performance.now() - startedAtMs) / 1000);
    return client;
  } catch (error) {
    const isTimeout = error instanceof Error && TIMEOUTS.includes(error.message);
    const isFull = error instanceof pg.DatabaseError && error.code === TOO_MANY_CONNECTIONS;
    if (!isTimeout && !isFull) throw error;
    metrics?.poolTimeouts.inc();
    throw new HttpError(503, 'no database connection was free in time', error);
  }
}

interface WatchedPool {
  readonly pool: pg.Pool;
  readonly max: number;
}

const watched = new WeakMap<AppMetrics, WatchedPool[]>();

/** An application with several pools tells the sum of them. */
function watchPool(own: WatchedPool, metrics: AppMetrics): void {
  const pools = [...(watched.get(metrics) ?? []), own];
  watched.set(metrics, pools);
  const sum = (figure: (each: WatchedPool) => number): number => pools.reduce((total, each) => total + figure(each), 0);
  metrics.poolMax.set(sum(({ max }) => max));
  // Read when scraped: a value set by events would be as old as the last event.
  Object.assign(metrics.poolPending, { collect: () => metrics.poolPending.set(sum(({ pool }) => pool.waitingCount)) });
  Object.assign(metrics.poolCount, {
    collect: () => {
      metrics.poolCount.set({ state: 'idle' }, sum(({ pool }) => pool.idleCount));
      metrics.poolCount.set({ state: 'used' }, sum(({ pool }) => pool.totalCount - pool.idleCount));
    },
  });
}
