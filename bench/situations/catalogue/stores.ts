import { creeping, together } from '../faults/combine.ts';
import { holdBack } from '../faults/machine.ts';
import { computeInCache, crowdCache, emptyCache, enqueue, searchToo, shrinkCache } from '../faults/stores.ts';
import type { Fault, Situation } from '../situation.ts';
import type { System } from '../system.ts';
import { AFTER_SECONDS, exchange, honeyjar, ventures } from './systems.ts';

const vectorsOf = ({ demo }: System): number => demo.pids['vectors'] ?? demo.appPid;
/** Reports that cost 600 ms when they are not found in the cache, and connections for all of them. */
const dearMisses = { poolMax: 40, reportStorageMs: 600 };

const VECTORS: readonly Situation[] = [
  { ...ventures, name: 'qdrant-from-the-start', label: ['qdrant'], because: 'a search reads 2 MB from a volume of 5 MB/s: 2.4 searches/s, and 3.3 are asked for', demo: 'qdrant' },
  { ...ventures, name: 'qdrant-shared-with-others', label: ['qdrant'], because: 'on the same volume another program begins to search twice a second', demo: 'qdrant', ratePerSec: 14, fault: { afterSeconds: AFTER_SECONDS, begin: searchToo(2) } },
  { ...ventures, name: 'qdrant-on-a-ramp', label: ['qdrant'], because: 'on the way up more searches are asked for than the volume can do', demo: 'qdrant', shape: 'ramp 40-140 %', feltFromSecond: 12 },
  { ...ventures, name: 'qdrant-held-back', label: ['qdrant'], because: 'a vector store that reads 2 MB for each search is stopped for 700 of each 1,000 ms, from one moment on', demo: 'qdrant', ratePerSec: 18, fault: { afterSeconds: AFTER_SECONDS, begin: holdBack(vectorsOf, 700, 300) } },
  { ...ventures, name: 'qdrant-held-back-more-and-more', label: ['qdrant'], because: 'a vector store that reads 2 MB for each search gets less and less time', demo: 'qdrant', ratePerSec: 18, fault: { afterSeconds: 2, begin: lessAndLess(), feltAfterSeconds: 4 } },
  { ...ventures, name: 'qdrant-seen-by-the-preload', label: ['qdrant'], because: 'a search reads 2 MB from a volume of 5 MB/s: 2.4 a second, and 4 are asked for by an application without metrics of its own', demo: 'qdrant', ratePerSec: 40, isPreloaded: true },
];

const CACHES: readonly Situation[] = [
  { ...ventures, name: 'cache-from-the-start', label: ['cache'], because: 'a Redis of 2 MB for a working set of 5 MB', demo: 'cache' },
  { ...ventures, name: 'cache-shrunk-mid-run', label: ['cache'], because: 'Redis is cut to 2 MB while the load runs: the working set is 5 MB', settings: dearMisses, fault: { afterSeconds: AFTER_SECONDS, begin: shrinkCache(1_500_000) } },
  { ...ventures, name: 'cache-crowded-by-others', label: ['cache'], because: 'another program fills the cache of 6 MB with values of its own: what users need is evicted', settings: dearMisses, before: shrinkCache(6_000_000), fault: { afterSeconds: AFTER_SECONDS, begin: crowdCache(400, 20_000) } },
  { ...ventures, name: 'cache-crowded-slowly', label: ['cache'], because: 'another program writes ever more into the cache of 4 MB: less and less is found', settings: dearMisses, before: shrinkCache(4_000_000), fault: { afterSeconds: 1, begin: crowdCache(120, 10_000), feltAfterSeconds: 4 } },
  { ...ventures, name: 'cache-that-refuses-writes', label: ['cache'], because: 'a Redis that is full and evicts nothing refuses every write: nothing that is new is found again', settings: dearMisses, before: together(emptyCache, shrinkCache(1_000_000, 'noeviction')) },
  { ...ventures, name: 'cache-with-a-busy-thread', first: ['cache'], label: ['cache'], because: 'a script computes inside Redis for half a second at a time: nobody else is answered meanwhile', fault: { afterSeconds: AFTER_SECONDS, begin: computeInCache(40, 30) } },
  { ...ventures, name: 'cache-seen-by-the-preload', label: ['cache'], because: 'Redis is cut to 1.5 MB while the load runs, behind an application without metrics of its own', settings: dearMisses, isPreloaded: true, fault: { afterSeconds: AFTER_SECONDS, begin: shrinkCache(1_500_000) } },
];

const QUEUES: readonly Situation[] = [
  { ...exchange, name: 'queue-of-mentions', label: ['queue'], because: 'two workers tell a network that takes 2 s one mention at a time: 1/s, and more come', demo: 'queue' },
  { ...honeyjar, name: 'queue-of-answers', label: ['queue'], because: 'a model that takes 2.5 s, asked for one answer at a time', demo: 'queue', ratePerSec: 25 },
  { ...exchange, name: 'queue-of-a-slow-network', label: ['queue'], because: 'two workers tell a network that takes 1.5 s two mentions at a time: 2.7/s, and more come', settings: { replyMs: 1500, concurrency: 2 }, ratePerSec: 30 },
  { ...exchange, name: 'queue-on-a-ramp', label: ['queue'], because: 'on the way up more mentions come than two workers do in 1 s each', settings: { replyMs: 1000, concurrency: 1 }, ratePerSec: 30, shape: 'ramp 30-160 %', feltFromSecond: 12 },
  { ...exchange, name: 'queue-flooded-by-others', label: ['queue'], because: 'another program begins to put 12 jobs a second into a queue whose workers do 6.7', settings: { replyMs: 600, concurrency: 2 }, ratePerSec: 12, fault: { afterSeconds: AFTER_SECONDS, begin: flooded() } },
  { ...honeyjar, name: 'queue-of-a-model-at-a-step', label: ['queue'], because: 'at the second step more messages come than a worker with one answer of 5 s at a time can do', settings: { modelMs: 5000, concurrency: { intent: 8, rag: 8, openai: 1 } }, shape: 'steps 20, 150 % for 11 s', feltFromSecond: 11 },
  { ...honeyjar, name: 'queue-of-answers-at-a-high-rate', label: ['queue'], because: 'a model that takes 3 s, asked for three answers at a time', settings: { modelMs: 3000, concurrency: { intent: 8, rag: 8, openai: 1 } }, ratePerSec: 25 },
];

export const STORES: readonly Situation[] = [...VECTORS, ...CACHES, ...QUEUES];

function lessAndLess(): Fault {
  let undo: (() => Promise<void>) | null = null;
  return creeping(12, async (system, share) => {
    await undo?.();
    undo = share === 0 ? null : await holdBack(vectorsOf, 900 * share, 200)(system);
  });
}

function flooded(): Fault {
  // A mention that is none of the database's: it takes its time with the network all the same.
  return enqueue('bot', () => ({ id: 1_000_000_000, kind: 'help', text: '@exchange what can you do?' }), 12);
}

