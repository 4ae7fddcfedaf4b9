import { mkdir } from 'node:fs/promises';
import { launchInstances } from '../app/balancer.ts';
import { createDatabase } from '../app/create-database.ts';
import type { Application, StartedApplication, StartRequest } from '../application.ts';
import { all, entered, launchProcess } from '../processes.ts';
import type { Stop } from '../processes.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startReplica } from '../servers/postgres-replica.ts';
import { startRedis } from '../servers/redis.ts';
import type { Server } from '../servers/server.ts';
import { EXCHANGE_BOTTLENECKS, HEALTHY_PARTS } from './bottlenecks.ts';
import type { ExchangeParts } from './bottlenecks.ts';
import { QUEUE_NAME } from './queue.ts';
import { seedDatabase } from './seed.ts';
import { SETTINGS_VARIABLE } from './settings.ts';
import type { ExchangeSettings } from './settings.ts';
import { shapeOf } from './shape.ts';
import type { Shape } from './shape.ts';

const CACHE_MEMORY_BYTES = 32_000_000;
/** Enough for some ten thousand mentions; noeviction, for a job must not vanish. */
const QUEUE_MEMORY_BYTES = 64_000_000;
const MAX_CONNECTIONS = 60;
const DEFAULT_POOL = 10;
const WORKER_POOL = 4;

/** A bot that is mentioned, with a queue for what it does, and the web pages of what it hands out. */
export const exchange: Application = { id: 'exchange', bottlenecks: EXCHANGE_BOTTLENECKS, start };

async function start(request: StartRequest, stops: Stop[]): Promise<StartedApplication> {
  const parts: ExchangeParts = { ...HEALTHY_PARTS, ...EXCHANGE_BOTTLENECKS.find(({ id }) => id === request.bottleneck)?.changes };
  const shape = shapeOf(request.architecture, parts.mayUseRedis);
  await mkdir(request.logFolder, { recursive: true });
  request.report(`starting PostgreSQL${shape.replicas > 0 ? `, ${shape.replicas} read replicas` : ''}${shape.hasRedis ? ' and Redis' : ''}`);
  const [databases, redis] = await all([startDatabases(shape, parts, request, stops), startRedises(shape, request.folder, stops)]);
  const settings = settingsOf(parts, request, databases, redis);
  const { logFolder } = request;
  const [instances, ...workers] = await all([
    launchInstances(shape.instances, { name: 'app', entry: './exchange/main', variable: SETTINGS_VARIABLE, settings, logFolder }, stops),
    ...Array.from({ length: shape.workers }, (_, index) =>
      launchProcess({ name: `worker-${index + 1}`, entry: './exchange/worker', variable: SETTINGS_VARIABLE, settings: { ...settings, poolMax: WORKER_POOL }, logFolder }, stops)),
  ]);
  return {
    url: instances.url,
    probes: [
      { kind: 'postgres', address: databases.monitorUrl },
      ...databases.replicas.map(({ port }) => ({ kind: 'postgres' as const, address: onPort(databases.monitorUrl, port) })),
      ...(redis === null ? [] : [{ kind: 'redis' as const, address: redis.cache.url }, { kind: 'bullmq' as const, address: `${redis.queue.url}?queue=${QUEUE_NAME}` }]),
      ...instances.probes,
      { kind: 'host', address: 'local' },
    ],
    servers: [`PostgreSQL ${databases.primary.version}`, ...(redis === null ? [] : [`Redis ${redis.cache.version}`])],
    adjustments: shape.adjustments,
    appPid: instances.members[0]?.pid ?? Number.NaN,
    pids: {
      ...instances.pids, ...numbered('worker', workers), postgres: databases.primary.pid, ...numbered('replica', databases.replicas),
      ...(redis === null ? {} : { cache: redis.cache.pid, queue: redis.queue.pid }),
    },
    ...failoverOf(databases.replicas),
  };
}

interface Databases {
  readonly primary: Server;
  readonly replicas: readonly Server[];
  readonly appUrl: string;
  readonly monitorUrl: string;
}

async function startDatabases(shape: Shape, parts: ExchangeParts, { architecture, folder: dir, report }: StartRequest, stops: Stop[]): Promise<Databases> {
  const settings = { max_connections: String(architecture?.maxConnections?.min ?? MAX_CONNECTIONS), shared_buffers: '64MB', jit: 'off' };
  const primary = await entered(startPostgres({ dir, settings }), stops);
  const { appUrl, monitorUrl } = await createDatabase(primary.url, 'exchange');
  report('filling the database');
  await seedDatabase(appUrl);
  const replicas: Server[] = [];
  const lagging = { ...settings, recovery_min_apply_delay: `${parts.replayDelayMs}ms` };
  // One after the other: a backup at a time is enough for a small disk.
  for (let number = 1; number <= shape.replicas; number++) replicas.push(await entered(startReplica({ dir, name: `replica_${number}`, primary, settings: lagging }), stops));
  return { primary, replicas, appUrl, monitorUrl };
}

async function startRedises({ hasRedis }: Shape, dir: string, stops: Stop[]): Promise<{ cache: Server; queue: Server } | null> {
  if (!hasRedis) return null;
  const [cache, queue] = await all([
    entered(startRedis({ dir, name: 'cache', maxMemoryBytes: CACHE_MEMORY_BYTES, policy: 'allkeys-lru' }), stops),
    entered(startRedis({ dir, name: 'queue', maxMemoryBytes: QUEUE_MEMORY_BYTES, policy: 'noeviction' }), stops),
  ]);
  return { cache, queue };
}

function settingsOf(parts: ExchangeParts, { architecture }: StartRequest, { appUrl, replicas }: Databases, redis: { cache: Server; queue: Server } | null): ExchangeSettings {
  const { acquireTimeoutMs, concurrency, pageStorageMs, poolMax, replyMs } = parts;
  return {
    databaseUrl: appUrl, replicaUrls: replicas.map(({ port }) => onPort(appUrl, port)), applicationName: 'exchange',
    poolMax: poolMax ?? architecture?.poolPerInstance?.min ?? DEFAULT_POOL,
    acquireTimeoutMs, cacheUrl: redis?.cache.url ?? null, queueUrl: redis?.queue.url ?? null, pageStorageMs, replyMs, concurrency,
  };
}

/** The same database at a replica: roles and passwords are copied with everything else. */
function onPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
}

function numbered(name: string, processes: readonly { readonly pid: number }[]): Record<string, number> {
  return Object.fromEntries(processes.map(({ pid }, index) => [`${name}-${index + 1}`, pid]));
}

function failoverOf([first]: readonly Server[]): Pick<StartedApplication, 'failover'> {
  // Pages that nobody has asked for yet, which no cache has.
  return first === undefined ? {} : { failover: { what: 'a read replica', lose: () => first.stop(), path: (turn) => `/objects/${1001 + (turn % 1000)}` } };
}
