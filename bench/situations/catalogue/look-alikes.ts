import { later, together } from '../faults/combine.ts';
import { hold } from '../faults/database.ts';
import { holdBack, slowWay, strained } from '../faults/machine.ts';
import { emptyCache, shrinkCache } from '../faults/stores.ts';
import type { Situation } from '../situation.ts';
import { AFTER_SECONDS, exchange, ventures } from './systems.ts';

/** Two at once, and what has none of the names. */
export const LOOK_ALIKES: readonly Situation[] = [
  { ...ventures, name: 'held-open-by-the-application', label: [], because: 'the application keeps each transaction open for 450 ms after its statement: all of its connections are held, and none of them works. None of the fourteen', settings: { poolMax: 5, cacheReports: false }, fault: { afterSeconds: AFTER_SECONDS, begin: strained({ holdMs: 450 }) } },
  { ...ventures, name: 'held-open-from-the-start', label: [], because: 'the same from the first second, 350 ms', settings: { poolMax: 4, cacheReports: false }, strain: { holdMs: 350 } },
  { ...ventures, name: 'lock-before-a-pool', label: ['db-lock'], because: 'a job locks the entries of the reports for 1.5 s at a time, and the pool of 20 is full of statements that wait for it', settings: { poolMax: 20, cacheReports: false }, fault: { afterSeconds: AFTER_SECONDS, begin: hold('lock table financial_entries in access exclusive mode', 1500, 150) } },
  { ...ventures, name: 'cold-cache-before-a-pool', label: [], because: 'an empty cache fills within seconds; reports take 80 ms until then', settings: { reportStorageMs: 80, poolMax: 8 }, fault: { afterSeconds: 2, begin: emptyCache } },
  { ...ventures, name: 'qdrant-and-lock', label: ['qdrant', 'db-lock'], because: 'a vector store that does 2.4 searches a second of 3.6, and a job that locks the entries of the reports for 1.2 s at a time', demo: 'qdrant', ratePerSec: 36, settings: { poolMax: 45, cacheReports: false }, fault: { afterSeconds: 3, begin: hold('lock table financial_entries in access exclusive mode', 1200, 150) } },
  { ...ventures, name: 'network-beside-vectors-that-pause', label: ['network'], because: 'a way of 600 ms, and a vector store that gets no time for 900 of 1,100 ms, which the journeys that search may take', isProxied: true, fault: { afterSeconds: 2, begin: together(slowWay(600), later(3, holdBack(({ demo }) => demo.pids['vectors'] ?? 0, 900, 200))) } },
  { ...ventures, name: 'network-under-k6', label: ['network'], because: 'a way of 600 ms from one moment on; the load comes from k6', isProxied: true, engine: 'k6', fault: { afterSeconds: 5, begin: slowWay(600) } },
  { ...ventures, name: 'network-and-qdrant', label: ['network', 'qdrant'], because: 'a way of 600 ms, and a vector store that does 2.4 searches a second of 3.3', demo: 'qdrant', isProxied: true, fault: { afterSeconds: 5, begin: slowWay(600) } },
  { ...exchange, name: 'queue-and-replica-lag', label: ['queue', 'replica-lag'], because: 'two workers do 1.3 mentions a second and more come, and replicas replay 3 s late', demo: 'replica-lag', settings: { replyMs: 1500, concurrency: 1 } },
  { ...ventures, name: 'network-and-cache', label: ['network', 'cache'], because: 'a way of 600 ms, and a Redis cut to 1.5 MB before reports of 600 ms', settings: { poolMax: 40, reportStorageMs: 600 }, isProxied: true, fault: { afterSeconds: 2, begin: together(slowWay(600), later(3, shrinkCache(1_500_000))) } },
];
