import type { Evidence } from '../../model/report.ts';
import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { BUSY_CPU_PERCENT, GC_PERCENT, HELD_POINTS, IDLE_CPU_PERCENT, LATE_MS, LONG_WAIT_MS, LONG_WAIT_SHARE, loopOf, NEVER_RESTS_PERCENT, RUN_QUEUE_WAIT_PERCENT, type Loop } from '../signs/event-loop.ts';
import { shortnessIn } from '../signs/host.ts';
import { levelOf, onsetOf, quantileOf, standsThroughout } from '../window.ts';

/** A fifth of the time in synchronous calls: every request waits behind them. */
const SYNC_PERCENT = 20;

/** The event loop stands still for one thing at a time: synchronous reads, compression, child processes, one long calculation. */
export const eventLoopBlocked: Rule = {
  id: 'event-loop-blocked',
  remedy: 'replace synchronous calls (fs.…Sync, execSync, crypto and zlib …Sync) by asynchronous ones, cut long calculations up or move them to a worker thread',
  metrics: ['node.event_loop_lag', 'node.event_loop_utilization'],
  about: {
    necessary: `the event loop’s p99 delay is over ${LATE_MS} ms in the median second (or its longest over ${LONG_WAIT_MS} ms in ${LONG_WAIT_SHARE * 100} % of them), and one of: synchronous calls hold the thread ${SYNC_PERCENT} % of the time (the preload sees them); the process uses less than ${IDLE_CPU_PERCENT} % of a core, with a loop occupied ${HELD_POINTS} points more than it computes where that is told; single waits of ${LONG_WAIT_MS} ms in a thread that is not busy. Or, whatever delay is told, the loop is occupied ${BUSY_CPU_PERCENT} % of the time, and for longer than it computes and waits for a core together.`,
    sufficient: `and synchronous calls are seen, or it is known that the process does not wait for a core (its run queue, or the host’s CPU).`,
    contradicted: [`waiting ${RUN_QUEUE_WAIT_PERCENT} % of the time for a core, or a host without CPU (others starve it)`, `${BUSY_CPU_PERCENT} % of a core without synchronous calls (it computes)`, `collecting garbage ${GC_PERCENT} % of the time (it is memory)`],
    unread: ['how long the process waits for a core'],
  },
  evaluate(situation) {
    const { series, judged } = situation;
    const loop = loopOf(situation);
    const { lagMs, cpu, utilization, isLate } = loop;
    if (lagMs === null) return notEnoughData('the application’s event-loop delay (--probe node=http://…/metrics, or scaleplan’s preload)');
    const sync = levelOf(series('node.sync_io_time'), judged);
    const isHeld = sync !== null && sync >= SYNC_PERCENT;
    const isIdle = cpu !== null && cpu < IDLE_CPU_PERCENT && (utilization === null || utilization - cpu >= HELD_POINTS);
    const longest = series('node.event_loop_lag_max');
    const areWaitsLong = cpu !== null && cpu < BUSY_CPU_PERCENT && (utilization ?? 0) < NEVER_RESTS_PERCENT && standsThroughout(LONG_WAIT_SHARE, longest, judged, (value) => value > LONG_WAIT_MS);
    // A page that is asked for while the loop stands still is served, and its delay forgotten, before the delay is counted.
    const isFull = loop.isHeldClearly && (utilization ?? 0) >= BUSY_CPU_PERCENT;
    const stands = (isLate && (isHeld || isIdle || areWaitsLong)) || isFull;
    const isRunning = loop.waited !== null || levelOf(series('host.cpu'), judged) !== null;
    return found({
      necessary: stands,
      sufficient: isHeld || isRunning,
      onset: onsetOf(series('node.event_loop_lag'), (value) => value > LATE_MS) ?? onsetOf(longest, (value) => value > LONG_WAIT_MS, 1),
      evidence: [
        sign(stands, 'node.event_loop_lag', lagMs, LATE_MS, `event-loop lag p99 ${say(lagMs)} ms in the median second${cpu === null ? '' : ` at ${say(cpu)} % of a core`}`),
        sync === null ? null : sign(stands && isHeld, 'node.sync_io_time', sync, SYNC_PERCENT, `synchronous calls hold the thread ${say(sync)} % of the time`),
        stands && (isIdle || isFull) && utilization !== null && cpu !== null ? sign(true, 'node.event_loop_utilization', utilization, cpu + HELD_POINTS, `the loop is occupied ${say(utilization)} % of the time and computes ${say(cpu)} %${loop.waited === null ? '' : `, and waits ${say(loop.waited)} % for a core`}`) : null,
        stands && areWaitsLong ? sign(true, 'node.event_loop_lag_max', quantileOf(longest, judged, 1 - LONG_WAIT_SHARE) ?? 0, LONG_WAIT_MS, `in every fifth second something holds it for ${say(quantileOf(longest, judged, 1 - LONG_WAIT_SHARE) ?? 0)} ms at a stretch`) : null,
      ],
      contradictions: [isHeld ? null : starved(situation, loop), computing(loop, isHeld), collecting(loop)],
      unread: [isHeld || loop.waited !== null ? null : notRead('node.run_queue_wait', 'how long its process waits for a core was not read (--probe process=PID)')],
    });
  },
};

function starved(situation: Situation, { waited, isStarved, isHeldClearly }: Loop): Evidence | null {
  if (isHeldClearly) return null;
  if (isStarved && waited !== null) return against('node.run_queue_wait', waited, RUN_QUEUE_WAIT_PERCENT, `the process waits ${say(waited)} % of the time for a core: others starve it`);
  const short = waited === null ? shortnessIn(situation) : null;
  return short && { ...short, text: `${short.text}: the loop may be starved, not blocked` };
}

function computing({ cpu }: Loop, isHeld: boolean): Evidence | null {
  return cpu !== null && cpu >= BUSY_CPU_PERCENT && !isHeld ? against('node.cpu', cpu, BUSY_CPU_PERCENT, `it computes: ${say(cpu)} % of a core`) : null;
}

function collecting({ gc }: Loop): Evidence | null {
  return gc !== null && gc >= GC_PERCENT ? against('node.gc_time', gc, GC_PERCENT, `it collects garbage ${say(gc)} % of the time: it is memory`) : null;
}
