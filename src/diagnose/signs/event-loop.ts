import { levelOf, medianOf, quantileOf, standsThroughout } from '../window.ts';
import type { Situation } from '../rule.ts';

/** A loop that is 100 ms late adds that to every request at once; the scaling documents use the same figure. */
export const LATE_MS = 100;
/** A fifth of the seconds, all over the time, with a single wait of twice that: who comes in one of them waits that long, whatever the others see. */
export const LONG_WAIT_MS = 200;
export const LONG_WAIT_SHARE = 0.2;
/** One thread cannot use more than one core; from 80 % on its queue grows faster than its work. */
export const BUSY_CPU_PERCENT = 80;
/** On a crowded host a thread is never without work and yet does not get a whole core. */
export const NEVER_RESTS_PERCENT = 90;
export const CROWDED_CPU_PERCENT = 60;
/** Late, but below half a core: it does not compute. */
export const IDLE_CPU_PERCENT = 50;
/** Runnable but not running for a fifth of the time: another process has the core. */
export const RUN_QUEUE_WAIT_PERCENT = 20;
/** The loop counts as busy while it waits inside a synchronous call: busy this much longer than computing, it is held. */
export const HELD_POINTS = 30;
/** A thread that wants its core and gets less than a quarter of its fair share of it: a difference of priority of 6 (each is a factor of 1.25) would explain that, and hardly anybody sets one. */
const FAIR_PART = 0.25;
/** Where nobody counts who waits for a core: three others in front of each, which is a crowd already. */
const UNKNOWN_CROWD_PERCENT = 300;
/** A fifth of the time collecting garbage: little is found in each collection. */
export const GC_PERCENT = 20;

/** How the application's one thread fares in the judged window; null for what was not read. */
export interface Loop {
  readonly lagMs: number | null;
  readonly isLate: boolean;
  readonly cpu: number | null;
  readonly utilization: number | null;
  readonly gc: number | null;
  readonly waited: number | null;
  /** It needs its core for itself: it computes all the time, or would if it were let. */
  readonly isBusy: boolean;
  /** Ready to run and not running. */
  readonly isStarved: boolean;
  /** Something holds its loop: it is occupied for longer than it computes and waits for a core together; or, where that wait is not told, it gets far less than its share of one, which no crowd of others explains. */
  readonly isHeldClearly: boolean;
  /** CPU it would need for the load that is sent, by what a request costs, in % of a core; null where that is not known. */
  readonly needed: number | null;
}

/** Of several processes the latest: the lag of one and the CPU of another are no process's figures. */
export function loopOf(situation: Situation): Loop {
  const { series, instances } = situation;
  const own = instances('node.event_loop_lag');
  if (own.length < 2) return loopIn(situation);
  // What no process tells of itself (the host's figures) is the same for all.
  const loops = own.map((instance) => loopIn({ ...situation, series: (metric) => series(metric, instance) ?? series(metric) }));
  return loops.reduce((latest, one) => ((one.lagMs ?? 0) > (latest.lagMs ?? 0) ? one : latest));
}

function loopIn(situation: Situation): Loop {
  const { series, judged } = situation;
  // The median second: one long collection or one slow answer must not make a bottleneck. All of them: where it changes in the middle of the window they must change at once.
  const level = (metric: Parameters<typeof series>[0]): number | null => medianOf(series(metric), judged);
  const lagMs = level('node.event_loop_lag');
  const [cpu, utilization, waited] = [level('node.cpu'), level('node.event_loop_utilization'), level('node.run_queue_wait')];
  const needed = neededCpu(situation);
  const isCrowded = (utilization ?? 0) >= NEVER_RESTS_PERCENT && ((cpu ?? 0) >= CROWDED_CPU_PERCENT || (needed ?? 0) >= BUSY_CPU_PERCENT);
  return {
    lagMs, cpu, utilization, waited, gc: level('node.gc_time'),
    isLate: (lagMs ?? 0) > LATE_MS || standsThroughout(LONG_WAIT_SHARE, series('node.event_loop_lag_max'), judged, (value) => value > LONG_WAIT_MS),
    isBusy: isCrowded || (cpu ?? 0) >= BUSY_CPU_PERCENT,
    isStarved: (waited ?? 0) >= RUN_QUEUE_WAIT_PERCENT,
    isHeldClearly: waited === null ? getsLittle(utilization, cpu, level('host.run_queue_wait')) : isHeldMore(utilization, cpu, waited),
    needed,
  };
}

/** With q tasks waiting in front of each CPU, each of them gets 1 of 1 + q: less is not for want of cores. */
function getsLittle(utilization: number | null, cpu: number | null, queued: number | null): boolean {
  if (utilization === null || cpu === null || utilization < NEVER_RESTS_PERCENT) return false;
  return cpu < (FAIR_PART * 100) / (1 + (queued ?? UNKNOWN_CROWD_PERCENT) / 100);
}

/** An occupied loop computes, waits for a core, or is held: what is left of its time after the first two. */
function isHeldMore(utilization: number | null, cpu: number | null, waited: number): boolean {
  if (utilization === null || cpu === null) return false;
  const held = utilization - cpu - waited;
  return held >= HELD_POINTS && held > waited;
}

/** Where most requests fail, those that succeed do not tell what one costs. */
const COUNTED_SHARE = 0.5;

/** Demand of one request (U = X·D), at a quarter of the load or as it is now, whichever is more, times the requests that are sent. */
function neededCpu({ series, reference, judged, sentPerSec }: Situation): number | null {
  // Users who still wait for one answer do not send the next request: the busiest tenth of the seconds tells what they would send.
  const sent = quantileOf(sentPerSec, judged, 0.9);
  const costs = [reference, judged].flatMap((window) => {
    const [cpu, done] = window === null ? [null, null] : [levelOf(series('node.cpu'), window), levelOf(series('http.throughput'), window)];
    const asked = window === null ? null : levelOf(sentPerSec, window);
    return cpu === null || done === null || asked === null || done <= 0 || done < COUNTED_SHARE * asked ? [] : [cpu / done];
  });
  return sent === null || costs.length === 0 ? null : Math.max(...costs) * sent;
}
