import { found, notEnoughData, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { levelOf, meanOf, onsetOf, quantileOf, standsFor } from '../window.ts';

/** One journey in a hundred that comes late is noise of the clock; more of them, and the load is another one. */
const MISSING_SHARE = 0.01;
/** A loop this late reads answers this late: it is in every latency. */
const LATE_MS = 100;
/** One second in ten; what makes a run invalid is decided on all of it, when it is run. */
const LATE_SHARE = 0.1;
/** A loop busy for 90 % of the time has a queue of its own in front of every answer. */
const BUSY_PERCENT = 90;

/** The load generator itself is the limit: what it measures is its own queue. */
export const generator: Rule = {
  id: 'generator',
  remedy: 'a stronger or a second machine for the load, an engine that needs less CPU for a request, or less load',
  metrics: ['generator.cpu', 'generator.loop_utilization', 'generator.loop_lag'],
  about: {
    necessary: `more than ${MISSING_SHARE * 100} % of the journeys asked for were not started, or the generator’s event loop is ${LATE_MS} ms late in ${LATE_SHARE * 100} % of the seconds, or busy ${BUSY_PERCENT} % of the time.`,
    sufficient: 'the run is invalid for it: the load was not the one that was asked for, or the measurement was late by itself (decided for all of the judged part, when it is run).',
    contradicted: [],
    remarks: 'It comes before all others: a run that it spoiled says nothing about the target. In a valid run it is a suspicion at most.',
  },
  evaluate(situation) {
    const { series, judged } = situation;
    const missing = missingShare(situation);
    const lag = series('generator.loop_lag');
    const busy = levelOf(series('generator.loop_utilization'), judged);
    if (missing === null && lag === null && busy === null) return notEnoughData('the load tool’s own record of its schedule');
    const isBehind = missing !== null && missing > MISSING_SHARE;
    const isLate = standsFor(LATE_SHARE, lag, judged, (value) => value > LATE_MS);
    const isBusy = busy !== null && busy >= BUSY_PERCENT;
    const lagMs = quantileOf(lag, judged, 1 - LATE_SHARE);
    return found({
      necessary: isBehind || isLate || isBusy,
      sufficient: false,
      onset: onsetOf(lag, (value) => value > LATE_MS) ?? onsetOf(series('generator.loop_utilization'), (value) => value >= BUSY_PERCENT),
      evidence: [
        missing === null ? null : sign(isBehind, 'generator.loop_lag', missing * 100, MISSING_SHARE * 100, isBehind ? `${say(missing * 100)} % of the journeys asked for were not started` : 'it started every journey that was asked for'),
        lagMs === null ? null : sign(isLate, 'generator.loop_lag', lagMs, LATE_MS, `its event loop was less than ${say(lagMs)} ms late in nine of ten seconds`),
        busy === null ? null : sign(isBusy, 'generator.loop_utilization', busy, BUSY_PERCENT, `its event loop was busy ${say(busy)} % of the time`),
      ],
    });
  },
};

/** Of the journeys asked for; null in the closed model, where a connection has no arrivals. Whole journeys: one or two are rounding. */
function missingShare({ client, judged }: Situation): number | null {
  const [made, asked] = [meanOf(client?.arrivals?.made ?? null, judged), meanOf(client?.arrivals?.asked ?? null, judged)];
  if (made === null || asked === null || asked <= 0) return null;
  const rounding = 2 / (judged[1] - judged[0]);
  return Math.max(0, asked - made - rounding) / asked;
}
