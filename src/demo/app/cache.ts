import { Redis } from 'ioredis';
import type { AppMetrics } from './metrics.ts';

/** A cache that does not answer must not hold up the request: the database has the answer, too. */
const COMMAND_TIMEOUT_MS = 500;

export interface Cache {
  /** What is stored under the key, else what `compute` gives, stored for `ttlSeconds`. */
  readThrough<T>(key: string, ttlSeconds: number, compute: () => Promise<T>): Promise<T>;
  forget(key: string): Promise<void>;
  close(): void;
}

export function openCache(url: string, metrics: AppMetrics): Cache {
  const redis = new Redis(url, { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 1 });
  redis.on('error', () => metrics.cacheErrors.inc());

  async function orNull<T>(command: Promise<T>): Promise<T | null> {
    try {
      return await command;
    } catch {
      metrics.cacheErrors.inc();
      return null;
    }
  }

  return {
    async readThrough<T>(key: string, ttlSeconds: number, compute: () => Promise<T>): Promise<T> {
      const stored = await orNull(redis.get(key));
      metrics.cacheRequests.inc({ result: stored === null ? 'miss' : 'hit' });
      // Only readThrough writes these keys, and only with what `compute` of the same key gave.
      if (stored !== null) return JSON.parse(stored) as T;
      const fresh = await compute();
      await orNull(redis.set(key, JSON.stringify(fresh), 'EX', ttlSeconds));
      return fresh;
    },
    async forget(key) {
      await orNull(redis.del(key));
    },
    close: () => redis.disconnect(),
  };
}
