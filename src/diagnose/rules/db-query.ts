import type { MetricName } from '../../model/metrics.ts';
import type { Evidence } from '../../model/report.ts';
import { requestShare } from '../request-share.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, quantileOf, totalOf } from '../window.ts';

/** A statement of 100 ms is what one request spends on the database alone; indexed ones take a tenth of it. */
const SLOW_QUERY_MS = 100;
/** Twice its own time at a quarter of the load: it degrades with load, rather than being slow by nature. */
const DEGRADED_FACTOR = 2;
/** Half of all the time requests spend: whatever else is improved, the statements remain the larger part. */
const TIME_SHARE = 0.5;
/** The application's clock says so many statements are under way, and the server sees under a third of them: the time is spent elsewhere. */
const SEEN_SHARE = 0.3;
/** An event loop this late delays the clock that times the statements. */
const LATE_LOOP_MS = 100;
/** A third of the active statements waiting for locks: it is the lock. */
const LOCK_SHARE = 0.3;
/** Fewer look-ups found than this, with keys evicted: the statements are slow because the cache sends them. */
const LOW_HIT_SHARE = 0.6;

/** Statements take the time that users wait: no index, too much data, a disk that is too slow. */
export const dbQuery: Rule = {
  id: 'db-query',
  remedy: 'look at the slowest statements (pg_stat_statements), add indexes, cache results, move reads to a replica',
  about: 'Necessary: a statement takes over 100 ms on the mean, and statements are half of the time requests take or twice as slow as at a quarter of the load. Sufficient: and they are half of the time requests take (Little’s law on both). Contradicted by: getting a connection takes longer than using it (it is the pool) · a third of the active statements wait for locks (it is the lock) · an event loop over 100 ms late (the application’s clock times itself) · the server sees under a third of the statements that the application’s clock says are under way (the time is spent outside it) · keys evicted at a low hit ratio (the cache sends the statements).',
  evaluate(situation) {
    const { series, judged, reference } = situation;
    const times = series('postgres.query_time');
    const queryMs = meanOf(times, judged);
    if (queryMs === null) return { status: 'not-enough-data', missing: 'the time statements take (--probe node=http://…/metrics, or --probe postgres=… with pg_stat_statements)' };
    const baseMs = reference ? meanOf(times, reference) : null;
    const perSec = meanOf(series('postgres.pool_acquires'), judged) ?? meanOf(series('postgres.statements'), judged);
    const share = requestShare(situation, perSec, queryMs);
    const dominates = share !== null && share >= TIME_SHARE;
    const degraded = baseMs !== null && queryMs > DEGRADED_FACTOR * baseMs;
    const necessary = queryMs > SLOW_QUERY_MS && (dominates || degraded);
    const contradictions = necessary ? contradictionsOf(situation, perSec, queryMs) : [];
    return {
      status: 'judged',
      signs: { necessary, sufficient: necessary && dominates, hardError: false, law: false, contradictions: contradictions.length },
      onsetSecond: onsetOf(times, (value) => value > SLOW_QUERY_MS, 3),
      evidence: [
        { for: necessary, metric: 'postgres.query_time', observed: queryMs, limit: SLOW_QUERY_MS, text: `a statement takes ${say(queryMs)} ms${baseMs === null ? '' : `, ${say(baseMs)} ms at a quarter of the load`}` },
        ...(share === null ? [] : [{ for: necessary && dominates, metric: 'postgres.query_time', observed: share * 100, limit: TIME_SHARE * 100, text: `statements are ${say(share * 100)} % of the time requests take` } as const]),
        ...contradictions,
      ],
    };
  },
};

function contradictionsOf({ series, judged }: Situation, perSec: number | null, queryMs: number): Evidence[] {
  const found: Evidence[] = [];
  const against = (metric: MetricName, observed: number, limit: number, text: string): void => void found.push({ for: false, metric, observed, limit, text });
  const acquireMs = meanOf(series('postgres.pool_acquire_time'), judged);
  if (acquireMs !== null && acquireMs > queryMs) against('postgres.pool_acquire_time', acquireMs, queryMs, `getting a connection takes ${say(acquireMs)} ms, longer than using it: it is the pool`);
  const active = meanOf(series('postgres.active'), judged);
  const locks = meanOf(series('postgres.lock_waiting'), judged) ?? 0;
  if (active !== null && active > 0 && locks / active >= LOCK_SHARE) against('postgres.lock_waiting', locks, LOCK_SHARE * active, `${say(locks)} of ${say(active)} active statements wait for a lock: it is the lock`);
  const lagMs = quantileOf(series('node.event_loop_lag'), judged, 0.5);
  if (lagMs !== null && lagMs > LATE_LOOP_MS) against('node.event_loop_lag', lagMs, LATE_LOOP_MS, `the application's clock is ${say(lagMs)} ms late: it times its own event loop`);
  const expected = perSec === null ? 0 : (perSec * queryMs) / 1000;
  if (active !== null && expected >= 1 && active < SEEN_SHARE * expected) against('postgres.active', active, expected, `${say(expected)} statements would be under way by the application's clock, the server sees ${say(active)}: the time is spent outside it`);
  const [hits, misses] = [totalOf(series('cache.hits') ?? series('redis.hits'), judged) ?? 0, totalOf(series('cache.misses') ?? series('redis.misses'), judged) ?? 0];
  const evicted = totalOf(series('redis.evictions'), judged) ?? 0;
  if (evicted > 0 && hits + misses >= 50 && hits / (hits + misses) < LOW_HIT_SHARE) against('redis.hit_ratio', (100 * hits) / (hits + misses), LOW_HIT_SHARE * 100, `${say(evicted)} keys were evicted and the hit ratio is ${(hits / (hits + misses)).toFixed(2)}: the cache sends the statements`);
  return found;
}
