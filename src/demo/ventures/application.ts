import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Application, StartedApplication, StartRequest } from '../application.ts';
import { launchInstances } from '../app/balancer.ts';
import { createDatabase } from '../app/create-database.ts';
import { all, entered, launchProcess } from '../processes.ts';
import type { Stop } from '../processes.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { startVectors } from '../vector/start-vectors.ts';
import { HEALTHY_PARTS, VENTURES_BOTTLENECKS } from './bottlenecks.ts';
import type { DemoParts } from './bottlenecks.ts';
import { startFaults } from './faults.ts';
import { SEEDED_CONTENTS, SEEDED_USERS, seedDatabase, seedVectors } from './seed.ts';
import { SETTINGS_VARIABLE } from './settings.ts';
import type { AppSettings } from './settings.ts';
import { openVectors } from './vectors.ts';

/** Enough for a queue of a few hundred small jobs; noeviction, for a job must not vanish. */
const QUEUE_MEMORY_BYTES = 64_000_000;

/** Dashboards, contents with vector search, publishing through a queue. */
export const ventures: Application = { id: 'ventures', bottlenecks: VENTURES_BOTTLENECKS, start };

async function start(options: StartRequest, stops: Stop[]): Promise<StartedApplication> {
  const parts = partsOf(options);
  await mkdir(options.logFolder, { recursive: true });
  options.report('starting PostgreSQL, Redis and vector search');
  const { postgres, cache, queue, vectors } = await startServers(parts, options, stops);
  const { appUrl, monitorUrl } = await createDatabase(postgres.url, 'ventures');
  options.report('filling the database');
  const settings = settingsOf(parts, { databaseUrl: appUrl, cacheUrl: cache.url, queueUrl: queue.url, vectorUrl: vectors.url, collection: vectors.collection });
  // The processes need a second to load; the tables are there by the time they are asked for.
  const { logFolder } = options;
  const [instances, worker] = await all([
    launchInstances(parts.instances, { name: 'app', entry: './ventures/main', variable: SETTINGS_VARIABLE, settings, logFolder }, stops),
    launchProcess({ name: 'worker', entry: './ventures/worker', variable: SETTINGS_VARIABLE, settings: { ...settings, poolMax: parts.workerPoolMax }, logFolder }, stops),
    seed(appUrl, vectors, stops),
  ]);
  const app = { pid: instances.members[0]?.pid ?? Number.NaN, port: Number(new URL(instances.url).port) };
  const faults = await startFaults({ parts, databaseUrl: appUrl, app, logFolder }, stops);
  return {
    url: `http://127.0.0.1:${faults.port}`,
    probes: [
      { kind: 'postgres', address: monitorUrl },
      { kind: 'redis', address: cache.url },
      { kind: 'qdrant', address: vectors.url },
      ...instances.probes,
      { kind: 'process', address: String(app.pid) },
      { kind: 'host', address: 'local' },
    ],
    servers: [`PostgreSQL ${postgres.version}`, `Redis ${cache.version}`, vectors.version],
    adjustments: [],
    writes: { request: tracedWrite, countPath: '/api/writes/count' },
    appPid: app.pid,
    pids: { ...faults.pids, ...instances.pids, worker: worker.pid, postgres: postgres.pid, cache: cache.pid, queue: queue.pid, ...(vectors.pid === null ? {} : { vectors: vectors.pid }) },
  };
}

/** Publishing goes through the queue, generating through the vector search: both ways that a write can be lost on. */
function tracedWrite(id: string, turn: number): ReturnType<NonNullable<StartedApplication['writes']>['request']> {
  const json = (body: unknown): string => JSON.stringify(body);
  if (turn % 2 === 0) return { method: 'POST', path: `/api/contents/${1 + (turn * 37) % SEEDED_CONTENTS}/publish`, headers: {}, body: json({ writeId: id }) };
  return { method: 'POST', path: '/api/contents/generate', headers: {}, body: json({ userId: 1 + turn % SEEDED_USERS, prompt: 'A spring campaign for our bakery', writeId: id }) };
}

async function startServers(parts: DemoParts, { folder, logFolder }: StartRequest, stops: Stop[]) {
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
    applicationName: 'ventures',
    poolMax: parts.poolMax,
    acquireTimeoutMs: parts.acquireTimeoutMs,
    cacheReports: parts.cacheReports,
    reportStorageMs: parts.reportStorageMs,
    blockMs: parts.blockMs,
    forecastCpuMs: parts.forecastCpuMs,
  };
}

function partsOf({ bottleneck, isForStress, changes }: StartRequest): DemoParts {
  const found = VENTURES_BOTTLENECKS.find(({ id }) => id === bottleneck);
  return { ...HEALTHY_PARTS, ...found?.changes, ...(isForStress === true ? found?.stressChanges : {}), ...changes };
}
