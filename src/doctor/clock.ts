import { setTimeout as sleep } from 'node:timers/promises';
import { ok, warn, type Finding } from './finding.ts';

/** Seconds are told apart by the wall clock and measured by the steady one: they must not part by more than a scrap of a second. */
const STEP_MS = 20;
/** What `test` takes as a late generator, too. */
const LATE_MS = 100;
const TIMER_MS = 10;
const TIMERS = 50;

/** The time that was read when the doctor began. */
export interface ClockStart {
  readonly wallMs: number;
  readonly steadyMs: number;
}

export function startClock(): ClockStart {
  return { wallMs: Date.now(), steadyMs: performance.now() };
}

/** Does the wall clock walk in step with the steady one, and do timers come on time? */
export async function checkClock(start: ClockStart): Promise<Finding> {
  let lateMs = 0;
  for (let timer = 0; timer < TIMERS; timer += 1) {
    const from = performance.now();
    await sleep(TIMER_MS);
    lateMs = Math.max(lateMs, performance.now() - from - TIMER_MS);
  }
  return judgeClock(start, startClock(), lateMs);
}

export function judgeClock(start: ClockStart, end: ClockStart, lateMs: number): Finding {
  const steadyMs = end.steadyMs - start.steadyMs;
  const apartMs = end.wallMs - start.wallMs - steadyMs;
  const detail = `wall and steady clock ${Math.round(Math.abs(apartMs))} ms apart in ${(steadyMs / 1000).toFixed(1)} s; timers at most ${lateMs.toFixed(1)} ms late`;
  if (Math.abs(apartMs) > STEP_MS) return warn('clock', detail, 'The wall clock is being set: seconds of the client and of the servers would not fit. Wait until it is in step (chronyc tracking, timedatectl).');
  if (lateMs > LATE_MS) return warn('clock', detail, 'The machine is held up by something else: the generator would be late as well, and a run might be invalid.');
  return ok('clock', detail);
}
