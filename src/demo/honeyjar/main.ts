import { Redis } from 'ioredis';
import { openDatabase } from '../app/database.ts';
import { watchEventLoop } from '../app/load-shedding.ts';
import { createMetrics } from '../app/metrics.ts';
import { serve } from '../app/serve.ts';
import { createAppServer } from '../app/server.ts';
import { openChat } from './chat.ts';
import { openRetrieval } from './retrieval.ts';
import { routesOf } from './routes.ts';
import { readSettings } from './settings.ts';

/** The chat application as a process, `main.ts PORT`. */
const settings = readSettings(process.env);
const metrics = createMetrics();
const shedding = watchEventLoop();
const database = openDatabase(settings, metrics);
const redis = new Redis(settings.cacheUrl, { maxRetriesPerRequest: 1 });
redis.on('error', () => metrics.cacheErrors.inc());
const chat = await openChat(settings, redis, metrics);
const retrieval = openRetrieval({ database, cache: redis, tiers: settings.tiers, documentStorageMs: settings.documentStorageMs, metrics });
const server = createAppServer(routesOf(chat, retrieval, database), metrics, shedding);
serve(server, async () => {
  metrics.stop();
  shedding.stop();
  await chat.close();
  redis.disconnect();
  await database.close();
});
