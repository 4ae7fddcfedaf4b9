import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Evidence } from '../../model/report.ts';
import type { Finding, Rule, Situation } from '../rule.ts';
import { confidenceOf } from '../score.ts';
import { say, sayMany } from '../say.ts';
import { maySendStatements, sendsStatements } from '../signs/cache.ts';
import { isHeldOpen, isLocked, isSaturated, isUsedElsewhere, MOSTLY_SHARE } from '../signs/database.ts';
import { poolLaw } from '../signs/laws.ts';
import { DEGRADED_FACTOR, FELT_QUERY_MS, growthOf, requestsPresent } from '../signs/request-time.ts';
import { countOf, FEWEST_READINGS, levelOf, longestStretch, onsetOf, quantileOf, standsFor, stretchSeconds, totalOf } from '../window.ts';

/** 90 % of the slots: the rest is what deployments, migrations and people's own sessions need. */
const SLOTS_FULL_PERCENT = 90;
/** One waiting request for a moment is normal queueing; three readings in a row, and half of all, is a queue that does not drain. */
const WAITING_READINGS = 3;
const WAITING_SHARE = 0.5;
/** Nine of ten connections at work, as full as a pool gets before requests wait. */
const NEARLY_FULL_PERCENT = 90;
/** As many statements at work in nine of ten readings, while twice as many requests are present: something lets no more of them through. */
const PINNED_SHARE = 0.9;
const PINNED_READINGS = 8;
const CROWD_FACTOR = 2;

/**
 * Requests wait for a database connection: the application's pool, or the server's slots, are the limit.
 * The pool is invisible to PostgreSQL (it sees its connections busy, not the requests behind them),
 * so without the application's own pool metrics only the server's slots can be judged.
 */
export const dbConnections: Rule = {
  id: 'db-connections',
  remedy: 'give the pool more connections if the server has slots, put a pooler in front, move reads to replicas',
  metrics: ['postgres.connections', 'postgres.connections_used', 'postgres.connection_errors', 'postgres.pool_waiting', 'postgres.pool_acquire_time'],
  about: {
    necessary: `requests wait for a connection of the application’s pool for ${WAITING_READINGS} readings in a row and in half of all; or ${SLOTS_FULL_PERCENT} % of the server’s slots, or of the pool, are in use.`,
    sufficient: 'requests wait, and getting a connection takes longer than using it; or the slots are full and nearly all of them at work.',
    certain: 'requests got no connection at all, while others waited or the slots were full.',
    law: 'a pool hands out at most connections ÷ time one is held (utilisation law at U = 1).',
    contradicted: [
      'a third of the active statements wait for locks (it is the lock)', 'half of the pool idle inside transactions (the application holds them)',
      'as many statements on the CPU as cores, or most of them waiting for the disk (it is the database)',
      'connections handed out that the server sees idle (a late event loop, work between statements)', 'evicted or missing keys send the statements (it is the cache)',
    ],
    remarks: 'A pooler that was read beside the application’s own pool is judged as a pool of its own: of two queues the one in which requests wait is named. PostgreSQL cannot see who waits outside it: from its side alone a number of active statements that never moves, while far more requests are present, is a suspicion. Full slots with a server refusing connections stand whatever else is seen.',
    unread: ['a look into the server (a lock, or transactions left open, look the same from outside; a suspicion where connections are held twice as long as at a quarter of the load)', 'the number of cores, where most active statements compute', 'a look into a cache whose look-ups miss (then a suspicion)'],
  },
  evaluate(situation) {
    const own = judge(situation);
    const pooled = situation.pooler === undefined ? null : judge(behindPooler(situation, situation.pooler));
    // Of two queues one behind the other the one in which requests wait is the limit.
    return pooled === null || confidenceOf(pooled) <= confidenceOf(own) ? own : named(pooled);
  },
};

function judge(situation: Situation): Finding {
  const waiting = situation.series('postgres.pool_waiting');
  const slots = levelOf(situation.series('postgres.connections_used'), situation.judged);
  if (levelOf(waiting, situation.judged) === null && !((slots ?? 0) >= SLOTS_FULL_PERCENT)) return judgeServer(situation);
  return judgePool(situation, slots);
}

/** What the pooler tells goes before what the application tells of its own pool. */
function behindPooler(situation: Situation, pooler: Situation['series']): Situation {
  return { ...situation, series: (metric, instance) => pooler(metric, instance) ?? situation.series(metric, instance), instances: () => [] };
}

function named(finding: Finding): Finding {
  if (finding.status !== 'judged') return finding;
  return { ...finding, evidence: [...finding.evidence, { for: true, metric: 'postgres.pool_waiting', observed: null, limit: null, text: 'it is the pooler’s connections that they wait for, not those of the application’s own pool' }] };
}

function judgePool(situation: Situation, slots: number | null): Finding {
  const { series, judged } = situation;
  const waiting = series('postgres.pool_waiting');
  const stretch = longestStretch(waiting, judged, (value) => value >= 1);
  const isWaiting = stretch >= WAITING_READINGS && standsFor(WAITING_SHARE, waiting, judged, (value) => value >= 1);
  const areSlotsFull = slots !== null && slots >= SLOTS_FULL_PERCENT;
  const [acquireMs, queryMs] = [levelOf(series('postgres.pool_acquire_time'), judged), levelOf(series('postgres.query_time'), judged)];
  const isLonger = acquireMs !== null && queryMs !== null && acquireMs > queryMs;
  const [used, size] = [levelOf(series('postgres.pool_used'), judged), levelOf(series('postgres.pool_max'), judged)];
  const fullness = used === null || size === null || size <= 0 ? null : (100 * used) / size;
  // A time-out while nobody waits is a late event loop that missed the connection it was given.
  const isRefused = countOf(series('postgres.connection_errors'), judged, (value) => value > 0) >= FEWEST_READINGS && (stretch > 0 || areSlotsFull);
  const refused = totalOf(series('postgres.connection_errors'), judged) ?? 0;
  const areSlotsBusy = areSlotsFull && nearlyAllActive(situation);
  const waits = levelOf(waiting, judged);
  const cached = areSlotsFull && isRefused ? null : maySendStatements(situation);
  return found({
    necessary: isWaiting || areSlotsFull || (isRefused && stretch > 0) || (fullness ?? 0) >= NEARLY_FULL_PERCENT,
    sufficient: (isWaiting && (isLonger || isRefused)) || areSlotsBusy || (areSlotsFull && isRefused),
    hardError: isRefused,
    law: poolLaw(situation),
    onset: onsetOf(waiting, (value) => value >= 1, WAITING_READINGS) ?? onsetOf(series('postgres.connections_used'), (value) => value >= SLOTS_FULL_PERCENT),
    evidence: [
      waits === null ? null : sign(isWaiting, 'postgres.pool_waiting', waits, 1, stretch > 0 ? `${sayMany(waits, 'request waits', 'requests wait')} for a connection on average, without a pause for ${stretchSeconds(waiting, judged, (value) => value >= 1).toLocaleString('en-US')} s` : 'nobody waits for a connection'),
      acquireMs === null || queryMs === null ? null : sign(isWaiting && isLonger, 'postgres.pool_acquire_time', acquireMs, queryMs, `acquiring takes ${say(acquireMs)} ms, using ${say(queryMs)} ms`),
      isRefused ? sign(true, 'postgres.connection_errors', refused, 0, `${sayMany(refused, 'request', 'requests')} got no connection at all`) : null,
      fullness !== null && fullness >= NEARLY_FULL_PERCENT ? sign(true, 'postgres.pool_used', used ?? 0, size ?? 0, `${say(used ?? 0)} of ${say(size ?? 0)} connections of the pool in use`) : null,
      slots === null ? null : sign(areSlotsFull, 'postgres.connections_used', slots, SLOTS_FULL_PERCENT, `${say(slots)} % of the server’s slots in use`),
    ],
    // Who is refused a slot has none, whatever keeps the others busy.
    contradictions: areSlotsFull && isRefused ? [] : [isLocked(situation), isHeldOpen(situation), isSaturated(situation), isUsedElsewhere(situation), sendsStatements(situation), idleSlots(situation, isWaiting, waits)],
    unsettled: areSlotsFull && isRefused ? [] : [slowedBehind(situation), cached?.isOpen === true ? cached.evidence : null],
    unread: areSlotsFull && isRefused ? [] : [...unreadOf(situation), cached?.isOpen === false ? cached.evidence : null],
  });
}

/** Who keeps the connections: only the server knows who waits for a lock, and only with its number of cores what it can compute at once. */
function unreadOf(situation: Situation): (Evidence | null)[] {
  const level = (metric: 'postgres.active' | 'postgres.active_on_cpu'): number | null => levelOf(situation.series(metric), situation.judged);
  const [active, computing] = [level('postgres.active'), level('postgres.active_on_cpu') ?? 0];
  return [
    active === null ? notRead('postgres.active', 'what keeps the connections was not looked at (--probe postgres=postgres://…): a lock, or transactions left open, would look the same from outside') : null,
    active !== null && situation.cores === null && computing >= 2 && computing >= MOSTLY_SHARE * active ? notRead('host.cores', `${say(computing)} of ${say(active)} active statements compute, and nobody told how many cores the database has (--probe host=local)`) : null,
  ];
}

/** Slots that are open and idle keep nobody waiting. */
function nearlyAllActive({ series, judged }: Situation): boolean {
  const [active, open] = [levelOf(series('postgres.active'), judged), levelOf(series('postgres.connections'), judged)];
  return active !== null && open !== null && open > 0 && active >= (NEARLY_FULL_PERCENT / 100) * open;
}

/** Connections that are held twice as long are held by what slows their statements; which lock or storage that is, only the server knows. */
function slowedBehind(situation: Situation) {
  const growth = levelOf(situation.series('postgres.active'), situation.judged) === null ? growthOf(situation, 'postgres.query_time') : null;
  const holdMs = levelOf(situation.series('postgres.query_time'), situation.judged) ?? 0;
  if (growth === null || growth < DEGRADED_FACTOR || holdMs < FELT_QUERY_MS) return null;
  return against('postgres.query_time', holdMs, holdMs / growth, `a connection is held for ${say(holdMs)} ms, ${say(holdMs / growth)} ms at a quarter of the load: what slows the statements is not known without --probe postgres=postgres://…`);
}

function idleSlots(_: Situation, isWaiting: boolean, waits: number | null) {
  return waits !== null && !isWaiting ? against('postgres.pool_waiting', waits, 1, 'yet nobody waits for a connection') : null;
}

/** Without the pool's own word: as many statements at work all the time, and a crowd outside, is all that can be said. */
function judgeServer(situation: Situation): Finding {
  const { series, judged } = situation;
  const missing = 'the application’s own pool metrics (--probe node=http://…/metrics); PostgreSQL cannot see who waits outside';
  const active = series('postgres.active');
  const [low, high, present] = [quantileOf(active, judged, 1 - PINNED_SHARE), quantileOf(active, judged, (1 + PINNED_SHARE) / 2), requestsPresent(situation)];
  const isPinned = low !== null && low === high && low >= 1 && countOf(active, judged, () => true) >= PINNED_READINGS;
  if (!isPinned || present === null || present < CROWD_FACTOR * low) return notEnoughData(missing);
  return found({
    necessary: true, sufficient: false,
    onset: onsetOf(active, (value) => value === low, PINNED_READINGS),
    evidence: [sign(true, 'postgres.active', low, present, `${sayMany(low, 'statement is', 'statements are')} at work all the time, never more, while ${sayMany(present, 'request is', 'requests are')} present: a pool of ${say(low)} would look like this. To settle it: ${missing}`)],
    contradictions: [isLocked(situation), isHeldOpen(situation), isSaturated(situation), sendsStatements(situation)],
  });
}
