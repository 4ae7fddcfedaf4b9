import type { Evidence } from '../../model/report.ts';
import type { Series } from '../../stats/series.ts';
import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { BUSY_CPU_PERCENT, loopOf } from '../signs/event-loop.ts';
import { isHostShort } from '../signs/host.ts';
import { levelOf, meanOf, onsetOf, standsFor } from '../window.ts';

/** One segment in fifty sent again: TCP halves its window at every loss (Mathis 1997: throughput falls with √loss). */
const LOST_PERCENT = 2;
/** Between the application's clock and the client's lies this much, and half of what the client waits. */
const GAP_MS = 50;
const GAP_SHARE = 0.5;
/** Failed answers are not in the client's mean but in the application's: with more of them than this the two cannot be compared. */
const FAILED_PERCENT = 1;
/** A loop this late leaves connections waiting to be accepted: the time is spent at the application's door. */
const LATE_LOOP_MS = 50;
/** A generator that reads an answer this late adds it to what it measures; in a fifth of the seconds that makes a gap of its own. */
const LATE_GENERATOR_MS = 50;
const LATE_GENERATOR_SHARE = 0.2;

/** What users wait for lies between the client and the application: lost segments, a slow link, a proxy in the way. */
export const network: Rule = {
  id: 'network',
  remedy: 'look at the link, the load balancer and the proxies between; compress, keep connections open, move closer to the users',
  metrics: ['host.network_retransmits'],
  about: {
    necessary: `clients wait ${GAP_MS} ms and twice as long as the application needs by its own clock, or ${LOST_PERCENT} % of the segments are sent again.`,
    sufficient: 'the former.',
    contradicted: ['a late event loop or a process without time (connections wait at the application’s door)', 'a host without CPU (so do the packets)', 'a load generator that is late itself'],
    remarks: `Means are not compared where more than ${FAILED_PERCENT} % of the requests fail.`,
    unread: ['whether the host has CPU left', 'anything of the event loop (then a suspicion: connections may wait at the application’s door)'],
  },
  evaluate(situation) {
    const { series, judged } = situation;
    const lost = levelOf(series('host.network_retransmits'), judged);
    const gap = gapOf(situation);
    if (lost === null && gap === null) return notEnoughData('the application’s own request times (--probe node=http://…/metrics) or the host’s segments (--probe host=local)');
    const isLosing = lost !== null && lost >= LOST_PERCENT;
    const isApart = gap !== null && areApart(gap) && areApart(meanGapOf(situation) ?? gap);
    return found({
      necessary: isApart || isLosing,
      sufficient: isApart,
      onset: (isApart ? onsetOf(gapSeries(situation), (value) => value >= GAP_MS) : null) ?? onsetOf(series('host.network_retransmits'), (value) => value >= LOST_PERCENT),
      evidence: [
        gap === null ? null : sign(isApart, 'http.mean', gap.clientMs, gap.ownMs, `clients wait ${say(gap.clientMs)} ms, the application needs ${say(gap.ownMs)} ms`),
        lost === null ? null : sign(isLosing, 'host.network_retransmits', lost, LOST_PERCENT, `${say(lost)} % of the segments were sent again`),
      ],
      contradictions: isApart ? contradictionsOf(situation) : [],
      unsettled: [isApart ? doorUnseen(situation) : null],
      unread: [levelOf(series('host.cpu'), judged) === null ? notRead('host.cpu', 'whether the host has CPU left was not read (--probe host=local)') : null],
    });
  },
};

function gapOf({ series, judged }: Situation): { clientMs: number; ownMs: number } | null {
  const [clientMs, ownMs] = [levelOf(series('http.mean'), judged), levelOf(series('node.request_time'), judged)];
  const failed = levelOf(series('http.error_rate'), judged) ?? 0;
  return clientMs === null || ownMs === null || failed > FAILED_PERCENT ? null : { clientMs, ownMs };
}

function areApart({ clientMs, ownMs }: { readonly clientMs: number; readonly ownMs: number }): boolean {
  return clientMs - ownMs >= Math.max(GAP_MS, GAP_SHARE * clientMs);
}

/** Of all requests of the window: the two clocks do not cut their seconds at the same moment, and where seconds differ much their middle ones may be others. */
function meanGapOf({ series, judged }: Situation): { clientMs: number; ownMs: number } | null {
  const [clientMs, ownMs] = [meanOf(series('http.mean'), judged), meanOf(series('node.request_time'), judged)];
  return clientMs === null || ownMs === null ? null : { clientMs, ownMs };
}

function gapSeries({ series }: Situation): Series | null {
  const [client, own] = [series('http.mean'), series('node.request_time')];
  return client === null || own === null ? null : { values: client.values.map((value, second) => value - (own.values[second] ?? Number.NaN)) };
}

/** In half of the very seconds in which clients wait longer: what begins in the middle of a window is not in its median second. */
function isLateInTheGap(situation: Situation): boolean {
  const [gap, lag, longest, busy] = [gapSeries(situation), situation.series('node.event_loop_lag'), situation.series('node.event_loop_lag_max'), situation.series('node.event_loop_utilization')];
  const at = (series: Series | null, second: number): number => series?.values[second] ?? 0;
  const isLate = (second: number): boolean => Math.max(at(lag, second), at(longest, second)) > LATE_LOOP_MS || at(busy, second) >= BUSY_CPU_PERCENT;
  const late: Series | null = gap && { values: gap.values.map((ms, second) => (ms >= GAP_MS ? Number(isLate(second)) : Number.NaN)) };
  return standsFor(0.5, late, situation.judged, (is) => is === 1);
}

/** Connections that wait to be accepted are not in the application's own clock, nor on the way: only its loop tells. */
function doorUnseen(situation: Situation): Evidence | null {
  const { lagMs, utilization, cpu } = loopOf(situation);
  return lagMs === null && utilization === null && cpu === null ? notRead('node.event_loop_lag', 'whether connections wait at the application’s door was not read (its event loop: --probe node=http://…/metrics)') : null;
}

function contradictionsOf(situation: Situation): (Evidence | null)[] {
  const { lagMs, cpu, utilization } = loopOf(situation);
  const short = isHostShort(situation);
  const isLate = standsFor(LATE_GENERATOR_SHARE, situation.series('generator.loop_lag'), situation.judged, (value) => value > LATE_GENERATOR_MS);
  return [
    lagMs !== null && (lagMs > LATE_LOOP_MS || isLateInTheGap(situation)) ? against('node.event_loop_lag', lagMs, LATE_LOOP_MS, lagMs > LATE_LOOP_MS ? `the event loop is ${say(lagMs)} ms late: connections wait at the application’s door` : 'in these very seconds the event loop is late or never rests: connections wait at the application’s door') : null,
    cpu !== null && cpu >= BUSY_CPU_PERCENT ? against('node.cpu', cpu, BUSY_CPU_PERCENT, `the application uses ${say(cpu)} % of a core and has no time to accept`) : null,
    utilization !== null && utilization >= BUSY_CPU_PERCENT ? against('node.event_loop_utilization', utilization, BUSY_CPU_PERCENT, `the event loop is occupied ${say(utilization)} % of the time: connections wait at the application’s door`) : null,
    short && { ...short, text: `${short.text}: so do packets` },
    isLate ? against('generator.loop_lag', LATE_GENERATOR_MS, LATE_GENERATOR_MS, `the generator reads answers over ${LATE_GENERATOR_MS} ms late in every fifth second`) : null,
  ];
}
