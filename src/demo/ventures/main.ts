import { openCache } from '../app/cache.ts';
import { openCalendar } from './calendar.ts';
import { openContents } from './contents.ts';
import { openDatabase } from '../app/database.ts';
import { watchEventLoop } from '../app/load-shedding.ts';
import { createMetrics } from '../app/metrics.ts';
import { openQueue } from './queue.ts';
import { openReports } from './reports.ts';
import { routesOf } from './routes.ts';
import { serve } from '../app/serve.ts';
import { createAppServer } from '../app/server.ts';
import { readSettings } from './settings.ts';
import { openVectors } from './vectors.ts';

/** The application as a process, `main.ts PORT`. */
const settings = readSettings(process.env);
const metrics = createMetrics();
const shedding = watchEventLoop();
const database = openDatabase(settings, metrics);
const cache = openCache(settings.cacheUrl, metrics);
const queue = await openQueue(settings.queueUrl, metrics);
const server = createAppServer(
  routesOf({
    reports: openReports(settings, database, cache),
    contents: openContents(database, cache, openVectors(settings.vectorUrl, settings.collection), queue, metrics),
    calendar: openCalendar(database),
  }),
  metrics,
  shedding,
);
serve(server, async () => {
  metrics.stop();
  shedding.stop();
  await queue.close();
  cache.close();
  await database.close();
});
