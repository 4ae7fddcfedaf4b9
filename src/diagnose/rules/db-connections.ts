import type { Evidence } from '../../model/report.ts';
import type { Finding, Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { longestStretch, meanOf, onsetOf, totalOf } from '../window.ts';

/** 90 % of the slots: the rest is what deployments, migrations and people's own sessions need. */
const SLOTS_FULL_PERCENT = 90;
/** One waiting request for a moment is normal queueing; three seconds in a row is a queue that does not drain. */
const WAITING_SECONDS = 3;
/** A third of the active statements waiting for locks: the pool is held by the lock, not short of connections. */
const LOCK_SHARE = 0.3;
/** Half of the pool idle inside transactions: the application holds connections without using them. */
const IDLE_IN_TRANSACTION_SHARE = 0.5;

/**
 * Requests wait for a database connection: the application's pool, or the server's slots, are the limit.
 * The pool is invisible to PostgreSQL (it sees its connections busy, not the requests behind them),
 * so without the application's own pool metrics only the server's slots can be judged.
 */
export const dbConnections: Rule = {
  id: 'db-connections',
  remedy: 'give the pool more connections if the server has slots, put a pooler in front, move reads to replicas',
  about: 'Necessary: requests wait for a connection of the application’s pool for three seconds in a row, or 90 % of the server’s slots are in use. Sufficient: and getting a connection takes longer than using it. Law: a pool hands out at most connections ÷ time one is held (utilisation law at U = 1). Contradicted by: a third of the active statements wait for locks (it is the lock) · half of the pool idle inside transactions (the application holds them) · more statements on the CPU than cores (it is the database’s CPU). PostgreSQL cannot see who waits outside it: without the application’s own pool metrics only its slots can be judged.',
  evaluate(situation) {
    const { series, judged } = situation;
    const waiting = series('postgres.pool_waiting');
    const slotsUsed = meanOf(series('postgres.connections_used'), judged);
    const slotsFull = slotsUsed !== null && slotsUsed >= SLOTS_FULL_PERCENT;
    if (!waiting && !slotsFull) {
      return {
        status: 'not-enough-data',
        missing: 'the application’s own pool metrics (--probe node=http://…/metrics); PostgreSQL cannot see who waits outside',
      };
    }
    return judgePool(situation, slotsUsed, slotsFull);
  },
};

function judgePool(situation: Situation, slotsUsed: number | null, slotsFull: boolean): Finding {
  const { series, judged } = situation;
  const waiting = series('postgres.pool_waiting');
  const waitedSeconds = longestStretch(waiting, judged, (value) => value >= 1);
  const waitingMean = meanOf(waiting, judged) ?? 0;
  const acquireMs = meanOf(series('postgres.pool_acquire_time'), judged);
  const queryMs = meanOf(series('postgres.query_time'), judged);
  const refused = totalOf(series('postgres.connection_errors'), judged) ?? 0;
  const queue = waitedSeconds >= WAITING_SECONDS && acquireMs !== null && queryMs !== null && acquireMs > queryMs;
  const law = poolLaw(situation);
  const contradictions = contradictionsOf(situation);
  // A time-out while nobody waits is a late event loop that missed the connection it was given.
  const necessary = slotsFull || waitedSeconds >= WAITING_SECONDS || (refused > 0 && waitedSeconds > 0);
  const evidence: Evidence[] = [{
    for: waitedSeconds >= WAITING_SECONDS, metric: 'postgres.pool_waiting', observed: waitingMean, limit: 1,
    text: waitedSeconds > 0 ? `${say(waitingMean)} requests wait for a connection on average, without a pause for ${waitedSeconds} s` : 'nobody waits for a connection',
  }];
  if (acquireMs !== null && queryMs !== null) {
    evidence.push({
      for: acquireMs > queryMs, metric: 'postgres.pool_acquire_time', observed: acquireMs, limit: queryMs,
      text: `acquiring takes ${say(acquireMs)} ms, using ${say(queryMs)} ms`,
    });
  }
  if (refused > 0) evidence.push({ for: true, metric: 'postgres.connection_errors', observed: refused, limit: 0, text: `${say(refused)} requests got no connection at all` });
  if (slotsUsed !== null) evidence.push({ for: slotsFull, metric: 'postgres.connections_used', observed: slotsUsed, limit: SLOTS_FULL_PERCENT, text: `${say(slotsUsed)} % of the server’s slots in use` });
  if (law && necessary) evidence.push(law.evidence);
  return {
    status: 'judged',
    signs: { necessary, sufficient: queue || slotsFull, hardError: refused > 0, law: necessary && law?.agrees === true, contradictions: contradictions.length },
    onsetSecond: onsetOf(waiting, (value) => value >= 1, WAITING_SECONDS),
    evidence: [...evidence, ...contradictions],
  };
}

/** A pool hands out at most (connections ÷ time one is held) a second: at that rate it is the limit (utilisation law with U = 1). */
function poolLaw({ series, judged }: Situation): { agrees: boolean; evidence: Evidence } | null {
  const servers = meanOf(series('postgres.pool_max'), judged);
  const holdMs = meanOf(series('postgres.query_time'), judged);
  const rate = meanOf(series('postgres.pool_acquires'), judged);
  if (servers === null || holdMs === null || rate === null || holdMs <= 0) return null;
  const limit = (servers * 1000) / holdMs;
  const agrees = Math.abs(rate - limit) <= 0.1 * limit;
  return {
    agrees,
    evidence: {
      for: agrees, metric: 'postgres.pool_acquires', observed: rate, limit,
      text: `${say(servers)} connections ÷ ${say(holdMs)} ms = at most ${say(limit)}/s; measured ${say(rate)}/s`,
    },
  };
}

function contradictionsOf({ series, judged, cores }: Situation): Evidence[] {
  const active = meanOf(series('postgres.active'), judged) ?? 0;
  const locks = meanOf(series('postgres.lock_waiting'), judged) ?? 0;
  const onCpu = meanOf(series('postgres.active_on_cpu'), judged) ?? 0;
  const held = meanOf(series('postgres.idle_in_transaction'), judged) ?? 0;
  const pool = meanOf(series('postgres.pool_max'), judged) ?? meanOf(series('postgres.connections'), judged) ?? 0;
  const found: Evidence[] = [];
  if (active > 0 && locks / active >= LOCK_SHARE) {
    found.push({ for: false, metric: 'postgres.lock_waiting', observed: locks, limit: LOCK_SHARE * active, text: `${say(locks)} of ${say(active)} active statements wait for a lock: it is the lock` });
  }
  if (pool > 0 && held / pool >= IDLE_IN_TRANSACTION_SHARE) {
    found.push({ for: false, metric: 'postgres.idle_in_transaction', observed: held, limit: IDLE_IN_TRANSACTION_SHARE * pool, text: `${say(held)} of ${say(pool)} connections are held idle in a transaction: the application keeps them` });
  }
  if (cores !== null && onCpu >= cores) {
    found.push({ for: false, metric: 'postgres.active_on_cpu', observed: onCpu, limit: cores, text: `${say(onCpu)} statements compete for ${cores} cores: it is the database’s CPU` });
  }
  return found;
}

