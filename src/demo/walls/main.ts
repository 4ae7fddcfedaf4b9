import { openDatabase } from '../app/database.ts';
import { watchEventLoop } from '../app/load-shedding.ts';
import { createMetrics } from '../app/metrics.ts';
import { createAppServer } from '../app/server.ts';
import { openEntitlements } from './entitlements.ts';
import { filesLayer } from './files-layer.ts';
import type { Layer } from './layer.ts';
import { memoryLayer } from './memory-layer.ts';
import { postgresLayer } from './postgres-layer.ts';
import { redisLayer } from './redis-layer.ts';
import { routesOf } from './routes.ts';
import { readSettings } from './settings.ts';
import type { LayerName } from './settings.ts';
import { OWN_DISK, slowVolume } from './volume.ts';

/** Requests in flight may end within this time after SIGTERM. */
const DRAIN_MS = 3000;

/** An instance of the application as a process, `main.ts PORT`: prints `ready` once it listens; SIGTERM lets requests in flight end. */
const settings = readSettings(process.env);
const metrics = createMetrics();
const shedding = watchEventLoop();
const layers = await Promise.all(settings.layers.map((name) => openLayer(name)));
const server = createAppServer(routesOf(openEntitlements(layers, metrics)), metrics, shedding);
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => void stop());

async function openLayer(name: LayerName): Promise<Layer> {
  const { cacheUrl, databaseUrl, historyBytes, layers: names, usersFolder, volumeReadMs } = settings;
  if (name === 'memory') return memoryLayer(names.includes('redis') ? null : metrics);
  if (name === 'redis' && cacheUrl !== null) return redisLayer(cacheUrl, historyBytes, metrics);
  if (name === 'postgres' && databaseUrl !== null) return postgresLayer(openDatabase({ ...settings, databaseUrl, applicationName: 'walls' }, metrics));
  if (name === 'files') return filesLayer(usersFolder, volumeReadMs > 0 ? slowVolume(volumeReadMs) : OWN_DISK, metrics);
  throw new Error(`layer ${name} has no address`);
}

async function stop(): Promise<void> {
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  metrics.stop();
  shedding.stop();
  await Promise.all(layers.map((layer) => layer.close()));
  process.exit(0);
}
