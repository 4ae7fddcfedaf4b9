import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { say } from '../say.ts';
import { BUSY_CPU_PERCENT, CROWDED_CPU_PERCENT, GC_PERCENT, IDLE_CPU_PERCENT, LATE_MS, loopOf, NEVER_RESTS_PERCENT, RUN_QUEUE_WAIT_PERCENT, type Loop } from '../signs/event-loop.ts';
import { cpuLaw } from '../signs/laws.ts';
import { onsetOf } from '../window.ts';

/** A process that leaves a twentieth of its core cannot be in time, whether or not its loop's delay is told. */
const PEGGED_PERCENT = 95;

/** The application's one thread is out of CPU: its event loop is late because it computes. */
export const nodeCpu: Rule = {
  id: 'node-cpu',
  remedy: 'more instances behind a load balancer; move the computing off the event loop',
  metrics: ['node.cpu', 'node.event_loop_lag', 'node.event_loop_utilization'],
  about: {
    necessary: `the event loop’s p99 delay is over ${LATE_MS} ms in the median second, or the process uses ${BUSY_CPU_PERCENT} % of a core.`,
    sufficient: `both; or, on a crowded host, the loop is late, busy ${NEVER_RESTS_PERCENT} % of the time, and the process gets ${CROWDED_CPU_PERCENT} % of a core, or would need ${BUSY_CPU_PERCENT} % for all that is sent by what a request costs; or, where the delay is not told, ${PEGGED_PERCENT} % of a core.`,
    law: 'requests a second at most = 1 core ÷ CPU of a request, fitted at a quarter of the load (utilisation law).',
    contradicted: [`late with less than ${IDLE_CPU_PERCENT} % of a core (something blocks the loop without computing)`, `waiting ${RUN_QUEUE_WAIT_PERCENT} % of the time for a core that it would not fill (others starve it)`, `collecting garbage ${GC_PERCENT} % of the time (it is memory)`],
    unread: ['how much of it is garbage collection'],
  },
  evaluate(situation) {
    const { series } = situation;
    const loop = loopOf(situation);
    const { lagMs, cpu, utilization, isLate, isBusy } = loop;
    if (lagMs === null && cpu === null) return notEnoughData('the application’s event-loop delay and CPU (--probe node=http://…/metrics, or --probe process=PID)');
    const isPegged = lagMs === null && (cpu ?? 0) >= PEGGED_PERCENT;
    return found({
      necessary: isLate || (cpu ?? 0) >= BUSY_CPU_PERCENT,
      sufficient: (isLate && isBusy) || isPegged,
      law: cpuLaw(situation, 'node.cpu', 1),
      onset: onsetOf(series('node.event_loop_lag'), (value) => value > LATE_MS) ?? onsetOf(series('node.cpu'), (value) => value >= BUSY_CPU_PERCENT),
      evidence: [
        lagMs === null ? null : sign(isLate, 'node.event_loop_lag', lagMs, LATE_MS, `event-loop lag p99 ${say(lagMs)} ms in the median second`),
        cpu === null ? null : sign(cpu >= BUSY_CPU_PERCENT || (isLate && isBusy), 'node.cpu', cpu, BUSY_CPU_PERCENT, `process uses ${say(cpu)} % of a core`),
        isLate && isBusy && (utilization ?? 0) >= NEVER_RESTS_PERCENT ? sign(true, 'node.event_loop_utilization', utilization ?? 0, NEVER_RESTS_PERCENT, `its event loop is busy ${say(utilization ?? 0)} % of the time`) : null,
      ],
      contradictions: [isLate ? withoutComputing(loop) : null, starvedByOthers(loop), collecting(loop)],
      unread: [loop.gc === null ? notRead('node.gc_time', 'how much of it is garbage collection was not read (--probe node=http://…/metrics)') : null],
    });
  },
};

function withoutComputing({ cpu, waited, isStarved, isBusy }: Loop) {
  if (cpu === null || cpu >= IDLE_CPU_PERCENT || isBusy) return null;
  const text = isStarved
    ? `late with ${say(cpu)} % CPU while waiting ${say(waited ?? 0)} % of the time for a core: other processes starve it`
    : `late with only ${say(cpu)} % CPU: something blocks the loop without computing`;
  return against('node.cpu', cpu, IDLE_CPU_PERCENT, text);
}

/** A thread that would be busy with a core of its own stays the bottleneck, however many others want one. */
function starvedByOthers({ cpu, waited, needed, isStarved }: Loop) {
  if (!isStarved || waited === null || cpu === null || cpu < IDLE_CPU_PERCENT || needed === null || needed >= BUSY_CPU_PERCENT) return null;
  return against('node.run_queue_wait', waited, RUN_QUEUE_WAIT_PERCENT, `it waits ${say(waited)} % of the time for a core, and would need ${say(needed)} % of one: others starve it`);
}

function collecting({ gc }: Loop) {
  return gc !== null && gc >= GC_PERCENT ? against('node.gc_time', gc, GC_PERCENT, `it collects garbage ${say(gc)} % of the time: it is memory`) : null;
}
