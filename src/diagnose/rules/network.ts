import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf, quantileOf } from '../window.ts';

/** One segment in fifty sent again: TCP halves its window at every loss (Mathis 1997: throughput falls with √loss). */
const LOST_PERCENT = 2;
/** Between the application's clock and the client's lies this much, and half of what the client waits. */
const GAP_MS = 50;
const GAP_SHARE = 0.5;
/** Failed answers are not in the client's mean but in the application's: with more of them than this the two cannot be compared. */
const FAILED_PERCENT = 1;
/** A loop this late leaves connections waiting to be accepted: the time is spent at the application's door. */
const LATE_LOOP_MS = 50;
/** From here on the process has no time to accept. */
const BUSY_CPU_PERCENT = 80;

/** What users wait for lies between the client and the application: lost segments, a slow link, a proxy in the way. */
export const network: Rule = {
  id: 'network',
  remedy: 'look at the link, the load balancer and the proxies between; compress, keep connections open, move closer to the users',
  about: 'Necessary: clients wait 50 ms and twice as long as the application needs by its own clock, or 2 % of the segments are sent again. Sufficient: the former. Means are not compared where more than 1 % of the requests fail. Contradicted by: a late event loop or a process without time (connections wait at the application’s door).',
  evaluate(situation) {
    const { series, judged } = situation;
    const lost = meanOf(series('host.network_retransmits'), judged);
    const gap = gapOf(situation);
    if (lost === null && gap === null) return { status: 'not-enough-data', missing: 'the application’s own request times (--probe node=http://…/metrics) or the host’s segments (--probe host=local)' };
    const losing = lost !== null && lost >= LOST_PERCENT;
    const apart = gap !== null && gap.gapMs >= GAP_MS && gap.gapMs >= GAP_SHARE * gap.clientMs;
    const contradictions = apart ? contradictionsOf(situation) : [];
    return {
      status: 'judged',
      signs: { necessary: apart || losing, sufficient: apart, hardError: false, law: false, contradictions: contradictions.length },
      onsetSecond: losing ? onsetOf(series('host.network_retransmits'), (value) => value >= LOST_PERCENT, 3) : null,
      evidence: [
        ...(gap === null ? [] : [{ for: apart, metric: 'http.mean', observed: gap.clientMs, limit: gap.ownMs, text: `clients wait ${say(gap.clientMs)} ms, the application needs ${say(gap.ownMs)} ms` } as const]),
        ...(lost === null ? [] : [{ for: losing, metric: 'host.network_retransmits', observed: lost, limit: LOST_PERCENT, text: `${say(lost)} % of the segments were sent again` } as const]),
        ...contradictions,
      ],
    };
  },
};

function gapOf({ series, judged }: Situation): { clientMs: number; ownMs: number; gapMs: number } | null {
  const [clientMs, ownMs] = [meanOf(series('http.mean'), judged), meanOf(series('node.request_time'), judged)];
  const failed = meanOf(series('http.error_rate'), judged) ?? 0;
  return clientMs === null || ownMs === null || failed > FAILED_PERCENT ? null : { clientMs, ownMs, gapMs: clientMs - ownMs };
}

function contradictionsOf({ series, judged }: Situation): Evidence[] {
  const lagMs = quantileOf(series('node.event_loop_lag'), judged, 0.5) ?? 0;
  const cpu = meanOf(series('node.cpu'), judged) ?? 0;
  const found: Evidence[] = [];
  if (lagMs > LATE_LOOP_MS) found.push({ for: false, metric: 'node.event_loop_lag', observed: lagMs, limit: LATE_LOOP_MS, text: `the event loop is ${say(lagMs)} ms late: connections wait at the application's door` });
  if (cpu >= BUSY_CPU_PERCENT) found.push({ for: false, metric: 'node.cpu', observed: cpu, limit: BUSY_CPU_PERCENT, text: `the application uses ${say(cpu)} % of a core and has no time to accept` });
  return found;
}
