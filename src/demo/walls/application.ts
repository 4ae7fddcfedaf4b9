import { mkdir } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { launchInstances } from '../app/balancer.ts';
import type { Instances } from '../app/balancer.ts';
import { createDatabase } from '../app/create-database.ts';
import { openDatabase } from '../app/database.ts';
import { instancesOf, missingHere } from '../app/shared-machine.ts';
import type { Application, StartedApplication, StartRequest } from '../application.ts';
import { all, entered } from '../processes.ts';
import type { Stop } from '../processes.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import type { Architecture } from '../../model/plan.ts';
import { HEALTHY_PARTS, WALLS_BOTTLENECKS } from './bottlenecks.ts';
import type { WallsParts } from './bottlenecks.ts';
import { sealRoundsFor } from './seal.ts';
import { seedDatabase, seedEntries, seedFiles } from './seed.ts';
import { LAYERS, SETTINGS_VARIABLE } from './settings.ts';
import type { LayerName, WallsSettings } from './settings.ts';

const DEFAULT_LAYERS: readonly LayerName[] = ['redis', 'files'];
/** An application that computes on purpose leaves the processor to the generator on the same machine, which must stay in time. */
const GIVES_WAY = 10;
const DEFAULT_POOL = 10;
const MAX_CONNECTIONS = 60;

/** Entitlements, looked for in memory, Redis, PostgreSQL and files, as the phase has them. */
export const walls: Application = { id: 'walls', bottlenecks: WALLS_BOTTLENECKS, start };

async function start(request: StartRequest, stops: Stop[]): Promise<StartedApplication> {
  const { architecture, folder, logFolder, report } = request;
  const parts: WallsParts = { ...HEALTHY_PARTS, ...WALLS_BOTTLENECKS.find(({ id }) => id === request.bottleneck)?.changes };
  const shape = shapeOf(architecture, parts);
  await mkdir(logFolder, { recursive: true });
  report(`starting the application on ${shape.layers.join(', ')}`);
  const usersFolder = join(folder, 'users');
  const entries = seedEntries();
  const [postgres, cache] = await all([
    shape.layers.includes('postgres') ? startDatabase(architecture, folder, stops) : nothing(),
    shape.layers.includes('redis') ? entered(startRedis({ dir: folder, name: 'cache', maxMemoryBytes: parts.cacheMaxMemoryBytes, policy: 'allkeys-lru' }), stops) : nothing(),
    seedFiles(usersFolder, entries),
  ]);
  if (postgres !== null) await fill(postgres.appUrl, entries);
  const settings: WallsSettings = {
    layers: [...shape.layers], usersFolder, volumeReadMs: parts.volumeReadMs, historyBytes: parts.historyBytes, sealRounds: sealRoundsFor(parts.sealMs),
    cacheUrl: cache?.url ?? null, databaseUrl: postgres?.appUrl ?? null,
    poolMax: architecture?.poolPerInstance?.min ?? DEFAULT_POOL, acquireTimeoutMs: 2500,
  };
  const instances = await launchInstances(shape.instances, { name: 'app', entry: './walls/main', variable: SETTINGS_VARIABLE, settings, logFolder }, stops);
  if (parts.sealMs > 0) for (const { pid } of instances.members) setPriority(pid, GIVES_WAY);
  return {
    url: instances.url,
    probes: [
      ...(postgres === null ? [] : [{ kind: 'postgres' as const, address: postgres.monitorUrl }]),
      ...(cache === null ? [] : [{ kind: 'redis' as const, address: cache.url }]),
      ...instances.probes,
      { kind: 'host', address: 'local' },
    ],
    servers: [...(postgres === null ? [] : [`PostgreSQL ${postgres.version}`]), ...(cache === null ? [] : [`Redis ${cache.version}`])],
    adjustments: shape.adjustments,
    appPid: instances.members[0]?.pid ?? Number.NaN,
    pids: { ...instances.pids, ...(postgres === null ? {} : { postgres: postgres.pid }), ...(cache === null ? {} : { cache: cache.pid }) },
    ...failoverOf(instances),
  };
}

interface Shape {
  readonly layers: readonly LayerName[];
  readonly instances: number;
  readonly adjustments: readonly string[];
}

/** The layers and instances of the phase, as far as they go together on this machine. */
function shapeOf(architecture: Architecture | null, parts: WallsParts): Shape {
  const asked = parts.layers ?? (architecture === null ? DEFAULT_LAYERS : architecture.layers);
  const known = asked.filter(isLayer);
  const strange = asked.filter((name) => !isLayer(name) && name !== 'cdn');
  const wanted = instancesOf(architecture);
  const isShared = known.includes('postgres');
  const instances = isShared ? wanted : 1;
  // What one instance remembers is not forgotten when another sells something.
  const layers = known.filter((name) => name !== 'memory' || instances === 1);
  return {
    layers: layers.some((name) => name === 'postgres' || name === 'files') ? layers : [...layers, 'files'],
    instances,
    adjustments: [
      ...missingHere(architecture),
      ...(wanted > instances ? [`${wanted} instances: one was started, as files that several write to at once would lose purchases`] : []),
      ...(strange.length > 0 ? [`the application has no layer ${strange.join(' and no ')}`] : []),
    ],
  };
}

function isLayer(name: string): name is LayerName {
  return (LAYERS as readonly string[]).includes(name);
}

async function startDatabase(architecture: Architecture | null, dir: string, stops: Stop[]) {
  const maxConnections = architecture?.maxConnections?.min ?? MAX_CONNECTIONS;
  const { url, version, pid } = await entered(startPostgres({ dir, settings: { max_connections: String(maxConnections), shared_buffers: '64MB', jit: 'off' } }), stops);
  return { ...(await createDatabase(url, 'walls')), version, pid };
}

async function fill(databaseUrl: string, entries: Parameters<typeof seedDatabase>[1]): Promise<void> {
  const database = openDatabase({ applicationName: 'walls migration', databaseUrl, poolMax: 1, acquireTimeoutMs: 30_000 }, null);
  try {
    await seedDatabase(database, entries);
  } finally {
    await database.close();
  }
}

function failoverOf({ members }: Instances): Pick<StartedApplication, 'failover'> {
  const [first] = members;
  if (first === undefined || members.length < 2) return {};
  return { failover: { what: 'one of the instances of the application', lose: () => first.kill(), path: (turn) => `/api/entitlements?userId=${1 + (turn % 1000)}` } };
}

async function nothing(): Promise<null> {
  return null;
}
