import type { AppMetrics } from '../app/metrics.ts';
import type { Entry } from './entry.ts';
import type { CacheLayer } from './layer.ts';

/** About 2 MB: the users of a busy hour. */
const MOST_ENTRIES = 5000;
const TTL_MS = 600_000;

/** The process's own memory, which no other instance sees. `metrics`: where its look-ups are counted; null where another cache counts. */
export function memoryLayer(metrics: AppMetrics | null): CacheLayer {
  const entries = new Map<number, { readonly entry: Entry; readonly untilMs: number }>();
  return {
    name: 'memory',
    async find(userId) {
      const found = entries.get(userId);
      const isFresh = found !== undefined && found.untilMs > performance.now();
      metrics?.cacheRequests.inc({ result: isFresh ? 'hit' : 'miss' });
      return isFresh ? found.entry : null;
    },
    async keep(entry) {
      // A Map keeps the order of insertion: its first key is the oldest.
      const [oldest] = entries.size >= MOST_ENTRIES ? entries.keys() : [];
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(entry.userId, { entry, untilMs: performance.now() + TTL_MS });
    },
    async forget(userId) {
      entries.delete(userId);
    },
    async close() {},
  };
}
