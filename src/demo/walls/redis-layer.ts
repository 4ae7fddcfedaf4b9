import { once } from 'node:events';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { AppMetrics } from '../app/metrics.ts';
import { entrySchema } from './entry.ts';
import type { CacheLayer } from './layer.ts';

/** A cache that hangs must not hold up the request for longer: the next layer has the answer, too. */
const COMMAND_TIMEOUT_MS = 500;
const TTL_SECONDS = 600;

const cachedSchema = z.object({ entry: entrySchema, history: z.string() });

/** A Redis that all instances share. While it is gone it fails at once rather than wait for its return. */
export async function redisLayer(url: string, historyBytes: number, metrics: AppMetrics): Promise<CacheLayer> {
  const redis = new Redis(url, { commandTimeout: COMMAND_TIMEOUT_MS, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  redis.on('error', () => metrics.cacheErrors.inc());
  await once(redis, 'ready');
  const history = 'granted '.repeat(Math.ceil(historyBytes / 8)).slice(0, historyBytes);
  return {
    name: 'redis',
    async find(userId) {
      const text = await redis.get(keyOf(userId));
      metrics.cacheRequests.inc({ result: text === null ? 'miss' : 'hit' });
      return text === null ? null : cachedSchema.parse(JSON.parse(text)).entry;
    },
    async keep(entry) {
      await redis.set(keyOf(entry.userId), JSON.stringify({ entry, history }), 'EX', TTL_SECONDS);
    },
    async forget(userId) {
      await redis.del(keyOf(userId));
    },
    async close() {
      redis.disconnect();
    },
  };
}

function keyOf(userId: number): string {
  return `entitlements:${userId}`;
}
