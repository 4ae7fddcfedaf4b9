import type { Rule } from '../rule.ts';
import { say } from '../say.ts';
import { longestStretch, meanOf, onsetOf, quantileOf, totalOf } from '../window.ts';

/** One statement that waits for a moment is normal; three seconds in a row is a queue behind a lock. */
const WAITING_SECONDS = 3;
/** A third of the active statements waiting for a lock: most of the others will have to. */
const LOCK_SHARE = 0.3;
/** A statement that has waited a second is one that a person waits for. */
const LONG_WAIT_MS = 1000;

/** Statements wait for each other: a hot row, a long transaction, a lock on a table. */
export const dbLock: Rule = {
  id: 'db-lock',
  remedy: 'shorten transactions, take locks in one order, spread the hot row, set idle_in_transaction_session_timeout and lock_timeout',
  about: 'Necessary: statements wait for locks for three seconds in a row, a third of the active ones on the mean; or there are deadlocks. Sufficient: and one at a time waits on the mean, or the oldest has waited a second. A deadlock has no other cause. A transaction that stands open without a statement is named beside it.',
  evaluate({ series, judged }) {
    const waiting = series('postgres.lock_waiting');
    if (waiting === null) return { status: 'not-enough-data', missing: 'the server’s sessions (--probe postgres=postgres://…)' };
    const locks = meanOf(waiting, judged) ?? 0;
    const active = meanOf(series('postgres.active'), judged) ?? 0;
    const stood = longestStretch(waiting, judged, (value) => value >= 1);
    const longestMs = quantileOf(series('postgres.longest_lock_wait'), judged, 0.5) ?? 0;
    const deadlocks = totalOf(series('postgres.deadlocks'), judged) ?? 0;
    const idleMs = quantileOf(series('postgres.longest_idle_in_transaction'), judged, 0.5) ?? 0;
    const necessary = (stood >= WAITING_SECONDS && locks >= LOCK_SHARE * active) || deadlocks > 0;
    return {
      status: 'judged',
      signs: { necessary, sufficient: necessary && (longestMs >= LONG_WAIT_MS || locks >= 1), hardError: deadlocks > 0, law: false, contradictions: 0 },
      onsetSecond: onsetOf(waiting, (value) => value >= 1, WAITING_SECONDS),
      evidence: [
        { for: necessary, metric: 'postgres.lock_waiting', observed: locks, limit: 1, text: locks === 0 ? 'no statement waits for a lock' : `${say(locks)} of ${say(active)} active statements wait for a lock, without a pause for ${stood} s` },
        ...(necessary && longestMs > 0 ? [{ for: true, metric: 'postgres.longest_lock_wait', observed: longestMs, limit: LONG_WAIT_MS, text: `the oldest has waited ${say(longestMs)} ms in the median second` } as const] : []),
        ...(necessary && idleMs >= LONG_WAIT_MS ? [{ for: true, metric: 'postgres.longest_idle_in_transaction', observed: idleMs, limit: LONG_WAIT_MS, text: `a transaction stands open without a statement for ${say(idleMs)} ms: it may hold the lock` } as const] : []),
        ...(deadlocks > 0 ? [{ for: true, metric: 'postgres.deadlocks', observed: deadlocks, limit: 0, text: `${say(deadlocks)} deadlocks` } as const] : []),
      ],
    };
  },
};
