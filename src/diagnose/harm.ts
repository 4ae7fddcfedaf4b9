import { isAlternative } from '../model/condition.ts';
import type { Harm, Verdict } from '../model/report.ts';
import { say } from './say.ts';
import type { Situation } from './rule.ts';
import { meanOf } from './window.ts';

/** One request in a hundred failing is what users notice and talk about. */
const HARMFUL_ERROR_PERCENT = 1;
/** Completed below 95 % of what was sent: the rest is queueing up. */
const COMPLETED_SHARE = 0.95;
/** A queue is harm when the last third of the run waits behind this many more jobs than the first. */
const QUEUE_GROWTH_JOBS = 20;

/**
 * How the users were harmed; without harm no milestone is hit, however busy a server is.
 * A failed required threshold is harm by the plan's own words; the rest holds for any plan.
 */
export function harmOf(situation: Situation, verdicts: readonly Verdict[]): Harm[] {
  return [...failedThresholds(verdicts), ...risingErrors(situation), ...flatThroughput(situation), ...growingQueue(situation)];
}

function failedThresholds(verdicts: readonly Verdict[]): Harm[] {
  return verdicts.flatMap((verdict) => {
    const { condition, observed, limit } = verdict;
    const isHarm = condition.kind === 'threshold' && condition.required && verdict.status === 'fail';
    if (!isHarm || isAlternative(condition) || observed === null || limit === null) return [];
    const at = condition.scope['step'] === undefined ? '' : ` at ${condition.scope['step']}`;
    return [{ text: `${condition.text}${at} failed: ${verdict.reason}`, metric: condition.metric, observed, limit }];
  });
}

function risingErrors({ series, judged, reference }: Situation): Harm[] {
  const now = meanOf(series('http.error_rate'), judged);
  const before = reference ? (meanOf(series('http.error_rate'), reference) ?? 0) : 0;
  if (now === null || now <= HARMFUL_ERROR_PERCENT || now <= 2 * before) return [];
  return [{ text: `${say(now)} % of the requests fail, ${say(before)} % did at a quarter of the load`, metric: 'http.error_rate', observed: now, limit: HARMFUL_ERROR_PERCENT }];
}

function flatThroughput({ series, judged, sentPerSec, isPlannedLoad }: Situation): Harm[] {
  if (!isPlannedLoad) return [];
  const done = meanOf(series('http.throughput'), judged);
  const sent = meanOf(sentPerSec, judged);
  if (done === null || sent === null || done >= COMPLETED_SHARE * sent) return [];
  return [{ text: `${say(done)} of ${say(sent)} requests a second are completed`, metric: 'http.throughput', observed: done, limit: COMPLETED_SHARE * sent }];
}

function growingQueue({ series, judged: [from, to], isPlannedLoad }: Situation): Harm[] {
  if (!isPlannedLoad) return [];
  const third = Math.floor((to - from) / 3);
  const before = meanOf(series('queue.depth'), [from, from + third]);
  const after = meanOf(series('queue.depth'), [to - third, to]);
  if (before === null || after === null || after - before < QUEUE_GROWTH_JOBS) return [];
  return [{ text: `the job queue grows from ${say(before)} to ${say(after)}`, metric: 'queue.depth', observed: after, limit: before + QUEUE_GROWTH_JOBS }];
}
