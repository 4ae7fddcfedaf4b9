import type { Evidence } from '../../model/report.ts';
import { against } from '../finding.ts';
import type { Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { levelOf } from '../window.ts';
import { DEGRADED_FACTOR, growthOf } from './request-time.ts';

/** A third of the active statements waiting for locks: connections are held by the lock, and most other statements will have to wait for it. */
export const LOCK_SHARE = 0.3;
/** Half of the pool idle inside transactions: the application holds connections without using them. */
export const HELD_SHARE = 0.5;
/** As many statements on the CPU as there are cores: each further one only waits for its turn. */
export const COMPUTING_SHARE = 1;
/** Half of the active statements waiting for a disk: storage sets the pace. */
export const READING_SHARE = 0.5;
/** A third of the active statements waiting for latches: they fight for the same pages in memory. */
export const LATCH_SHARE = 0.3;
/** The server sees under a third of the statements that the application's clock says are under way: the time is spent elsewhere. */
export const SEEN_SHARE = 0.3;
/** Where nobody knows how many cores it has: most statements compute, and take twice as long as at a quarter of the load. */
export const MOSTLY_SHARE = 0.8;

/** `3 of 4 active statements wait`. Counted a second apart they may not fit: more cannot wait than are active. */
export function ofActive(waiting: number, active: number): string {
  return `${say(waiting)} of ${sayMany(Math.max(active, waiting), 'active statement waits', 'active statements wait')}`;
}

/** Statements wait for locks: the others are held up by it, or will be. */
export function isLocked({ series, judged }: Situation): Evidence | null {
  const [locks, active] = [levelOf(series('postgres.lock_waiting'), judged) ?? 0, levelOf(series('postgres.active'), judged) ?? 0];
  if (locks < 1 || locks < LOCK_SHARE * active) return null;
  return against('postgres.lock_waiting', locks, LOCK_SHARE * active, `${ofActive(locks, active)} for a lock: it is the lock`);
}

/** Connections stand idle inside transactions: the application keeps them while it does something else. */
export function isHeldOpen({ series, judged }: Situation): Evidence | null {
  const held = levelOf(series('postgres.idle_in_transaction'), judged) ?? 0;
  const pool = levelOf(series('postgres.pool_max'), judged) ?? levelOf(series('postgres.connections'), judged) ?? 0;
  if (pool <= 0 || held < 1 || held < HELD_SHARE * pool) return null;
  return against('postgres.idle_in_transaction', held, HELD_SHARE * pool, `${say(held)} of ${sayMany(pool, 'connection is', 'connections are')} held idle in a transaction: the application keeps them`);
}

/** The database has no more to give: its statements compete for cores, for the disk, or for latches. */
export function isSaturated(situation: Situation): Evidence | null {
  const { series, judged, cores } = situation;
  const active = levelOf(series('postgres.active'), judged) ?? 0;
  const computing = levelOf(series('postgres.active_on_cpu'), judged) ?? 0;
  const reading = levelOf(series('postgres.io_waiting'), judged) ?? 0;
  const latched = levelOf(series('postgres.latch_waiting'), judged) ?? 0;
  if (cores !== null && computing >= COMPUTING_SHARE * cores) return against('postgres.active_on_cpu', computing, cores, `${sayMany(computing, 'statement competes', 'statements compete')} for ${sayMany(cores, 'core', 'cores')}: it is the database’s CPU`);
  if (cores === null && computing >= 2 && computing >= MOSTLY_SHARE * active && (growthOf(situation, 'postgres.query_time') ?? 0) >= DEGRADED_FACTOR) {
    return against('postgres.active_on_cpu', computing, MOSTLY_SHARE * active, `${say(computing)} of ${say(active)} active statements compute, and take longer than at a quarter of the load: it is the database’s CPU`);
  }
  if (reading >= 1 && reading >= READING_SHARE * active) return against('postgres.io_waiting', reading, READING_SHARE * active, `${ofActive(reading, active)} for the disk: it is the database’s storage`);
  if (latched >= 1 && latched >= LATCH_SHARE * active) return against('postgres.latch_waiting', latched, LATCH_SHARE * active, `${say(latched)} of ${sayMany(active, 'active statement fights', 'active statements fight')} for the same pages`);
  return null;
}

/**
 * The application's clock says connections are in use while the server sees next to nothing: they are held by something else
 * (a late event loop, work between two statements).
 */
export function isUsedElsewhere({ series, judged }: Situation): Evidence | null {
  const used = levelOf(series('postgres.pool_used'), judged);
  const active = levelOf(series('postgres.active'), judged);
  if (used === null || active === null || used < 2 || active >= SEEN_SHARE * used) return null;
  return against('postgres.active', active, SEEN_SHARE * used, `${sayMany(used, 'connection is', 'connections are')} handed out, and the server sees ${say(active)} at work: the application holds them for something else`);
}
