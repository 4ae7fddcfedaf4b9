import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { longestStretch, meanOf, onsetOf, quantileOf } from '../window.ts';

/** A loop that is 100 ms late adds that to every request at once; the scaling documents use the same figure. */
const LATE_MS = 100;
/** Late but not computing: below half a core something holds the thread without using it. */
const IDLE_CPU_PERCENT = 50;
/** A fifth of the time in synchronous calls: every request waits behind them. */
const SYNC_PERCENT = 20;
/** The loop counts as busy while it waits inside a synchronous call: busy this much longer than computing, it is held. */
const HELD_POINTS = 30;
/** From 80 % of a core on the thread computes, and the loop is late for that. */
const BUSY_CPU_PERCENT = 80;
/** Runnable but not running for a fifth of the time: another process has the core. */
const RUN_QUEUE_WAIT_PERCENT = 20;
/** Collecting garbage stops the thread as well: then it is memory. */
const GC_PERCENT = 20;

/** The event loop stands still while nothing is computed: synchronous reads, compression, child processes. */
export const eventLoopBlocked: Rule = {
  id: 'event-loop-blocked',
  remedy: 'replace synchronous calls (fs.…Sync, execSync, crypto and zlib …Sync) by asynchronous ones, move them to a worker thread',
  about: 'Necessary and sufficient: the event loop’s p99 delay is over 100 ms in the median second (or its longest over 200 ms for three in a row), and either synchronous calls hold the thread a fifth of the time (the preload sees them), or the process uses less than half a core while its loop is occupied 30 points more than it computes. Contradicted by: waiting a fifth of the time for a core (others starve it) · 80 % of a core without synchronous calls (it computes) · a fifth of the time in garbage collection (it is memory).',
  evaluate(situation) {
    const { series, judged } = situation;
    const lag = series('node.event_loop_lag');
    const lagMs = quantileOf(lag, judged, 0.5);
    if (lagMs === null) return { status: 'not-enough-data', missing: 'the application’s event-loop delay (--probe node=http://…/metrics, or scaleplan’s preload)' };
    const late = lagMs > LATE_MS || longestStretch(series('node.event_loop_lag_max'), judged, (value) => value > 2 * LATE_MS) >= 3;
    const cpu = meanOf(series('node.cpu'), judged);
    const sync = meanOf(series('node.sync_io_time'), judged);
    const busy = meanOf(series('node.event_loop_utilization'), judged);
    const isHeld = sync !== null && sync >= SYNC_PERCENT;
    const isIdle = cpu !== null && cpu < IDLE_CPU_PERCENT && (busy === null || busy - cpu >= HELD_POINTS);
    const contradictions = late ? contradictionsOf(situation, cpu, isHeld) : [];
    return {
      status: 'judged',
      signs: { necessary: late && (isHeld || isIdle), sufficient: late && (isHeld || isIdle), hardError: false, law: false, contradictions: contradictions.length },
      onsetSecond: onsetOf(lag, (value) => value > LATE_MS, 3),
      evidence: [
        { for: late && (isHeld || isIdle), metric: 'node.event_loop_lag', observed: lagMs, limit: LATE_MS, text: `event-loop lag p99 ${say(lagMs)} ms in the median second${cpu === null ? '' : ` at ${say(cpu)} % of a core`}` },
        ...(sync === null ? [] : [{ for: late && isHeld, metric: 'node.sync_io_time', observed: sync, limit: SYNC_PERCENT, text: `synchronous calls hold the thread ${say(sync)} % of the time` } as const]),
        ...(late && isIdle && busy !== null ? [{ for: true, metric: 'node.event_loop_utilization', observed: busy, limit: cpu + HELD_POINTS, text: `the loop is occupied ${say(busy)} % of the time and computes ${say(cpu)} %` } as const] : []),
        ...contradictions,
      ],
    };
  },
};

function contradictionsOf({ series, judged }: Situation, cpu: number | null, isHeld: boolean): Evidence[] {
  const found: Evidence[] = [];
  const waited = meanOf(series('node.run_queue_wait'), judged);
  if (waited !== null && waited >= RUN_QUEUE_WAIT_PERCENT) found.push({ for: false, metric: 'node.run_queue_wait', observed: waited, limit: RUN_QUEUE_WAIT_PERCENT, text: `the process waits ${say(waited)} % of the time for a core: others starve it` });
  if (cpu !== null && cpu >= BUSY_CPU_PERCENT && !isHeld) found.push({ for: false, metric: 'node.cpu', observed: cpu, limit: BUSY_CPU_PERCENT, text: `it computes: ${say(cpu)} % of a core` });
  const gc = meanOf(series('node.gc_time'), judged);
  if (gc !== null && gc >= GC_PERCENT) found.push({ for: false, metric: 'node.gc_time', observed: gc, limit: GC_PERCENT, text: `it collects garbage ${say(gc)} % of the time: it is memory` });
  return found;
}
