import { found, notEnoughData, sign } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { LOCK_SHARE, ofActive } from '../signs/database.ts';
import { shareOfPresent } from '../signs/request-time.ts';
import { countOf, FEWEST_READINGS, levelOf, longestStretch, medianOf, onsetOf, standsFor, stretchSeconds, totalOf } from '../window.ts';

/** One statement that waits for a moment is normal; three readings in a row, and half of all, is a queue behind a lock. */
const WAITING_READINGS = 3;
const WAITING_SHARE = 0.5;
/** A statement that has waited a second is one that a person waits for. */
const LONG_WAIT_MS = 1000;
/** A tenth of all requests that are present stand in front of locks. */
const FELT_SHARE = 0.1;

/** Statements wait for each other: a hot row, a long transaction, a lock on a table. */
export const dbLock: Rule = {
  id: 'db-lock',
  remedy: 'shorten transactions, take locks in one order, spread the hot row, set idle_in_transaction_session_timeout and lock_timeout',
  metrics: ['postgres.lock_waiting'],
  about: {
    necessary: `statements wait for locks for ${WAITING_READINGS} readings in a row and in half of all, and they are a third of the active ones; or there are deadlocks again and again.`,
    sufficient: `and they are a tenth of all requests present, or the oldest has waited ${LONG_WAIT_MS / 1000} s in the median second.`,
    certain: 'deadlocks have no other cause.',
    contradicted: [],
    remarks: 'A transaction that stands open without a statement is named beside it: it may hold the lock. The pool in front of a lock fills up as well; it is contradicted there.',
  },
  evaluate(situation) {
    const { series, judged } = situation;
    const waiting = series('postgres.lock_waiting');
    const locks = levelOf(waiting, judged);
    if (locks === null) return notEnoughData('the server’s sessions (--probe postgres=postgres://…)');
    const active = levelOf(series('postgres.active'), judged) ?? 0;
    const stretch = longestStretch(waiting, judged, (value) => value >= 1);
    const isWaiting = stretch >= WAITING_READINGS && standsFor(WAITING_SHARE, waiting, judged, (value) => value >= 1) && locks >= LOCK_SHARE * active;
    const deadlocks = totalOf(series('postgres.deadlocks'), judged) ?? 0;
    const isDeadlocked = countOf(series('postgres.deadlocks'), judged, (value) => value > 0) >= FEWEST_READINGS;
    const longestMs = medianOf(series('postgres.longest_lock_wait'), judged) ?? 0;
    const idleMs = medianOf(series('postgres.longest_idle_in_transaction'), judged) ?? 0;
    const share = shareOfPresent(situation, locks);
    const necessary = isWaiting || isDeadlocked;
    return found({
      necessary,
      sufficient: isDeadlocked || longestMs >= LONG_WAIT_MS || (share !== null && share >= FELT_SHARE),
      hardError: isDeadlocked,
      onset: onsetOf(waiting, (value) => value >= 1, WAITING_READINGS) ?? onsetOf(series('postgres.deadlocks'), (value) => value > 0, 1),
      evidence: [
        sign(isWaiting, 'postgres.lock_waiting', locks, 1, locks === 0 ? 'no statement waits for a lock' : `${ofActive(locks, active)} for a lock${stretch > 1 ? `, without a pause for ${stretchSeconds(waiting, judged, (value) => value >= 1).toLocaleString('en-US')} s` : ''}`),
        isWaiting && share !== null ? sign(share >= FELT_SHARE, 'postgres.lock_waiting', share * 100, FELT_SHARE * 100, `that is ${say(share * 100)} % of the requests present`) : null,
        necessary && longestMs > 0 ? sign(longestMs >= LONG_WAIT_MS, 'postgres.longest_lock_wait', longestMs, LONG_WAIT_MS, `the oldest has waited ${say(longestMs)} ms in the median second`) : null,
        necessary && idleMs >= LONG_WAIT_MS ? sign(true, 'postgres.longest_idle_in_transaction', idleMs, LONG_WAIT_MS, `a transaction stands open without a statement for ${say(idleMs)} ms: it may hold the lock`) : null,
        isDeadlocked ? sign(true, 'postgres.deadlocks', deadlocks, 0, sayMany(deadlocks, 'deadlock', 'deadlocks')) : null,
      ],
    });
  },
};
