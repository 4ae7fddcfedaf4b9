import { mkdir } from 'node:fs/promises';
import type { Architecture } from '../../model/plan.ts';
import { createDatabase } from '../app/create-database.ts';
import type { Application, StartedApplication, StartRequest } from '../application.ts';
import { launchInstances } from '../app/balancer.ts';
import { SMALL_HEAP } from '../app/leak.ts';
import { supervise } from '../app/supervise.ts';
import { instancesOf, missingHere } from '../app/shared-machine.ts';
import { all, entered, launchProcess } from '../processes.ts';
import type { LaunchedProcess, ProcessRequest, Stop } from '../processes.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { HEALTHY_PARTS, SHOP_BOTTLENECKS } from './bottlenecks.ts';
import type { ShopParts } from './bottlenecks.ts';
import { experimentOf, LEAKING_HEAP, SHOP_EXPERIMENTS } from './experiments.ts';
import { PRODUCTS, seedDatabase } from './seed.ts';
import { QUEUE_NAME, SETTINGS_VARIABLE } from './settings.ts';
import type { ShopSettings } from './settings.ts';

const CACHE_MEMORY_BYTES = 32_000_000;
const QUEUE_MEMORY_BYTES = 64_000_000;
/** As many as the plan's free database takes, beside the three that PostgreSQL keeps for its administrators and one for a probe. */
const DEFAULT_MAX_CONNECTIONS = 20;
const KEPT_CONNECTIONS = 4;

/** A shop: products, orders, and image jobs that are worked on beside requests or, from the first phase on, by a worker. */
export const stolenTee: Application = { id: 'stolen-tee', bottlenecks: SHOP_BOTTLENECKS, experiments: SHOP_EXPERIMENTS, start };

async function start(request: StartRequest, stops: Stop[]): Promise<StartedApplication> {
  const { architecture, folder, logFolder, report } = request;
  const parts: ShopParts = { ...HEALTHY_PARTS, ...SHOP_BOTTLENECKS.find(({ id }) => id === request.bottleneck)?.changes };
  await mkdir(logFolder, { recursive: true });
  report('starting PostgreSQL and Redis');
  const { postgres, cache, queue } = await startServers(architecture, folder, stops);
  const { appUrl, monitorUrl } = await createDatabase(postgres.url, 'stolen_tee');
  report('filling the database');
  await seedDatabase(appUrl);
  const hasWorker = Object.keys(architecture?.workers ?? { all: 1 }).length > 0;
  const hasCache = parts.mayCache && (architecture?.layers.includes('redis') ?? true);
  const settings: ShopSettings = {
    databaseUrl: appUrl, applicationName: 'stolen-tee', poolMax: poolOf(architecture, parts), acquireTimeoutMs: parts.acquireTimeoutMs,
    cacheUrl: hasCache ? cache.url : null, queueUrl: queue.url, worksOnImages: !hasWorker, productStorageMs: parts.productStorageMs, renderMs: parts.renderMs, leakBytes: parts.leakBytes,
  };
  const nodeFlags = parts.leakBytes > 0 ? SMALL_HEAP : request.experiment === 'memory-leak' ? LEAKING_HEAP : [];
  const instance = { name: 'app', entry: './stolen-tee/main', variable: SETTINGS_VARIABLE, settings, logFolder, nodeFlags } as const;
  const [app, ...workers] = await all([
    launchInstances(instancesOf(architecture), instance, stops),
    ...(hasWorker ? [launchProcess({ name: 'worker', entry: './stolen-tee/worker', variable: SETTINGS_VARIABLE, settings: { ...settings, poolMax: 1, leakBytes: 0 }, logFolder }, stops)] : []),
  ]);
  return {
    url: app.url,
    probes: [
      { kind: 'postgres', address: monitorUrl },
      { kind: 'redis', address: cache.url },
      { kind: 'bullmq', address: `${queue.url}?queue=${QUEUE_NAME}` },
      ...app.probes,
      { kind: 'host', address: 'local' },
    ],
    servers: [`PostgreSQL ${postgres.version}`, `Redis ${cache.version}`],
    adjustments: adjustmentsTo(architecture),
    appPid: app.members[0]?.pid ?? 0,
    writes: { request: tracedOrder, countPath: '/api/writes/count' },
    ...experimentIn(request, appUrl, app.members, instance, stops),
    pids: { ...app.pids, ...Object.fromEntries(workers.map(({ pid }) => ['worker', pid])), postgres: postgres.pid, cache: cache.pid, queue: queue.pid },
  };
}

async function startServers(architecture: Architecture | null, dir: string, stops: Stop[]) {
  const maxConnections = (architecture?.maxConnections?.min ?? DEFAULT_MAX_CONNECTIONS) + KEPT_CONNECTIONS;
  const [postgres, cache, queue] = await all([
    entered(startPostgres({ dir, settings: { max_connections: String(maxConnections), shared_buffers: '64MB', jit: 'off' } }), stops),
    entered(startRedis({ dir, name: 'cache', maxMemoryBytes: CACHE_MEMORY_BYTES, policy: 'allkeys-lru' }), stops),
    entered(startRedis({ dir, name: 'queue', maxMemoryBytes: QUEUE_MEMORY_BYTES, policy: 'noeviction' }), stops),
  ]);
  return { postgres, cache, queue };
}

function experimentIn({ experiment }: StartRequest, databaseUrl: string, [first]: readonly LaunchedProcess[], instance: ProcessRequest, stops: Stop[]): Pick<StartedApplication, 'experiment'> {
  if (experiment === undefined || experiment === null || first === undefined) return {};
  return { experiment: experimentOf(experiment, { databaseUrl, instance: supervise(first, instance, stops) }) };
}

function tracedOrder(writeId: string, turn: number): ReturnType<NonNullable<StartedApplication['writes']>['request']> {
  return { method: 'POST', path: '/api/orders', headers: {}, body: JSON.stringify({ productId: 1 + (turn * 37) % PRODUCTS, size: 'M', writeId }) };
}

function poolOf(architecture: Architecture | null, parts: ShopParts): number {
  return Math.min(parts.poolMax, architecture?.poolPerInstance?.min ?? parts.poolMax);
}

function adjustmentsTo(architecture: Architecture | null): string[] {
  return [...missingHere(architecture), ...((architecture?.replicas?.min ?? 0) > 0 ? ['the database has no read replica here'] : [])];
}
