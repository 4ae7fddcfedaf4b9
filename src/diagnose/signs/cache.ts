import type { Evidence } from '../../model/report.ts';
import { against } from '../finding.ts';
import type { Situation } from '../rule.ts';
import { say } from '../say.ts';
import type { Series } from '../../stats/series.ts';
import { levelOf, standsFor, totalOf, trendOf, type Window } from '../window.ts';

/** Under 60 % more than two of five reads go through to the database: the figure the scaling documents use, too. */
export const LOW_HIT_SHARE = 0.6;
/** Under 50 look-ups one miss moves the ratio by more than two points. */
export const FEWEST_LOOKUPS = 50;
/** Evictions in a tenth of the readings, and in three of them: a working set that does not fit is evicted all the time. */
export const EVICTING_SHARE = 0.1;
/** Transactions for each miss: near 1 the database answers what the cache did not. */
export const THROUGH = [0.8, 1.2] as const;

export interface Lookups {
  /** 0 … 1; null under 50 look-ups. */
  readonly share: number | null;
  readonly lookups: number;
}

/** Whether the application counts its own look-ups: Redis counts those of queues and of probes among its misses. */
export function countsItself({ series }: Situation): boolean {
  return series('cache.hits') !== null;
}

export function lookupsIn(situation: Situation, window: Window): Lookups {
  const own = countsItself(situation);
  const [hits, misses] = [situation.series(own ? 'cache.hits' : 'redis.hits'), situation.series(own ? 'cache.misses' : 'redis.misses')];
  const lookups = (totalOf(hits, window) ?? 0) + (totalOf(misses, window) ?? 0);
  const [hit, missed] = [levelOf(hits, window) ?? 0, levelOf(misses, window) ?? 0];
  return { share: lookups >= FEWEST_LOOKUPS && hit + missed > 0 ? hit / (hit + missed) : null, lookups };
}

/** Keys go before they are read again. */
export function isEvicting({ series, judged }: Situation): boolean {
  return standsFor(EVICTING_SHARE, series('redis.evictions'), judged, (value) => value > 0);
}

/** Nothing new is kept: writes are refused for want of memory. */
function isRefusing({ series, judged }: Situation): boolean {
  return standsFor(EVICTING_SHARE, series('redis.oom_errors'), judged, (value) => value > 0);
}

/** Transactions of the database for each miss; null where one is unknown. */
export function throughShare(situation: Situation): number | null {
  const { series, judged } = situation;
  const misses = levelOf(series(countsItself(situation) ? 'cache.misses' : 'redis.misses'), judged);
  const commits = levelOf(series('postgres.commits'), judged);
  return commits === null || misses === null || misses <= 0 ? null : commits / misses;
}

/** The cache is only filling up: nothing has to go yet, and more is found from one third of the time to the next, or more is kept. */
export function isFilling(situation: Situation): Evidence | null {
  if (isEvicting(situation)) return null;
  const shares = trendOf(hitShares(situation), situation.judged);
  const keys = trendOf(situation.series('redis.keys'), situation.judged);
  // Of a part of the run: how it ended tells what it was on the way to.
  const [from, to] = situation.whole;
  const after = lookupsIn(situation, [Math.round(to - (to - from) / 3), to]).share;
  const now = lookupsIn(situation, situation.judged).share;
  if (shares !== null && shares.last - shares.first >= WARMING_GAIN) return warming(shares.first, shares.last);
  if (after !== null && now !== null && after - now >= WARMING_GAIN) return warming(now, after);
  if (keys !== null && keys.last >= (1 + KEYS_GAIN) * keys.middle && keys.middle >= (1 + KEYS_GAIN) * keys.first) {
    return against('redis.keys', keys.last, keys.first, `it keeps more and more (${say(keys.first)} → ${say(keys.last)} keys) and throws nothing out: it is filling up`);
  }
  return null;
}

/** A cache that only had to warm up gains at least this much between the first and the last third. */
export const WARMING_GAIN = 0.15;
/** Keys that grow by this share from each third to the next are being collected, not replaced. */
const KEYS_GAIN = 0.05;

function warming(before: number, after: number): Evidence {
  return against('redis.hit_ratio', after * 100, before * 100, `the hit ratio rises from ${before.toFixed(2)} to ${after.toFixed(2)}: the cache is warming up`);
}

/** Look-ups that found their key, second by second. */
export function hitShares(situation: Situation): Series | null {
  const own = countsItself(situation);
  const [hits, misses] = [situation.series(own ? 'cache.hits' : 'redis.hits'), situation.series(own ? 'cache.misses' : 'redis.misses')];
  if (hits === null || misses === null) return null;
  const shares = known.get(hits) ?? { values: hits.values.map((value, second) => value / (value + (misses.values[second] ?? Number.NaN))) };
  known.set(hits, shares);
  return shares;
}

/** Asked for by every part of a run that is looked at. */
const known = new WeakMap<Series, Series>();

/** More than two transactions for each miss: most would be there without the cache. */
const MOSTLY_OTHERS = 2;

/**
 * Look-ups miss, and nobody looked into the cache: whether it throws out what is asked for again is not known. Where the database commits
 * one transaction a miss that decides (`isOpen`); where it commits up to twice as many, the misses may be a part of what is slow.
 */
export function maySendStatements(situation: Situation): { readonly isOpen: boolean; readonly evidence: Evidence } | null {
  const { share } = lookupsIn(situation, situation.judged);
  if (share === null || share >= LOW_HIT_SHARE || situation.series('redis.evictions') !== null) return null;
  const through = throughShare(situation);
  if (through !== null && (through < THROUGH[0] || through > MOSTLY_OTHERS)) return null;
  const evidence = against('redis.hit_ratio', share * 100, LOW_HIT_SHARE * 100, `the hit ratio is ${share.toFixed(2)}: whether the cache sends the statements is not known without --probe redis=redis://…`);
  return { isOpen: through === null || through <= THROUGH[1], evidence };
}

/** Misses send the statements: whatever is slow or short behind the cache is so because of it. */
export function sendsStatements(situation: Situation): Evidence | null {
  const { share } = lookupsIn(situation, situation.judged);
  if (share === null || share >= LOW_HIT_SHARE) return null;
  const through = throughShare(situation);
  const isReaching = through !== null && through >= THROUGH[0] && through <= THROUGH[1];
  if (isRefusing(situation)) return against('redis.hit_ratio', share * 100, LOW_HIT_SHARE * 100, `writes are refused and the hit ratio is ${share.toFixed(2)}: the cache sends the statements`);
  if (isEvicting(situation)) return against('redis.hit_ratio', share * 100, LOW_HIT_SHARE * 100, `keys are evicted and the hit ratio is ${share.toFixed(2)}: the cache sends the statements`);
  if (!isReaching) return null;
  return against('redis.hit_ratio', share * 100, LOW_HIT_SHARE * 100, `the hit ratio is ${share.toFixed(2)} and each miss is one transaction: the cache sends the statements`);
}
