import type { Evidence } from '../../model/report.ts';
import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { maySendStatements, sendsStatements } from '../signs/cache.ts';
import { isLocked, isSaturated, SEEN_SHARE } from '../signs/database.ts';
import { LATE_MS, loopOf } from '../signs/event-loop.ts';
import { isForeignLoad, isHostShort } from '../signs/host.ts';
import { DEGRADED_FACTOR, FELT_QUERY_MS, growthOf, requestShare, shareOfPresent, TIME_SHARE } from '../signs/request-time.ts';
import { countOf, FEWEST_READINGS, levelOf, onsetOf, totalOf } from '../window.ts';

/** A request that spends 100 ms on the database, in one statement or in many, is slow for that alone; indexed ones take a tenth of it. */
const SLOW_QUERY_MS = 100;
/** From here on only what is kept for administrators may be left. */
const FULL_SLOTS_PERCENT = 98;

/** Statements take the time that users wait: no index, too much data, a disk that is too slow, no CPU left for them. */
export const dbQuery: Rule = {
  id: 'db-query',
  remedy: 'look at the slowest statements (pg_stat_statements), add indexes, cache results, move reads to a replica',
  metrics: ['postgres.query_time', 'postgres.cache_hit_ratio'],
  about: {
    necessary: `statements are half of the time requests take (by their number under way and by rate × time) and ${SLOW_QUERY_MS} ms of each request, or ${DEGRADED_FACTOR} times as long as at a quarter of the load (and ${FELT_QUERY_MS} ms); or the database itself has no more to give: as many on the CPU as there are cores, half of the active ones waiting for the disk, a third fighting for pages.`,
    sufficient: 'the former, where the server’s sessions were read (statements may as well wait for locks), and the cache or the application’s own metrics too (a cache may send statements that are slow by nature), or statements became slower; or the latter, and requests wait for it: statements are half of their time, or have become slower, or getting a connection takes longer than using it.',
    contradicted: [
      'getting a connection takes longer than using it, or requests get none (or the server has no slot left) and statements are as slow as ever, and the database has more to give (it is the connections)', 'a third of the active statements wait for locks (it is the lock)',
      `an event loop over ${LATE_MS} ms late, where only the application’s clock tells (it times itself)`, 'the server sees under a third of the statements that the application’s clock says are under way (the time is spent outside it)',
      'evicted or missing keys send the statements (it is the cache)',
      'statements that compete for cores on a host which other work fills (they are starved)',
    ],
    unread: ['any look at a cache', 'a look into a cache whose look-ups miss (then a suspicion)'],
  },
  evaluate(situation) {
    const { series, judged } = situation;
    const queryMs = levelOf(series('postgres.query_time'), judged);
    const active = levelOf(series('postgres.active'), judged);
    if (queryMs === null && active === null) return notEnoughData('how long statements take (--probe node=http://…/metrics for the application’s, --probe postgres=postgres://… for the server’s)');
    const share = shareOf(situation, queryMs, active);
    // Whether it is one long statement or a hundred short ones: what a request spends on them.
    const ownMs = Math.max(queryMs ?? 0, (share ?? 0) * (levelOf(series('http.mean'), judged) ?? 0));
    const dominates = share !== null && share >= TIME_SHARE;
    const full = isSaturated(situation);
    const growth = growthOf(situation, 'postgres.query_time');
    const isSlower = growth !== null && growth >= DEGRADED_FACTOR && (queryMs ?? 0) >= FELT_QUERY_MS;
    const isFelt = dominates && (ownMs >= SLOW_QUERY_MS || isSlower);
    const acquireMs = levelOf(series('postgres.pool_acquire_time'), judged);
    const isQueued = acquireMs !== null && queryMs !== null && acquireMs > queryMs;
    const cached = maySendStatements(situation);
    return found({
      necessary: isFelt || full !== null,
      sufficient: full !== null ? dominates || isQueued || isSlower : active !== null && (isSlower || isCacheKnown(situation)),
      onset: onsetOf(series('postgres.query_time'), (value) => value > (isSlower ? FELT_QUERY_MS : SLOW_QUERY_MS)) ?? onsetOf(series('postgres.active_on_cpu'), (value) => value >= (situation.cores ?? Infinity)),
      evidence: [
        queryMs === null ? null : sign(isFelt || isSlower, 'postgres.query_time', queryMs, SLOW_QUERY_MS, `a statement takes ${say(queryMs)} ms${growth === null ? '' : `, ${say(queryMs / growth)} ms at a quarter of the load`}`),
        share === null ? null : sign(isFelt, 'postgres.active', share * 100, TIME_SHARE * 100, `statements are ${say(share * 100)} % of the time requests take${active === null ? '' : ` (${say(active)} under way at once)`}`),
        full === null ? null : { ...full, for: true },
      ],
      contradictions: [isLocked(situation), isQueued && full === null ? poolFirst(acquireMs, queryMs) : null, full === null && !isSlower ? refused(situation) : null, ...notSeen(situation, queryMs, active), sendsStatements(situation), starved(situation, full)],
      unsettled: [cached?.isOpen === true ? cached.evidence : null],
      unread: [cached?.isOpen === false ? cached.evidence : isCacheRead(situation) ? null : notRead('redis.hit_ratio', 'whether a cache should have spared these statements was not looked at (--probe redis=redis://…)')],
    });
  },
};

/**
 * By the server's own count and by the application's clock, the smaller of the two where both are there: the server also works for
 * others, and the application's clock also runs while its own loop is late.
 */
function shareOf(situation: Situation, queryMs: number | null, active: number | null): number | null {
  const { series, judged } = situation;
  const running = active === null ? null : Math.max(0, active - (levelOf(series('postgres.lock_waiting'), judged) ?? 0));
  const perSec = levelOf(series('postgres.pool_acquires'), judged) ?? levelOf(series('postgres.statements'), judged) ?? levelOf(series('postgres.commits'), judged);
  const shares = [running === null ? null : shareOfPresent(situation, running), requestShare(situation, perSec, queryMs)].filter((one) => one !== null);
  return shares.length === 0 ? null : Math.min(...shares);
}

/** Statements that are slow by nature, in a database with more to give, may be those a cache should have spared: somebody must have looked. */
function isCacheKnown({ series }: Situation): boolean {
  return [series('cache.hits'), series('redis.hits'), series('node.requests'), series('postgres.pool_acquires')].some((one) => one !== null);
}

function isCacheRead({ series }: Situation): boolean {
  return series('cache.hits') !== null || series('redis.hits') !== null;
}

function poolFirst(acquireMs: number, queryMs: number): Evidence {
  return against('postgres.pool_acquire_time', acquireMs, queryMs, `getting a connection takes ${say(acquireMs)} ms, longer than using it: it is the pool`);
}

/** Who gets no connection is harmed by that, and statements as slow as ever harm nobody else. */
function refused({ series, judged }: Situation): Evidence | null {
  const slots = levelOf(series('postgres.connections_used'), judged);
  if (slots !== null && slots >= FULL_SLOTS_PERCENT) return against('postgres.connections_used', slots, FULL_SLOTS_PERCENT, `${say(slots)} % of the server’s slots are in use: whoever needs one more gets none`);
  if (countOf(series('postgres.connection_errors'), judged, (value) => value > 0) < FEWEST_READINGS) return null;
  const count = totalOf(series('postgres.connection_errors'), judged) ?? 0;
  return against('postgres.connection_errors', count, 0, `${sayMany(count, 'request', 'requests')} got no connection at all, and statements take as long as at a quarter of the load: it is the connections`);
}

function notSeen(situation: Situation, queryMs: number | null, active: number | null): (Evidence | null)[] {
  const { lagMs } = loopOf(situation);
  const perSec = levelOf(situation.series('postgres.pool_acquires'), situation.judged);
  const expected = ((perSec ?? 0) * (queryMs ?? 0)) / 1000;
  return [
    active === null && lagMs !== null && lagMs > LATE_MS ? against('node.event_loop_lag', lagMs, LATE_MS, `the application’s clock is ${say(lagMs)} ms late: it times its own event loop`) : null,
    active !== null && expected >= 1 && active < SEEN_SHARE * expected ? against('postgres.active', active, expected, `${sayMany(expected, 'statement', 'statements')} would be under way by the application’s clock, the server sees ${say(active)}: the time is spent outside it`) : null,
  ];
}

/** Statements count as computing while they only wait for a core. */
function starved(situation: Situation, full: Evidence | null): Evidence | null {
  const short = full?.metric === 'postgres.active_on_cpu' && isForeignLoad(situation) ? isHostShort(situation) : null;
  return short && { ...short, text: `${short.text}, and other work fills it: the statements are starved` };
}
