import type { Redis } from 'ioredis';
import type { Database } from '../app/database.ts';
import type { AppMetrics } from '../app/metrics.ts';

/** Where an answer was found: the nearest tier first. */
export type CacheTier = 'memory' | 'redis' | 'database';

export interface FoundDocument {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly score: number;
}

export interface Retrieval {
  find(question: string): Promise<{ readonly tier: CacheTier; readonly documents: readonly FoundDocument[] }>;
}

/** As many documents as an answer is made from. */
const MOST_DOCUMENTS = 5;
/** A process keeps this many questions by itself; the shared tier keeps what it has room for. */
const MEMORY_ENTRIES = 200;
const TTL_SECONDS = 300;

interface RetrievalParts {
  readonly database: Database;
  readonly cache: Redis;
  readonly tiers: { readonly memory: boolean; readonly redis: boolean };
  readonly documentStorageMs: number;
  /** Null in a worker, which has no page of metrics. */
  readonly metrics: AppMetrics | null;
}

/** Documents to a question through three tiers: this process's memory, Redis, PostgreSQL's full-text search. */
export function openRetrieval({ database, cache, tiers, documentStorageMs, metrics }: RetrievalParts): Retrieval {
  const memory = new Map<string, { readonly until: number; readonly documents: readonly FoundDocument[] }>();

  function remember(key: string, documents: readonly FoundDocument[]): void {
    if (!tiers.memory) return;
    // A Map keeps the order of insertion: its first key is the oldest.
    const [oldest] = memory.size >= MEMORY_ENTRIES ? memory.keys() : [];
    if (oldest !== undefined) memory.delete(oldest);
    memory.set(key, { until: Date.now() + TTL_SECONDS * 1000, documents });
  }

  return {
    async find(question) {
      const words = wordsOf(question);
      const key = words.join('|');
      const near = memory.get(key);
      if (near !== undefined && near.until > Date.now()) return { tier: 'memory', documents: near.documents };
      const shared = tiers.redis ? await cache.get(`rag:${key}`).catch(() => null) : null;
      if (tiers.redis) metrics?.cacheRequests.inc({ result: shared === null ? 'miss' : 'hit' });
      if (shared !== null) {
        // Only this function writes these keys.
        const documents = JSON.parse(shared) as readonly FoundDocument[];
        remember(key, documents);
        return { tier: 'redis', documents };
      }
      const documents = words.length === 0 ? [] : await database.query<FoundDocument & { id: number }>('select * from find_documents($1, $2, $3)', [words.join(' | '), MOST_DOCUMENTS, documentStorageMs]);
      if (tiers.redis) await cache.set(`rag:${key}`, JSON.stringify(documents), 'EX', TTL_SECONDS).catch(() => null);
      remember(key, documents);
      return { tier: 'database', documents };
    },
  };
}

/** The words of a question, each once, in alphabetical order: the same question put another way is found again. */
export function wordsOf(question: string): string[] {
  return [...new Set(question.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [])].toSorted();
}
