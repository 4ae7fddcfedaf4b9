import { openDatabase } from '../app/database.ts';
import { watchEventLoop } from '../app/load-shedding.ts';
import { createMetrics } from '../app/metrics.ts';
import { serve } from '../app/serve.ts';
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

/** An instance of the application as a process, `main.ts PORT`, on the layers it is told of. */
const settings = readSettings(process.env);
const metrics = createMetrics();
const shedding = watchEventLoop();
const layers = await Promise.all(settings.layers.map((name) => openLayer(name)));
serve(createAppServer(routesOf(openEntitlements(layers, metrics), settings.sealRounds), metrics, shedding), async () => {
  metrics.stop();
  shedding.stop();
  await Promise.all(layers.map((layer) => layer.close()));
});

async function openLayer(name: LayerName): Promise<Layer> {
  const { cacheUrl, databaseUrl, historyBytes, layers: names, usersFolder, volumeReadMs } = settings;
  if (name === 'memory') return memoryLayer(names.includes('redis') ? null : metrics);
  if (name === 'redis' && cacheUrl !== null) return redisLayer(cacheUrl, historyBytes, metrics);
  if (name === 'postgres' && databaseUrl !== null) return postgresLayer(openDatabase({ ...settings, databaseUrl, applicationName: 'walls' }, metrics));
  if (name === 'files') return filesLayer(usersFolder, volumeReadMs > 0 ? slowVolume(volumeReadMs) : OWN_DISK, metrics);
  throw new Error(`layer ${name} has no address`);
}
