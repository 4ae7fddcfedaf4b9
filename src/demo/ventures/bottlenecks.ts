import type { DemoBottleneck } from '../application.ts';

/** How the parts of the reference application are set up: everything a bottleneck may change. */
export interface DemoParts {
  /** Processes of the application; several stand behind a balancer, each with a pool of its own. */
  readonly instances: number;
  /** The most connections the application's and the worker's pool open, and the server accepts in all. */
  readonly poolMax: number;
  readonly workerPoolMax: number;
  readonly maxConnections: number;
  readonly acquireTimeoutMs: number;
  /** Whether dashboards and finance summaries are cached. */
  readonly cacheReports: boolean;
  readonly cacheMaxMemoryBytes: number;
  /** How long the storage under the report tables lets one report wait, inside PostgreSQL; 0 = the machine's own disk. */
  readonly reportStorageMs: number;
  /** CPU time that one forecast computes for on the application's event loop; 0 = a handful of simulated paths. */
  readonly forecastCpuMs: number;
  /** Throughput of the volume the vectors are read from at every search; null = vectors in memory. */
  readonly vectorDiskBytesPerSec: number | null;
  /** How long a maintenance job locks the entries of the reports at a time; 0 = there is none. */
  readonly lockHeldMs: number;
  /** How long a synchronous call holds the event loop for each dashboard; 0 = there is none. */
  readonly blockMs: number;
  /** Whether neighbours on the host take the CPU before the application. */
  readonly crowded: boolean;
  /** How long answers take on the way to the client; 0 = no relay stands between. */
  readonly relayDelayMs: number;
}

interface VenturesBottleneck extends DemoBottleneck {
  readonly changes: Partial<DemoParts>;
  /** Laid over `changes` for a search of the breaking point: the same cause at 60 requests/s or more. Absent: as it is. */
  readonly stressChanges?: Partial<DemoParts>;
}

/** Comfortable at the load of the plan's second phase (33.3 requests/s). */
export const HEALTHY_PARTS: DemoParts = {
  instances: 1, poolMax: 20, workerPoolMax: 4, maxConnections: 60, acquireTimeoutMs: 2500,
  cacheReports: true, cacheMaxMemoryBytes: 32_000_000,
  reportStorageMs: 0, forecastCpuMs: 0, vectorDiskBytesPerSec: null,
  lockHeldMs: 0, blockMs: 0, crowded: false, relayDelayMs: 0,
};

/**
 * Bottlenecks the application can be given for real. The figures are waits and limits rather than amounts of work wherever
 * possible, so that the same happens on a fast machine and on a slow one; all are for 33.3 requests/s, of which 13.3 are
 * reports and 3.3 generations.
 */
export const VENTURES_BOTTLENECKS: readonly VenturesBottleneck[] = [
  {
    id: 'db-connections',
    what: 'a pool of 2 connections, and reports that are not cached and hold one for 180 ms each',
    // 13.3 reports/s × 0.18 s = 2.4 connections needed, 2 there; at a quarter of the load 0.6 are enough.
    changes: { poolMax: 2, workerPoolMax: 1, maxConnections: 8, cacheReports: false, reportStorageMs: 180 },
    // 6 ÷ 0.18 s = 33.3 reports/s, which is 83 requests/s; one in twenty waits too long from some 80 % of that on.
    stressChanges: { poolMax: 6, maxConnections: 13 },
  },
  {
    id: 'qdrant',
    what: 'vectors that do not fit into memory: every search reads them from a volume of 5 MB/s',
    // 4,000 vectors × 128 floats = 2.05 MB: 0.41 s a search, 2.4 searches/s, and 3.3 are asked for.
    changes: { vectorDiskBytesPerSec: 5_000_000 },
    // 0.14 s a search, 7.3 searches/s, which is 73 requests/s.
    stressChanges: { vectorDiskBytesPerSec: 15_000_000 },
  },
  {
    id: 'cache',
    what: 'a Redis of 2 MB for a working set of 5 MB, and reports that take 600 ms when they are not found there',
    // An empty Redis with its clients uses about 1.2 MB.
    changes: { cacheMaxMemoryBytes: 2_000_000, reportStorageMs: 600 },
    // Nearly every report is a miss; 6 ÷ 0.18 s = 33.3 misses/s, which is 83 requests/s and more.
    stressChanges: { reportStorageMs: 180, poolMax: 6 },
  },
  {
    id: 'node-cpu',
    what: 'forecasts of 125 ms computed on the event loop, one for each dashboard',
    // 6.7 dashboards/s × 0.125 s = 0.83 of the one core a thread has, before anything else; at a quarter of the load 0.21.
    // More would only fill the queue of connections that wait to be accepted (one is, in each turn of the loop),
    // and then nobody can see anything any more.
    changes: { forecastCpuMs: 125 },
    // One dashboard in five requests: at 80 requests/s 16 × 0.04 s = 0.64 of the core, before anything else; where the generator computes beside it on the same core, each takes half as long again.
    stressChanges: { forecastCpuMs: 40 },
  },
  {
    id: 'db-query',
    what: 'reports that are not cached, from a storage that takes 600 ms for each',
    // 13.3 reports/s × 0.6 s = 8 connections of 40: nobody waits for one.
    changes: { poolMax: 40, maxConnections: 80, cacheReports: false, reportStorageMs: 600 },
  },
  {
    id: 'db-lock',
    what: 'a maintenance job that locks the entries of the reports for 1.5 s at a time',
    // 13.3 reports/s × 1.5 s = 20 that wait, of 60 connections.
    changes: { poolMax: 60, maxConnections: 100, cacheReports: false, lockHeldMs: 1500 },
  },
  {
    id: 'event-loop-blocked',
    what: 'a synchronous call that holds the event loop for 130 ms at each dashboard, without computing',
    // 6.7 dashboards/s × 0.13 s = 0.87 of the loop's time: a queue of about half a second, which 0.8 (120 ms) makes on some runs only.
    changes: { blockMs: 130 },
  },
  {
    id: 'host-cpu',
    what: 'neighbours on the host that take every core before the application',
    changes: { crowded: true },
  },
  {
    id: 'network',
    what: 'a way of 600 ms between clients and application',
    changes: { relayDelayMs: 600 },
  },
  {
    id: 'generator',
    what: 'a load of 20,000 requests/s, which no generator on one small machine makes',
    changes: {},
    ratePerSec: 20_000,
  },
];
