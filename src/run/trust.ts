import { arrivalsAskedAt, stageAt, type LoadShape } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';
import { meanOf, percent, sayMachine, type WatchedSecond } from './machine.ts';
import { sayRate, sayTooFew } from './overload.ts';

/** Arrivals may fall this far behind over the judged part before the load is not the one that was asked for. */
const ARRIVALS_SHARE = 0.97;
/** An event loop busy for 90 % of a second adds its own queue to every latency it measures. */
const BUSY_LOOP = 0.9;
/** A loop this late reads answers this late. */
const LATE_LOOP_MS = 100;
/** A tenth of the time in which nothing on this machine moves is in the latencies, whoever had it; the same as for a target's own host. */
const STOLEN = 0.1;
/** How much of the judged part may be spoiled so, and for how many seconds: an occasional collection is no verdict on the generator. */
const SPOILED_SHARE = 0.1;
/** Hyperfoil, too, looks at five seconds before it calls a run invalid. */
const SPOILED_SECONDS = 5;
/** So few requests that could not be sent are a moment's rush, not the load; as with arrivals, whole ones count on a light load. */
const [LACKING_SHARE, LACKING_REQUESTS] = [0.01, 2];

interface StepTraffic {
  readonly engine: RunStep['engine'];
  readonly shape: LoadShape;
  readonly intervals: readonly WatchedSecond[];
}

/**
 * What speaks against the generator, or the machine under it, in one step; empty when it can be trusted. Each reason says what this
 * machine can make and what to do.
 * A slow target does not fire these: open-model arrivals do not wait for answers, and a loop that waits is idle.
 */
export function distrust(step: StepTraffic): string[] {
  const judged = step.intervals.filter(({ second }) => stageAt(step.shape, second)?.judged === true);
  if (judged.length === 0) return [];
  return [...lateArrivals(step, judged), ...shortages(judged), ...spoiledSeconds(step, judged), ...stolenSeconds(judged)];
}

function lateArrivals({ shape, engine }: StepTraffic, judged: readonly WatchedSecond[]): string[] {
  if (shape.model !== 'open') return [];
  const asked = judged.reduce((sum, interval) => sum + arrivalsAskedAt(shape, interval.second), 0);
  const made = judged.reduce((sum, interval) => sum + interval.arrivals, 0);
  // Whole arrivals: on a light load one more or less is rounding, not lateness.
  if (made >= ARRIVALS_SHARE * asked - 2) return [];
  return [sayTooFew(engine, asked, judged)];
}

/** No port or file descriptor left on this side: the target was not asked at all, and answers in its place would be ours. */
function shortages(judged: readonly WatchedSecond[]): string[] {
  const requests = requestsIn(judged);
  const most = Math.max(LACKING_REQUESTS, LACKING_SHARE * requests);
  const lacking = (what: 'ports' | 'files'): number => judged.reduce((sum, { generator }) => sum + (generator.shortages?.[what] ?? 0), 0);
  const [ports, files] = [lacking('ports'), lacking('files')];
  if (ports + files <= most) return [];
  const sent = `${sayRate((requests - ports - files) / judged.length)} requests/s were`;
  return [
    ...(ports > 0 ? [`${ports.toLocaleString('en-US')} of ${requests.toLocaleString('en-US')} requests could not be sent, for this machine had no free port left (${sent}): connections that are kept open need fewer, a wider net.ipv4.ip_local_port_range has more, and so has a second machine`] : []),
    ...(files > 0 ? [`${files.toLocaleString('en-US')} of ${requests.toLocaleString('en-US')} requests could not be sent, for the generator had no free file descriptor left (${sent}): raise the limit before the run (ulimit -n), or use fewer users`] : []),
  ];
}

function spoiledSeconds({ engine }: StepTraffic, judged: readonly WatchedSecond[]): string[] {
  // artillery keeps its loop busy even at rest, so only lateness speaks there.
  const busy = engine === 'artillery' ? 0 : judged.filter(({ generator }) => generator.loopUtilization >= BUSY_LOOP).length;
  const late = judged.filter(({ generator }) => generator.loopLagMs > LATE_LOOP_MS).length;
  const made = `${sayRate(requestsIn(judged) / judged.length)} requests/s`;
  const advice = engine === 'k6' ? 'ask for less, or use a second machine' : 'ask for less, use a second machine, or k6 (--engine k6), which uses every core';
  const reasons: string[] = [];
  if (isSpoiled(busy, judged)) reasons.push(`the generator’s ${engine === 'k6' ? 'share of the CPUs' : 'event loop'} was saturated in ${busy} of ${judged.length} judged seconds, at ${made}, which is what it can make here: ${advice}`);
  if (isSpoiled(late, judged)) reasons.push(`the generator was more than ${LATE_LOOP_MS} ms late in ${late} of ${judged.length} judged seconds, at ${made}${sayMachine(judged)}: ${advice}, and let nothing else run on this one`);
  return reasons;
}

function stolenSeconds(judged: readonly WatchedSecond[]): string[] {
  const stolen = judged.filter(({ machine }) => (machine?.stolen ?? 0) >= STOLEN);
  if (!isSpoiled(stolen.length, judged)) return [];
  return [`the hypervisor gave ${percent(meanOf(stolen, ({ stolen: share }) => share))} of this machine’s CPU time to others in ${stolen.length} of ${judged.length} judged seconds, and every pause is in the latencies: make the load from a machine with cores of its own`];
}

function isSpoiled(seconds: number, judged: readonly WatchedSecond[]): boolean {
  return seconds > Math.max(SPOILED_SECONDS - 1, SPOILED_SHARE * judged.length);
}

function requestsIn(intervals: readonly WatchedSecond[]): number {
  return intervals.reduce((sum, { rows }) => sum + rows.reduce((total, row) => total + row.requests, 0), 0);
}
