import type { DemoBottleneck } from '../application.ts';

/** How the parts of the reference application are set up: everything a bottleneck may change. */
export interface DemoParts {
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
  /** How long one forecast computes on the application's event loop; 0 = a handful of simulated paths. */
  readonly forecastMs: number;
  /** Throughput of the volume the vectors are read from at every search; null = vectors in memory. */
  readonly vectorDiskBytesPerSec: number | null;
}

interface VenturesBottleneck extends DemoBottleneck {
  readonly changes: Partial<DemoParts>;
}

/** Comfortable at the load of the plan's second phase (33.3 requests/s). */
export const HEALTHY_PARTS: DemoParts = {
  poolMax: 20, workerPoolMax: 4, maxConnections: 60, acquireTimeoutMs: 2500,
  cacheReports: true, cacheMaxMemoryBytes: 32_000_000,
  reportStorageMs: 0, forecastMs: 0, vectorDiskBytesPerSec: null,
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
  },
  {
    id: 'qdrant',
    what: 'vectors that do not fit into memory: every search reads them from a volume of 5 MB/s',
    // 4,000 vectors × 128 floats = 2.05 MB: 0.41 s a search, 2.4 searches/s, and 3.3 are asked for.
    changes: { vectorDiskBytesPerSec: 5_000_000 },
  },
  {
    id: 'cache',
    what: 'a Redis of 2 MB for a working set of 5 MB, and reports that take 600 ms when they are not found there',
    // An empty Redis with its clients uses about 1.2 MB.
    changes: { cacheMaxMemoryBytes: 2_000_000, reportStorageMs: 600 },
  },
  {
    id: 'node-cpu',
    what: 'forecasts of 125 ms computed on the event loop, one for each dashboard',
    // 6.7 dashboards/s × 0.125 s = 0.83 of the one core a thread has, before anything else; at a quarter of the load 0.21.
    // More would only fill the queue of connections that wait to be accepted (one is, in each turn of the loop),
    // and then nobody can see anything any more.
    changes: { forecastMs: 125 },
  },
];
