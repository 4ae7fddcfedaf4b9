import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, quantileOf } from '../window.ts';

/** A loop that is 100 ms late adds that to every request at once; the scaling documents use the same figure. */
const LATE_MS = 100;
/** One thread cannot use more than one core; from 80 % on its queue grows faster than its work. */
const BUSY_CPU_PERCENT = 80;
/** On a crowded host the thread is never without work and yet does not get a whole core: busy all the time, and computing for most of it. */
const CROWDED_UTILIZATION_PERCENT = 90;
const CROWDED_CPU_PERCENT = 60;
/** Late but not busy: below half a core something blocks the loop without computing (a synchronous read, a starved process). */
const IDLE_CPU_PERCENT = 50;
/** Runnable but not running for a fifth of the time: another process has the core. */
const RUN_QUEUE_WAIT_PERCENT = 20;

/** The application's one thread is out of CPU: its event loop is late because it computes. */
export const nodeCpu: Rule = {
  id: 'node-cpu',
  remedy: 'more instances behind a load balancer; move the computing off the event loop',
  about: 'Necessary: the event loop’s p99 delay is over 100 ms in the median second. Sufficient: and the process uses 80 % of a core; or, on a crowded host, its loop is busy 90 % of the time and it gets 60 % of a core. Contradicted by: less than half a core used (something blocks the loop without computing, or others starve it).',
  evaluate(situation) {
    const { series, judged } = situation;
    const lag = series('node.event_loop_lag');
    const cpuPercent = meanOf(series('node.cpu'), judged);
    // The median second: one long collection or one slow answer must not make a bottleneck.
    const lagMs = quantileOf(lag, judged, 0.5);
    if (lagMs === null) return { status: 'not-enough-data', missing: 'the application’s event-loop delay (--probe node=http://…/metrics)' };
    const late = lagMs > LATE_MS;
    const utilization = meanOf(series('node.event_loop_utilization'), judged) ?? 0;
    const crowded = utilization >= CROWDED_UTILIZATION_PERCENT && cpuPercent !== null && cpuPercent >= CROWDED_CPU_PERCENT;
    const busy = crowded || (cpuPercent !== null && cpuPercent >= BUSY_CPU_PERCENT);
    const contradictions = late ? contradictionsOf(situation, cpuPercent) : [];
    return {
      status: 'judged',
      signs: { necessary: late, sufficient: late && busy, hardError: false, law: false, contradictions: contradictions.length },
      onsetSecond: onsetOf(lag, (value) => value > LATE_MS, 3),
      evidence: [
        { for: late, metric: 'node.event_loop_lag', observed: lagMs, limit: LATE_MS, text: `event-loop lag p99 ${say(lagMs)} ms in the median second` },
        ...cpuEvidence(cpuPercent, late, busy),
        ...(late && crowded ? [{ for: true, metric: 'node.event_loop_utilization', observed: utilization, limit: CROWDED_UTILIZATION_PERCENT, text: `its event loop is busy ${say(utilization)} % of the time` } as const] : []),
        ...contradictions,
      ],
    };
  },
};

function cpuEvidence(cpuPercent: number | null, late: boolean, busy: boolean): Evidence[] {
  if (cpuPercent === null) return [];
  return [{ for: late && busy, metric: 'node.cpu', observed: cpuPercent, limit: BUSY_CPU_PERCENT, text: `process uses ${say(cpuPercent)} % of a core` }];
}

function contradictionsOf({ series, judged }: Situation, cpuPercent: number | null): Evidence[] {
  if (cpuPercent === null || cpuPercent >= IDLE_CPU_PERCENT) return [];
  const waited = meanOf(series('node.run_queue_wait'), judged);
  const starved = waited !== null && waited >= RUN_QUEUE_WAIT_PERCENT;
  const text = starved
    ? `late with ${say(cpuPercent)} % CPU while waiting ${say(waited)} % of the time for a core: other processes starve it`
    : `late with only ${say(cpuPercent)} % CPU: something blocks the loop without computing`;
  return [{ for: false, metric: 'node.cpu', observed: cpuPercent, limit: IDLE_CPU_PERCENT, text }];
}
