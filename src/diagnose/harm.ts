import { isAlternative } from '../model/condition.ts';
import type { Harm, Verdict } from '../model/report.ts';
import { say } from './say.ts';
import type { Situation } from './rule.ts';
import { GROWTH_JOBS } from './rules/queue.ts';
import { STALE_MS } from './rules/replica-lag.ts';
import { shareBounds } from '../stats/binomial.ts';
import { eventsOf, levelOf, meanOf, medianOf, quantileOf, trendOf, type Window } from './window.ts';

/** One request in a hundred failing is what users notice and talk about. */
const HARMFUL_ERROR_PERCENT = 1;
/** Completed below 95 % of what was sent: the rest is queueing up. */
const COMPLETED_SHARE = 0.95;
/** Where a limit was broken somewhere in the run, these are the seconds it was broken in: half as slow again as when it was calm. */
const SLOWER_FACTOR = 1.5;
/** Three times as many present as in the calm quarter of the seconds, and five at least: fewer come and go by chance. */
const CROWD_FACTOR = 3;
const FEWEST_WAITING = 5;

/**
 * How the users were harmed; without harm no milestone is hit, however busy a server is.
 * A failed required threshold is harm by the plan's own words; the rest holds for any plan.
 */
export function harmOf(situation: Situation, verdicts: readonly Verdict[]): Harm[] {
  return [...failedThresholds(verdicts), ...seenHarm(situation)];
}

/**
 * Of some seconds of a run that harmed nobody on the whole: what began late harms its users all the same. Only what is counted one by
 * one: that fewer are answered than are sent is chance in so short a time. A queue that drained again and a replica that caught up have
 * shown that they can: they harm where the run ends with them.
 */
export function harmIn(situation: Situation, window: Window): Harm[] {
  const part = { ...situation, judged: window };
  const isLast = window[1] >= situation.judged[1];
  return [...risingErrors(part), ...(isLast ? [...growingQueue(part), ...staleReplica(part)] : [])];
}

/** Whether users were harmed in these seconds: of a run that breaks a limit only a part may be to blame. */
export function isHarmedIn(situation: Situation, window: Window, harm: readonly Harm[]): boolean {
  if (harm.length === 0) return harmIn(situation, window).length > 0;
  if (window[0] <= situation.judged[0] && window[1] >= situation.judged[1]) return true;
  return seenHarm({ ...situation, judged: window }).length > 0 || isSlowerIn(situation, window) || isCrowdedIn(situation, window) || isOverLimitIn(situation, window, harm);
}

function seenHarm(situation: Situation): Harm[] {
  return [...risingErrors(situation), ...flatThroughput(situation), ...growingQueue(situation), ...staleReplica(situation)];
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

/** Proven at 95 %: where ten requests a second come, one that failed by chance is more than one in a hundred of a few seconds. */
function risingErrors({ series, judged, reference }: Situation): Harm[] {
  const errors = series('http.error_rate');
  const now = meanOf(errors, judged);
  const before = reference ? (meanOf(errors, reference) ?? 0) : 0;
  if (now === null || now <= HARMFUL_ERROR_PERCENT || now <= 2 * before) return [];
  const requests = Math.round(eventsOf(errors, judged));
  if (100 * shareBounds(Math.round((now * requests) / 100), requests).low <= HARMFUL_ERROR_PERCENT) return [];
  return [{ text: `${say(now)} % of the requests fail, ${say(before)} % did at a quarter of the load`, metric: 'http.error_rate', observed: now, limit: HARMFUL_ERROR_PERCENT }];
}

function flatThroughput({ series, judged, sentPerSec, isPlannedLoad }: Situation): Harm[] {
  if (!isPlannedLoad) return [];
  const done = meanOf(series('http.throughput'), judged);
  const sent = meanOf(sentPerSec, judged);
  if (done === null || sent === null || done >= COMPLETED_SHARE * sent) return [];
  return [{ text: `${say(done)} of ${say(sent)} requests a second are completed`, metric: 'http.throughput', observed: done, limit: COMPLETED_SHARE * sent }];
}

function growingQueue({ series, judged, isPlannedLoad }: Situation): Harm[] {
  const trend = isPlannedLoad ? trendOf(series('queue.depth'), judged) : null;
  if (trend === null || trend.last - trend.first < GROWTH_JOBS || trend.middle <= trend.first || trend.last <= trend.middle) return [];
  return [{ text: `the job queue grows from ${say(trend.first)} to ${say(trend.last)}`, metric: 'queue.depth', observed: trend.last, limit: trend.first + GROWTH_JOBS }];
}

/** People read what they have just changed, and it is not there. */
function staleReplica({ series, judged }: Situation): Harm[] {
  const lagMs = medianOf(series('postgres.replica_lag'), judged);
  const behind = medianOf(series('postgres.replica_bytes_behind'), judged);
  if (lagMs === null || lagMs < STALE_MS || behind === 0) return [];
  return [{ text: `what is read from the replica is ${say(lagMs / 1000)} s old`, metric: 'postgres.replica_lag', observed: lagMs, limit: STALE_MS }];
}

/** Against the calm part of the run: the reference, or where there is none its fastest quarter. A journey alone may be the one that suffers. */
function isSlowerIn({ series, reference, judged, client }: Situation, window: Window): boolean {
  const all = [series('http.mean'), series('http.p95'), ...(client?.journeys ?? []).map(({ mean }) => mean)];
  return all.some((one) => {
    const calm = (reference ? levelOf(one, reference) : null) ?? quantileOf(one, judged, 0.25);
    const now = levelOf(one, window);
    return calm !== null && now !== null && now >= SLOWER_FACTOR * calm;
  });
}

/** Who waits has no time yet: it is counted when the answer comes, maybe when all is over. That they are present is known at once. */
function isCrowdedIn({ client, judged }: Situation, window: Window): boolean {
  const present = client?.inFlight ?? null;
  const [calm, now] = [quantileOf(present, judged, 0.25), levelOf(present, window)];
  return calm !== null && now !== null && now >= Math.max(FEWEST_WAITING, CROWD_FACTOR * calm);
}

function isOverLimitIn({ series }: Situation, window: Window, harm: readonly Harm[]): boolean {
  return harm.some(({ metric, limit }) => /^http\.(p\d+|mean|max)$/.test(metric) && (levelOf(series(metric), window) ?? 0) > limit);
}
