import { creeping } from '../faults/combine.ts';
import { computingStorage, creepingStorage, hold, loseIndexes, slowStorage, stopReplay, takeSlots } from '../faults/database.ts';
import type { Situation } from '../situation.ts';
import { AFTER_SECONDS, exchange, honeyjar, stolenTee, ventures } from './systems.ts';

/** Reports that hold one of two connections for 180 ms each: 11 a second at most. */
const smallPool = { poolMax: 2, cacheReports: false, reportStorageMs: 180 };
/** Statements that are waited for, and connections for twice as many of them. */
const largePool = { poolMax: 40, cacheReports: false };
/** Reads everything anew, and has connections for all who wait. */
const manyConnections = { poolMax: 45, cacheReports: false };
const lockReports = (heldMs: number, pauseMs: number) => hold('lock table financial_entries in access exclusive mode', heldMs, pauseMs);

const CONNECTIONS: readonly Situation[] = [
  { ...ventures, name: 'db-connections-from-the-start', label: ['db-connections'], because: 'reports need 2.4 connections for 180 ms each, and the pool has 2', demo: 'db-connections' },
  { ...exchange, name: 'db-connections-of-slow-pages', label: ['db-connections'], because: 'PostgreSQL with one connection, and pages that hold it for 3 s each', phase: '0', ratePerSec: 3, demo: 'db-connections' },
  { ...stolenTee, name: 'db-connections-of-a-shop', label: ['db-connections'], because: 'queries that are not cached and hold one of five connections for 350 ms each', demo: 'db-connections', ratePerSec: 50 },
  { ...ventures, name: 'db-connections-under-k6', label: ['db-connections'], because: 'reports need 2.4 connections for 180 ms each, and the pool has 2; the load comes from k6', demo: 'db-connections', engine: 'k6' },
  { ...ventures, name: 'db-connections-at-a-step', label: ['db-connections'], because: 'at the second step 13 reports a second need 2.4 connections of a pool of 2', settings: smallPool, shape: 'steps 50, 115 % for 11 s', feltFromSecond: 11 },
  { ...ventures, name: 'db-connections-on-a-ramp', label: ['db-connections'], because: 'on the way up reports need more than the 2 connections of the pool', settings: smallPool, shape: 'ramp 40-140 %', feltFromSecond: 12 },
  { ...ventures, name: 'db-connections-seen-by-the-preload', label: ['db-connections'], because: 'a pool of 3 for 13 reports a second of 280 ms, in an application without metrics of its own', settings: { ...smallPool, poolMax: 3, reportStorageMs: 280 }, isPreloaded: true },
  { ...ventures, name: 'db-connections-of-one', label: ['db-connections'], because: 'one connection, and reports of 120 ms: 8 a second at most, and 10 are asked for', settings: { ...smallPool, poolMax: 1, reportStorageMs: 120 }, ratePerSec: 25 },
  { ...ventures, name: 'db-connections-taken-by-others', label: ['db-connections'], because: 'other programs hold all but two of the server’s slots: the application is refused connections it would need', settings: { ...smallPool, poolMax: 20 }, before: takeSlots(54) },
  { ...stolenTee, name: 'db-connections-of-two-instances', label: ['db-connections'], because: 'two instances with one connection each, and lists of products that hold it for 300 ms', settings: { poolMax: 1, cacheUrl: null, productStorageMs: 5 }, ratePerSec: 40 },
];

const QUERIES: readonly Situation[] = [
  { ...honeyjar, name: 'db-query-on-a-slow-storage', label: ['db-query'], because: 'every retrieval that no cache answers takes 700 ms of the storage', demo: 'db-query' },
  { ...ventures, name: 'db-query-from-the-start', label: ['db-query'], because: 'reports that are not cached, from a storage that takes 600 ms for each; nobody waits for a connection', demo: 'db-query' },
  { ...ventures, name: 'db-query-storage-fails', label: ['db-query'], because: 'the storage takes 700 ms for each report from one moment on; nobody waits for a connection', settings: largePool, fault: { afterSeconds: AFTER_SECONDS, begin: slowStorage(700) } },
  { ...ventures, name: 'db-query-storage-fades', label: ['db-query'], because: 'the storage becomes slower and slower, up to 900 ms for each report', settings: largePool, fault: { afterSeconds: 2, begin: creepingStorage(10, 900), feltAfterSeconds: 3 } },
  { ...ventures, name: 'db-query-of-computed-reports', first: ['postgres'], label: ['db-query'], because: 'each report is computed from 1.5 million rows: statements need more CPU than there is', settings: { ...largePool, poolMax: 20 }, ratePerSec: 20, fault: { afterSeconds: AFTER_SECONDS, begin: computingStorage(1500) } },
  { ...ventures, name: 'db-query-of-computed-reports-from-the-start', first: ['postgres'], label: ['db-query'], because: 'each report is computed from 900,000 rows: statements need more CPU than there is', settings: { ...largePool, poolMax: 16 }, before: computingStorage(900) },
  { ...ventures, name: 'db-query-without-indexes', first: ['postgres'], label: ['db-query'], because: 'somebody has dropped the indexes of two tables that have grown twentyfold: statements read them from one end to the other', settings: { ...largePool, poolMax: 20 }, before: loseIndexes(20) },
  { ...exchange, name: 'db-query-of-pages', label: ['db-query'], because: 'pages that no cache answers wait 1.5 s for the storage, and there are connections for all of them', phase: '1', settings: { cacheUrl: null, pageStorageMs: 1500, poolMax: 45 } },
  { ...stolenTee, name: 'db-query-of-products', label: ['db-query'], because: 'lists of products wait 900 ms for the storage, and there are connections for all of them', settings: { cacheUrl: null, productStorageMs: 15, poolMax: 8 }, ratePerSec: 12 },
  { ...ventures, name: 'db-query-seen-by-the-preload', label: ['db-query'], because: 'the storage takes 600 ms for each report from one moment on, in an application without metrics of its own', settings: largePool, isPreloaded: true, fault: { afterSeconds: AFTER_SECONDS, begin: slowStorage(600) } },
];

const LOCKS: readonly Situation[] = [
  { ...ventures, name: 'db-lock-from-the-start', label: ['db-lock'], because: 'a maintenance job locks the entries of the reports for 1.5 s at a time', demo: 'db-lock' },
  { ...ventures, name: 'db-lock-of-a-migration', label: ['db-lock'], because: 'a migration takes the entries of the reports for 9 s', settings: manyConnections, ratePerSec: 12, fault: { afterSeconds: AFTER_SECONDS, begin: lockReports(9000, 30_000) } },
  { ...ventures, name: 'db-lock-again-and-again', label: ['db-lock'], because: 'from one moment on a job locks the entries of the reports for 900 ms at a time', settings: manyConnections, fault: { afterSeconds: AFTER_SECONDS, begin: lockReports(900, 150) } },
  { ...ventures, name: 'db-lock-that-grows', label: ['db-lock'], because: 'a job locks the entries of the reports longer and longer, from 150 ms to 1.5 s at a time', settings: manyConnections, ratePerSec: 25, fault: { afterSeconds: 2, begin: growingLock(), feltAfterSeconds: 5 } },
  { ...ventures, name: 'db-lock-of-published-contents', label: ['db-lock'], because: 'what is published waits for a lock on notifications, which a job holds for 4 s at a time', fault: { afterSeconds: AFTER_SECONDS, begin: hold('lock table notifications in share row exclusive mode', 4000, 100) } },
  { ...ventures, name: 'db-lock-of-traced-writes', label: ['db-lock'], because: 'a session shares a table into which the worker writes: what is published waits for it', phase: '1', ratePerSec: 15, fault: { afterSeconds: 3, begin: hold('lock table writes in share mode', 20_000, 100) } },
  { ...stolenTee, name: 'db-lock-of-products', label: ['db-lock'], because: 'products wait for a lock that a price change holds for 1.5 s at a time', fault: { afterSeconds: AFTER_SECONDS, begin: hold('lock table products in access exclusive mode', 1500, 200) } },
  { ...exchange, name: 'db-lock-of-collections', label: ['db-lock'], because: 'collections are locked by a clean-up for 2 s at a time', phase: '1', ratePerSec: 15, settings: { cacheUrl: null, poolMax: 45 }, fault: { afterSeconds: AFTER_SECONDS, begin: hold('lock table collections in access exclusive mode', 2000, 200) } },
  { ...ventures, name: 'db-lock-seen-by-the-preload', label: ['db-lock'], because: 'a job locks the entries of the reports for 1.2 s at a time, in an application without metrics of its own', settings: manyConnections, isPreloaded: true, fault: { afterSeconds: AFTER_SECONDS, begin: lockReports(1200, 150) } },
];

const REPLICAS: readonly Situation[] = [
  { ...exchange, name: 'replica-lag-of-three-seconds', label: ['replica-lag'], because: 'replicas replay what the primary has committed 3 s later', demo: 'replica-lag', phase: '3' },
  { ...exchange, name: 'replica-lag-of-two-replicas', label: ['replica-lag'], because: 'replicas replay what the primary has committed 3 s later', demo: 'replica-lag', ratePerSec: 12 },
  { ...exchange, name: 'replica-lag-of-stopped-replay', label: ['replica-lag'], because: 'the processes that replay stand still from one moment on: replicas fall back further and further', fault: { afterSeconds: AFTER_SECONDS, begin: stopReplay, feltAfterSeconds: 1 } },
  { ...exchange, name: 'replica-lag-at-a-high-rate', label: ['replica-lag'], because: 'the processes that replay stand still from one moment on', ratePerSec: 40, fault: { afterSeconds: 8, begin: stopReplay, feltAfterSeconds: 1 } },
];

export const DATABASE: readonly Situation[] = [...CONNECTIONS, ...QUERIES, ...LOCKS, ...REPLICAS];

function growingLock() {
  let undo: (() => Promise<void>) | null = null;
  return creeping(12, async (system, share) => {
    await undo?.();
    undo = share === 0 ? null : await lockReports(1500 * share, 150)(system);
  });
}
