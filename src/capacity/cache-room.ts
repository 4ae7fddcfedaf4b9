import type { Estimate } from '../model/estimate.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Run } from '../model/run.ts';
import { levelOf } from '../stats/saturation.ts';
import { clockOf, httpSeries, sampleSeries, type Series } from '../stats/series.ts';
import { NORMAL_95 } from '../stats/student.ts';

/** How many users' keys a cache has room for, or why that is not known. */
export type CacheRoom =
  | { readonly users: Estimate; readonly bytesPerKey: number; readonly keysPerUser: number; readonly mostBytes: number; readonly ground: number }
  | { readonly users: null; readonly reason: string };

/** Fewer keys say nothing of what one costs. */
const FEWEST_KEYS = 20;
/** Where less than this of the keys there will be has been seen, the rest is a guess. */
const LEAST_REACHED = 0.75;
/** Keys differ in size, and a hash table grows in steps; measured over recordings. */
const MODEL_ERROR = 0.07;

/**
 * The users of whose keys the cache's memory is full: what a key costs is the slope of memory over keys, the keys there will be are the level that
 * their number rises to, and the users are as many as the data holds. `mostBytes` asks of another memory than the cache has.
 */
export function cacheRoomOf(run: Run, mostBytes: number | null = null): CacheRoom {
  const rows = run.configuration['dataRows'];
  const clock = clockOf(run);
  const read = (metric: MetricName): Series | null => sampleSeries(clock, run.samples, metric);
  const [memory, used, keys] = [read('redis.memory'), read('redis.memory_used'), read('redis.keys')];
  if (memory === null || keys === null) return { users: null, reason: 'no probe read the cache' };
  if (used === null && mostBytes === null) return { users: null, reason: 'the cache has no limit of memory that could be reached' };
  if (typeof rows !== 'number') return { users: null, reason: 'how many different users the data holds is not known' };
  const seconds = secondsOf(run, memory, used, keys);
  const perKey = slopeOf(seconds.map(({ keys: x, bytes: y }) => [x, y])) ?? warmSlopeOf(seconds);
  const most = mostBytes ?? median(seconds.map(({ limit }) => limit));
  if (perKey === null || !(most > 0)) return { users: null, reason: `fewer than ${FEWEST_KEYS} keys were in the cache, too few to say what one costs` };
  const level = steadyLevelOf(seconds) ?? levelOf(seconds.map(({ requests, keys: count }) => [requests, count]));
  if (level === null || level.reached < LEAST_REACHED) return { users: null, reason: 'the number of keys was still rising when the load ended: how many there will be is not known' };
  const keysPerUser = level.value / rows;
  // Memory that Redis needs for itself alone has room for nobody.
  const mid = Math.max(0, most - perKey.ground) / perKey.slope / keysPerUser;
  const reach = Math.exp(NORMAL_95 * Math.hypot(MODEL_ERROR, perKey.error / perKey.slope, level.error / level.value));
  return { users: { low: mid / reach, mid, high: mid * reach }, bytesPerKey: perKey.slope, keysPerUser, mostBytes: most, ground: perKey.ground };
}

interface CacheSecond {
  readonly keys: number;
  readonly bytes: number;
  readonly limit: number;
  /** Since the run began. */
  readonly requests: number;
}

function secondsOf(run: Run, memory: Series, used: Series | null, keys: Series): CacheSecond[] {
  const clock = clockOf(run);
  const made = httpSeries(clock, run.steps, 'http.throughput');
  let requests = 0;
  return Array.from({ length: clock.seconds }, (_, at) => {
    const done = made?.values[at] ?? Number.NaN;
    if (Number.isFinite(done)) requests += done;
    const [bytes, share] = [memory.values[at] ?? Number.NaN, used?.values[at] ?? Number.NaN];
    return { keys: keys.values[at] ?? Number.NaN, bytes, limit: (100 * bytes) / share, requests };
  }).filter((one) => Number.isFinite(one.keys) && Number.isFinite(one.bytes));
}

/** y = ground + slope · x by least squares; null where x hardly moved, or y fell. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): { slope: number; ground: number; error: number } | null {
  const n = points.length;
  const xs = points.map(([x]) => x);
  if (n < 3 || Math.max(...xs) - Math.min(...xs) < FEWEST_KEYS) return null;
  const [meanX, meanY] = [mean(xs), mean(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  if (!(slope > 0)) return null;
  const ground = meanY - slope * meanX;
  const residual = points.reduce((sum, [x, y]) => sum + (y - ground - slope * x) ** 2, 0) / (n - 2);
  return { slope, ground, error: Math.sqrt(residual / spread) };
}

/** What Redis 7 needs without a key, its clients' buffers included; found on the reference application at 1.08 MB. */
const GROUND = { least: 0.8e6, likely: 1.1e6, most: 1.6e6 } as const;
/** Keys that move by less than this share are those that were there before. */
const STEADY = 0.02;

/** A cache that was warm already shows no slope: what is used beyond the ground is the keys'. */
function warmSlopeOf(seconds: readonly CacheSecond[]): { slope: number; ground: number; error: number } | null {
  const last = seconds.at(-1);
  if (last === undefined || last.keys < FEWEST_KEYS || last.bytes <= GROUND.most) return null;
  const slope = (last.bytes - GROUND.likely) / last.keys;
  return { slope, ground: GROUND.likely, error: (GROUND.most - GROUND.least) / (2 * NORMAL_95) / last.keys };
}

function steadyLevelOf(seconds: readonly CacheSecond[]): { value: number; error: number; reached: number } | null {
  const later = seconds.slice(Math.floor(seconds.length / 2)).map(({ keys }) => keys);
  const [least, most] = [Math.min(...later), Math.max(...later)];
  return later.length >= 5 && least > 0 && most - least <= STEADY * most ? { value: most, error: (most - least) / 2, reached: 1 } : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const present = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
  return present[Math.floor(present.length / 2)] ?? Number.NaN;
}
