/** What breaks first. `loop`: the event loop held by waits rather than by computing, so that a second instance finds a core. */
export type Kind = 'pool' | 'search' | 'cpu' | 'loop' | 'cache';

/** The reference application set up one way, and about where it should break. */
export interface Configuration {
  readonly name: string;
  readonly kind: Kind;
  /** Parts of the `ventures` application, by name. */
  readonly changes: Readonly<Record<string, number | boolean | null>>;
  /** Requests/s near which the search for the truth begins; the prediction never sees it. The cache is filled user by user. */
  readonly near: number;
}

function pool(connections: number, waitMs: number, near: number): Configuration {
  return { name: `pool-${connections}-of-${waitMs}ms`, kind: 'pool', near, changes: { poolMax: connections, workerPoolMax: 1, maxConnections: connections + 12, cacheReports: false, reportStorageMs: waitMs } };
}

function search(megabytesPerSec: number, near: number): Configuration {
  return { name: `vectors-at-${megabytesPerSec}MB`, kind: 'search', near, changes: { vectorDiskBytesPerSec: megabytesPerSec * 1e6 } };
}

function cpu(ms: number, near: number): Configuration {
  return { name: `cpu-of-${ms}ms`, kind: 'cpu', near, changes: { forecastCpuMs: ms } };
}

function loop(instances: number, ms: number, near: number): Configuration {
  return { name: `loop-of-${ms}ms-by-${instances}`, kind: 'loop', near, changes: { instances, blockMs: ms } };
}

function cache(kilobytes: number): Configuration {
  return { name: `cache-of-${kilobytes}kB`, kind: 'cache', near: Number.NaN, changes: { cacheMaxMemoryBytes: kilobytes * 1000 } };
}

/** Sizes that differ in what they wait for and how long, the four of the stress demonstrations among them, and pairs that differ in one figure alone. */
export const CONFIGURATIONS: readonly Configuration[] = [
  pool(3, 150, 38), pool(5, 150, 66), pool(6, 150, 82), pool(6, 180, 69), pool(9, 300, 58),
  search(10, 55), search(12, 65), search(14, 75), search(17, 88),
  cpu(30, 130), cpu(40, 106), cpu(55, 77), cpu(65, 71), cpu(75, 57), cpu(85, 53), cpu(95, 45), cpu(120, 38),
  loop(1, 80, 42), loop(2, 80, 85), loop(1, 110, 29), loop(2, 110, 62),
  cache(4000), cache(6000), cache(8000), cache(12_000), cache(16_000),
];
