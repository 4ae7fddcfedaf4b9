import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ScaleplanError } from '../errors.ts';
import type { ProbeKind } from '../model/sample.ts';
import { createDatabase } from './app/create-database.ts';
import { forecastPathsFor } from './app/forecast.ts';
import { seedDatabase, seedVectors } from './app/seed.ts';
import { SETTINGS_VARIABLE } from './app/settings.ts';
import type { AppSettings } from './app/settings.ts';
import { openVectors } from './app/vectors.ts';
import { DEMO_BOTTLENECKS, HEALTHY_PARTS } from './bottlenecks.ts';
import type { DemoParts } from './bottlenecks.ts';
import { entryPoint } from './entry-point.ts';
import { startPostgres } from './servers/postgres.ts';
import { startRedis } from './servers/redis.ts';
import { launch } from './servers/server.ts';
import { startVectors } from './vector/start-vectors.ts';

export interface DemoOptions {
  /** One of DEMO_BOTTLENECKS; null for the healthy application. */
  readonly bottleneck: string | null;
  /** An existing temporary folder of the caller's, who deletes it. */
  readonly folder: string;
  /** Receives the logs of the application's own processes. */
  readonly logFolder: string;
  /** Told what is going on, for a person who waits. */
  readonly report: (line: string) => void;
}

export interface Demo {
  readonly url: string;
  readonly probes: readonly { readonly kind: ProbeKind; readonly address: string }[];
  /** Name and version of every server, for the report. */
  readonly servers: readonly string[];
  readonly appPid: number;
  /** Every process that was started, by what it is. */
  readonly pids: Readonly<Record<string, number>>;
  /** Stops everything, newest first. A second call waits for the first. */
  stop(): Promise<void>;
}

type Stop = () => Promise<void>;

/** Enough for a queue of a few hundred small jobs; noeviction, for a job must not vanish. */
const QUEUE_MEMORY_BYTES = 64_000_000;
/** Cheap (microseconds), and still three quantiles that differ. */
const FORECAST_PATHS_HEALTHY = 50;

/** Starts the reference application with everything it needs on free loopback ports. Throws `unknown-name`, `server-missing` or `server-failed`. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const parts = partsOf(options.bottleneck);
  const stops: Stop[] = [];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopAll(stops));
  try {
    return { ...(await startAll(parts, options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function partsOf(bottleneck: string | null): DemoParts {
  if (bottleneck === null) return HEALTHY_PARTS;
  const found = DEMO_BOTTLENECKS.find(({ id }) => id === bottleneck);
  if (found) return { ...HEALTHY_PARTS, ...found.changes };
  throw new ScaleplanError('unknown-name', `the reference application has no bottleneck "${bottleneck}"`, {
    hint: `It can be given ${DEMO_BOTTLENECKS.map(({ id }) => id).join(', ')}.`,
  });
}

async function startAll(parts: DemoParts, options: DemoOptions, stops: Stop[]): Promise<Omit<Demo, 'stop'>> {
  await mkdir(options.logFolder, { recursive: true });
  options.report('starting PostgreSQL, Redis and vector search');
  const { postgres, cache, queue, vectors } = await startServers(parts, options, stops);
  const { appUrl, monitorUrl } = await createDatabase(postgres.url);
  options.report('filling the database');
  const settings = settingsOf(parts, { databaseUrl: appUrl, cacheUrl: cache.url, queueUrl: queue.url, vectorUrl: vectors.url, collection: vectors.collection });
  // The processes need a second to load; the tables are there by the time they are asked for.
  const [app, worker] = await all([
    launchProcess('app', settings, options, stops),
    launchProcess('worker', { ...settings, poolMax: parts.workerPoolMax }, options, stops),
    seed(appUrl, vectors, stops),
  ]);
  return {
    url: `http://127.0.0.1:${app.port}`,
    probes: [
      { kind: 'postgres', address: monitorUrl },
      { kind: 'redis', address: cache.url },
      { kind: 'qdrant', address: vectors.url },
      { kind: 'node', address: `http://127.0.0.1:${app.port}/metrics` },
      { kind: 'host', address: 'local' },
    ],
    servers: [`PostgreSQL ${postgres.version}`, `Redis ${cache.version}`, vectors.version],
    appPid: app.pid,
    pids: { app: app.pid, worker: worker.pid, postgres: postgres.pid, cache: cache.pid, queue: queue.pid, ...(vectors.pid === null ? {} : { vectors: vectors.pid }) },
  };
}

async function startServers(parts: DemoParts, { folder, logFolder }: DemoOptions, stops: Stop[]) {
  const [postgres, cache, queue, vectors] = await all([
    entered(startPostgres({ dir: folder, settings: { max_connections: String(parts.maxConnections), shared_buffers: '64MB', jit: 'off' } }), stops),
    entered(startRedis({ dir: folder, name: 'cache', maxMemoryBytes: parts.cacheMaxMemoryBytes, policy: 'allkeys-lru' }), stops),
    entered(startRedis({ dir: folder, name: 'queue', maxMemoryBytes: QUEUE_MEMORY_BYTES, policy: 'noeviction' }), stops),
    entered(startVectors({ dir: folder, logFile: join(logFolder, 'vectors.log'), diskBytesPerSec: parts.vectorDiskBytesPerSec, environment: process.env }), stops),
  ]);
  return { postgres, cache, queue, vectors };
}

async function seed(databaseUrl: string, { url, collection, isForeign }: Awaited<ReturnType<typeof startVectors>>, stops: Stop[]): Promise<void> {
  await seedDatabase(databaseUrl);
  if (isForeign) stops.push(() => openVectors(url, collection).deleteCollection());
  await seedVectors(databaseUrl, url, collection);
}

type Addresses = Pick<AppSettings, 'databaseUrl' | 'cacheUrl' | 'queueUrl' | 'vectorUrl' | 'collection'>;

function settingsOf(parts: DemoParts, addresses: Addresses): AppSettings {
  return {
    ...addresses,
    poolMax: parts.poolMax,
    acquireTimeoutMs: parts.acquireTimeoutMs,
    cacheReports: parts.cacheReports,
    reportStorageMs: parts.reportStorageMs,
    forecastPaths: parts.forecastMs === 0 ? FORECAST_PATHS_HEALTHY : forecastPathsFor(parts.forecastMs),
  };
}

/** The application (`main`) or its worker as a process of its own. */
async function launchProcess(name: 'app' | 'worker', settings: AppSettings, { logFolder }: DemoOptions, stops: Stop[]): Promise<{ pid: number; port: number }> {
  const started = launch({
    name,
    command: process.execPath,
    args: (port) => [entryPoint(name === 'app' ? './app/main' : './app/worker'), String(port)],
    env: { [SETTINGS_VARIABLE]: JSON.stringify(settings), NODE_OPTIONS: undefined },
    isReady: async (_port, child) => child.stderrTail().includes('ready'),
    stopSignal: 'SIGTERM',
    logFile: join(logFolder, `${name}.log`),
  });
  const { child, port } = await entered(started, stops);
  return { pid: child.pid, port };
}

async function entered<T extends { stop(): Promise<void> }>(starting: Promise<T>, stops: Stop[]): Promise<T> {
  const started = await starting;
  stops.push(() => started.stop());
  return started;
}

/** Like Promise.all, but a failure is told only once nothing is being started any more: else something could be left running. */
async function all<T extends readonly unknown[]>(promises: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as T;
}

async function stopAll(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops.toReversed()) await stop().catch(() => {});
}
