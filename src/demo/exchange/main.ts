import { openCache } from '../app/cache.ts';
import { openDatabase } from '../app/database.ts';
import { watchEventLoop } from '../app/load-shedding.ts';
import { createMetrics } from '../app/metrics.ts';
import { serve } from '../app/serve.ts';
import { createAppServer } from '../app/server.ts';
import { openBot } from './bot.ts';
import { openPages } from './pages.ts';
import { openQueue } from './queue.ts';
import { readFrom } from './reader.ts';
import { routesOf } from './routes.ts';
import { readSettings } from './settings.ts';

/** An instance of the application as a process, `main.ts PORT`: the bot's interface and the web pages. */
const settings = readSettings(process.env);
const metrics = createMetrics();
const shedding = watchEventLoop();
const database = openDatabase(settings, metrics);
const replicas = settings.replicaUrls.map((databaseUrl) => openDatabase({ ...settings, databaseUrl }, metrics));
const cache = settings.cacheUrl === null ? null : openCache(settings.cacheUrl, metrics);
const queue = settings.queueUrl === null ? null : await openQueue(settings.queueUrl, metrics);
const bot = openBot({ database, queue, replyMs: settings.replyMs });
const pages = openPages({ reader: readFrom(replicas, database), cache, storageMs: settings.pageStorageMs });
serve(createAppServer(routesOf(bot, pages), metrics, shedding), async () => {
  metrics.stop();
  shedding.stop();
  await queue?.close();
  cache?.close();
  await Promise.all([database, ...replicas].map((each) => each.close()));
});
