import { openCache } from '../app/cache.ts';
import { openDatabase } from '../app/database.ts';
import { leakMemory, toggleLeak } from '../app/leak.ts';
import { watchEventLoop } from '../app/load-shedding.ts';
import { createMetrics } from '../app/metrics.ts';
import { queueConnection } from '../app/queue-connection.ts';
import { serve } from '../app/serve.ts';
import { createAppServer } from '../app/server.ts';
import { workOnImages } from './image-jobs.ts';
import { routesOf } from './routes.ts';
import { readSettings } from './settings.ts';
import { openShop } from './shop.ts';

/** An instance of the shop as a process, `main.ts PORT`; a single instance works on image jobs beside its requests. */
const settings = readSettings(process.env);
const metrics = createMetrics();
const shedding = watchEventLoop();
const database = openDatabase(settings, metrics);
const cache = settings.cacheUrl === null ? null : openCache(settings.cacheUrl, metrics);
const shop = await openShop(settings, database, cache, metrics);
const images = settings.worksOnImages
  ? await workOnImages(queueConnection(settings.queueUrl), database, (seconds) => {
      metrics.queueJobSeconds.observe(seconds);
      metrics.queueCompleted.inc();
    })
  : null;
if (settings.leakBytes > 0) leakMemory(settings.leakBytes);
process.on('SIGUSR2', toggleLeak());
serve(createAppServer(routesOf(shop), metrics, shedding), async () => {
  metrics.stop();
  shedding.stop();
  await images?.close();
  await shop.close();
  cache?.close();
  await database.close();
});
