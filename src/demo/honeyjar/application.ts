import { mkdir } from 'node:fs/promises';
import { createDatabase } from '../app/create-database.ts';
import type { Application, StartedApplication, StartRequest } from '../application.ts';
import { launchInstances } from '../app/balancer.ts';
import { instancesOf } from '../app/shared-machine.ts';
import { all, entered, launchProcess } from '../processes.ts';
import type { LaunchedProcess, Stop } from '../processes.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { HEALTHY_PARTS, HONEYJAR_BOTTLENECKS } from './bottlenecks.ts';
import type { HoneyjarParts } from './bottlenecks.ts';
import { seedDatabase } from './seed.ts';
import { QUEUES, SETTINGS_VARIABLE } from './settings.ts';
import type { AppSettings, QueueName } from './settings.ts';
import { adjustmentsTo, workersIn } from './workers.ts';

/** Enough for queues of some thousand messages; noeviction, for a job must not vanish. */
const QUEUE_MEMORY_BYTES = 64_000_000;
const MAX_CONNECTIONS = 60;

/** Chat: every message goes through queues for intent, retrieval and model; retrieval has three cache tiers. */
export const honeyjar: Application = { id: 'honeyjar', bottlenecks: HONEYJAR_BOTTLENECKS, start };

async function start(request: StartRequest, stops: Stop[]): Promise<StartedApplication> {
  const parts: HoneyjarParts = { ...HEALTHY_PARTS, ...HONEYJAR_BOTTLENECKS.find(({ id }) => id === request.bottleneck)?.changes };
  await mkdir(request.logFolder, { recursive: true });
  request.report('starting PostgreSQL and Redis');
  const { postgres, cache, queue } = await startServers(parts, request.folder, stops);
  const { appUrl, monitorUrl } = await createDatabase(postgres.url, 'honeyjar');
  request.report('filling the database');
  await seedDatabase(appUrl);
  const settings = settingsOf(parts, request.architecture, { databaseUrl: appUrl, cacheUrl: cache.url, queueUrl: queue.url });
  const [app, ...workers] = await all([
    launchInstances(instancesOf(request.architecture), { name: 'app', entry: './honeyjar/main', variable: SETTINGS_VARIABLE, settings, logFolder: request.logFolder }, stops),
    ...QUEUES.map((name) => launchWorker(name, settings, parts, request, stops)),
  ]);
  return {
    url: app.url,
    probes: [
      { kind: 'postgres', address: monitorUrl },
      { kind: 'redis', address: cache.url },
      ...QUEUES.map((name) => ({ kind: 'bullmq' as const, address: `${queue.url}?queue=${name}` })),
      ...app.probes,
      { kind: 'host', address: 'local' },
    ],
    servers: [`PostgreSQL ${postgres.version}`, `Redis ${cache.version}`],
    adjustments: adjustmentsTo(request.architecture),
    appPid: app.members[0]?.pid ?? 0,
    pids: {
      ...app.pids, postgres: postgres.pid, cache: cache.pid, queue: queue.pid,
      ...Object.fromEntries(QUEUES.map((name, index) => [`worker-${name}`, workers[index]?.pid ?? 0])),
    },
  };
}

async function startServers(parts: HoneyjarParts, dir: string, stops: Stop[]) {
  const [postgres, cache, queue] = await all([
    entered(startPostgres({ dir, settings: { max_connections: String(MAX_CONNECTIONS), shared_buffers: '64MB', jit: 'off' } }), stops),
    entered(startRedis({ dir, name: 'cache', maxMemoryBytes: parts.cacheMaxMemoryBytes, policy: 'allkeys-lru' }), stops),
    entered(startRedis({ dir, name: 'queue', maxMemoryBytes: QUEUE_MEMORY_BYTES, policy: 'noeviction' }), stops),
  ]);
  return { postgres, cache, queue };
}

function settingsOf(parts: HoneyjarParts, architecture: StartRequest['architecture'], addresses: Pick<AppSettings, 'databaseUrl' | 'cacheUrl' | 'queueUrl'>): AppSettings {
  const { poolMax, acquireTimeoutMs, modelMs, documentStorageMs } = parts;
  return { ...addresses, applicationName: 'honeyjar', poolMax, acquireTimeoutMs, modelMs, documentStorageMs, concurrency: {}, tiers: { memory: architecture?.layers.includes('memory') ?? true, redis: architecture?.layers.includes('redis') ?? true } };
}

/** The workers of one queue are one process that does as many jobs at once as all of them would. */
function launchWorker(name: QueueName, settings: AppSettings, parts: HoneyjarParts, { architecture, logFolder }: StartRequest, stops: Stop[]): Promise<LaunchedProcess> {
  const concurrency = { [name]: workersIn(architecture, name) * parts.jobsPerWorker[name] };
  return launchProcess({ name: `worker-${name}`, entry: './honeyjar/worker', variable: SETTINGS_VARIABLE, settings: { ...settings, concurrency }, logFolder }, stops);
}
