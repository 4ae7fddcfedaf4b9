import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, totalOf, type Window } from '../window.ts';

/** Under 60 % more than two of five reads go through to the database: the figure the scaling documents use, too. */
const LOW_HIT_SHARE = 0.6;
/** Under 50 look-ups one miss moves the ratio by more than two points. */
const FEWEST_LOOKUPS = 50;
/** A cache that only had to warm up gains at least this much between the first and the last third. */
const WARMING_GAIN = 0.15;

interface Lookups {
  readonly share: number | null;
  readonly lookups: number;
}

/** The cache does not hold what is asked for: look-ups miss, and keys are evicted before they are read again. */
export const cache: Rule = {
  id: 'cache',
  remedy: 'give the cache memory for its working set, choose what is worth keeping, spread it over a cluster',
  about: 'Necessary: fewer than 60 % of at least 50 look-ups find their key, or Redis refuses writes for want of memory. Sufficient: and keys are evicted, or the database commits about one transaction a miss. The application’s own count of hits goes before that of Redis, which counts queues and probes among its misses. Contradicted by: a hit ratio that rises by 0.15 within the run (warming up) · job queues on the same instance without a count of the application’s own.',
  evaluate(situation) {
    const { series, judged } = situation;
    const own = series('cache.hits') !== null;
    if (!own && !series('redis.hits')) return { status: 'not-enough-data', missing: 'the cache’s counters (--probe redis=redis://…)' };
    const { share, lookups } = lookupsIn(situation, judged);
    const oom = totalOf(series('redis.oom_errors'), judged) ?? 0;
    if (share === null && oom === 0) return { status: 'not-enough-data', missing: `at least ${FEWEST_LOOKUPS} look-ups (there were ${say(lookups)})` };
    const evicted = totalOf(series('redis.evictions'), judged) ?? 0;
    const low = share !== null && share < LOW_HIT_SHARE;
    const through = throughShareOf(situation);
    const reachesDatabase = through !== null && through >= 0.8 && through <= 1.2;
    const contradictions = low ? contradictionsOf(situation, own) : [];
    return {
      status: 'judged',
      signs: {
        necessary: low || oom > 0, sufficient: oom > 0 || (low && (evicted > 0 || reachesDatabase)),
        hardError: oom > 0, law: false, contradictions: contradictions.length,
      },
      onsetSecond: onsetOf(series('redis.evictions'), (value) => value > 0, 3),
      evidence: [
        ...hitEvidence(share, lookups, low),
        ...memoryEvidence(situation, evicted, low),
        ...(oom > 0 ? [{ for: true, metric: 'redis.oom_errors', observed: oom, limit: 0, text: `${say(oom)} writes refused for want of memory` } as const] : []),
        ...contradictions,
      ],
    };
  },
};

/** The application's own count where there is one: Redis counts look-ups of queues and of probes among its misses. */
function lookupsIn({ series }: Situation, window: Window): Lookups {
  const own = series('cache.hits') !== null;
  const hits = totalOf(series(own ? 'cache.hits' : 'redis.hits'), window) ?? 0;
  const misses = totalOf(series(own ? 'cache.misses' : 'redis.misses'), window) ?? 0;
  const lookups = hits + misses;
  return { share: lookups >= FEWEST_LOOKUPS ? hits / lookups : null, lookups };
}

/** Transactions for each miss: near 1 the database answers what the cache did not. */
function throughShareOf({ series, judged }: Situation): number | null {
  const commits = totalOf(series('postgres.commits'), judged);
  const misses = totalOf(series('cache.misses'), judged) ?? totalOf(series('redis.misses'), judged);
  return commits === null || !misses ? null : commits / misses;
}

function hitEvidence(share: number | null, lookups: number, low: boolean): Evidence[] {
  if (share === null) return [];
  return [{ for: low, metric: 'redis.hit_ratio', observed: share * 100, limit: LOW_HIT_SHARE * 100, text: `hit ratio ${share.toFixed(2)} over ${say(lookups)} look-ups` }];
}

function memoryEvidence({ series, judged }: Situation, evicted: number, low: boolean): Evidence[] {
  const used = meanOf(series('redis.memory_used'), judged);
  const evidence: Evidence[] = [];
  if (evicted > 0) evidence.push({ for: low, metric: 'redis.evictions', observed: evicted, limit: 0, text: `${say(evicted)} keys evicted` });
  else if (low) evidence.push({ for: false, metric: 'redis.evictions', observed: 0, limit: 0, text: 'nothing was evicted' });
  if (used !== null && evicted > 0) evidence.push({ for: low, metric: 'redis.memory_used', observed: used, limit: 100, text: `${say(used)} % of maxmemory in use` });
  return evidence;
}

function contradictionsOf(situation: Situation, own: boolean): Evidence[] {
  const [from, to] = situation.judged;
  const third = Math.floor((to - from) / 3);
  const first = lookupsIn(situation, [from, from + third]).share;
  const last = lookupsIn(situation, [to - third, to]).share;
  const found: Evidence[] = [];
  if (first !== null && last !== null && last - first >= WARMING_GAIN) {
    found.push({ for: false, metric: 'redis.hit_ratio', observed: last * 100, limit: first * 100, text: `the hit ratio rises from ${first.toFixed(2)} to ${last.toFixed(2)}: the cache is warming up` });
  }
  if (!own && (meanOf(situation.series('redis.queue_keys'), situation.judged) ?? 0) > 0) {
    found.push({ for: false, metric: 'redis.queue_keys', observed: 1, limit: 0, text: 'job queues share this Redis and count as misses: the application’s own counter would settle it' });
  }
  return found;
}
