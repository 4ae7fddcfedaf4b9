import { totalmem } from 'node:os';
import type { ClosedStage, LoadShape, OpenStage } from '../../model/load.ts';
import type { FlowStep, Scenario } from '../../model/scenario.ts';

/** Rates may have fractions, k6 takes whole numbers per unit of time: a ten-thousandth of a journey per second is fine enough. */
const RATE_UNIT_SECONDS = 10_000;
/** Half a journey in a millisecond, before the first stage: see `arrivals`. */
const HALF_A_JOURNEY_PER_SEC = 500;
/** Measured: a virtual user of the generated script, with its JavaScript runtime and its connection. */
const USER_BYTES = 400_000;
/** For k6 to set its users going: 0.1 s for 3,000 of them. With no arrivals left k6 does not wait for the end of it. */
const LATE_START_SECONDS = 60;
/** The machine has the target's client, and often the target, to carry, too. */
const MEMORY_SHARE = 0.25;
/** A journey ends by itself; this is patience with a machine that is late. */
const SPARE_SECONDS = 5;
/** What a user's own script may take that nobody knows: think times and several requests. */
const NATIVE_JOURNEY_SECONDS = 30;

/** The options of the generated script: everything about the load, nothing about the requests. */
export function k6Options({ shape, scenario, timeoutMs, isEndpoint }: { readonly shape: LoadShape; readonly scenario: Scenario; readonly timeoutMs: number; readonly isEndpoint: boolean }): Record<string, unknown> {
  const longest = longestJourneySeconds(scenario, timeoutMs);
  const executor = shape.model === 'open' ? arrivals(shape.stages, meanLongestSeconds(scenario, timeoutMs), longest, scenario.journeys.length === 0) : users(shape.stages, longest);
  return {
    scenarios: { scaleplan: executor },
    // What `before` may take: a time-out for each of its requests.
    setupTimeout: seconds(flowSeconds(scenario.before, timeoutMs) + 60),
    // An arrival is a new user with a connection of its own, as in artillery; in the closed model users stay and keep theirs.
    noVUConnectionReuse: shape.model === 'open',
    // A session lasts for several rounds where an endpoint is measured alone; else it ends with the journey.
    noCookiesReset: isEndpoint,
  };
}

/**
 * Every stage runs at its own rate from its first moment, so a change between two is a stage of no length. Journeys come when they are
 * due; users enough for every answer to time out are made beforehand, for k6 skips arrivals while it makes new ones.
 * k6 starts a journey when one is due in full, the last one of a load at its very end, where it is lost: half a one in advance makes
 * the count round to the nearest and lets the last one come half an interval before the end.
 */
function arrivals(stages: readonly OpenStage[], meanSeconds: number, longestSeconds: number, isNative: boolean): Record<string, unknown> {
  const peak = Math.max(0, ...stages.flatMap(({ arrivalsPerSec: { from, to } }) => [from, to]));
  const mostUsers = Math.ceil((totalmem() * MEMORY_SHARE) / USER_BYTES);
  // Little's law, with a tenth and some more for chance.
  const usersFor = (seconds: number): number => Math.min(mostUsers, Math.ceil(peak * seconds * 1.1) + 10);
  const needed = usersFor(meanSeconds);
  return {
    executor: 'ramping-arrival-rate',
    timeUnit: `${RATE_UNIT_SECONDS}s`,
    startRate: rate(HALF_A_JOURNEY_PER_SEC),
    stages: [
      { target: rate(HALF_A_JOURNEY_PER_SEC), duration: '1ms' },
      ...stages.flatMap(({ durationSeconds, arrivalsPerSec: { from, to } }, at) => [
        ...(at === 0 || stages[at - 1]?.arrivalsPerSec.to !== from ? [{ target: rate(from), duration: '0s' }] : []),
        { target: rate(to), duration: seconds(durationSeconds) },
      ]),
      // k6's clock begins before its users are ready and its schedule after; without this the end of the schedule would be cut off.
      { target: 0, duration: '0s' }, { target: 0, duration: seconds(LATE_START_SECONDS) },
    ],
    preAllocatedVUs: needed,
    // Nobody knows how long a script of the user's own thinks; what goes beyond its requests' time-out is made as it is needed.
    maxVUs: isNative ? usersFor(longestSeconds) : needed,
    gracefulStop: seconds(longestSeconds + SPARE_SECONDS),
  };
}

/**
 * When the first journey of an open load is due, in seconds from its beginning: by it the extension knows that beginning, which k6
 * does not tell. Half a journey is there already, so it is when the other half has come together.
 */
export function firstArrivalSeconds(stages: readonly OpenStage[]): number {
  let missing = 0.5;
  let start = 0;
  for (const { durationSeconds, arrivalsPerSec: { from, to } } of stages) {
    const area = ((from + to) / 2) * durationSeconds;
    if (area >= missing) {
      // from·t + slope·t²/2 = missing, solved for t in the form that also holds for a slope of 0.
      const slope = (to - from) / durationSeconds;
      return start + (2 * missing) / (from + Math.sqrt(from * from + 2 * slope * missing));
    }
    missing -= area;
    start += durationSeconds;
  }
  return start;
}

function users(stages: readonly ClosedStage[], longestSeconds: number): Record<string, unknown> {
  return {
    executor: 'ramping-vus',
    startVUs: stages[0]?.users ?? 0,
    stages: [
      ...stages.flatMap(({ users: target, durationSeconds }, at) => [
        ...(at > 0 && stages[at - 1]?.users !== target ? [{ target, duration: '0s' }] : []),
        { target, duration: seconds(durationSeconds) },
      ]),
      // The extension lets nobody begin anything behind the planned end, lets the rest end and then ends the run.
      { target: stages.at(-1)?.users ?? 0, duration: seconds(longestSeconds + 2 * SPARE_SECONDS) },
    ],
    gracefulRampDown: seconds(longestSeconds + SPARE_SECONDS),
    gracefulStop: seconds(longestSeconds + SPARE_SECONDS),
  };
}

/** The longest that a journey can take: every request up to its time-out. */
export function longestJourneySeconds({ journeys }: Scenario, timeoutMs: number): number {
  if (journeys.length === 0) return NATIVE_JOURNEY_SECONDS + timeoutMs / 1000;
  return Math.max(...journeys.map(({ flow }) => flowSeconds(flow, timeoutMs)));
}

function meanLongestSeconds({ journeys }: Scenario, timeoutMs: number): number {
  if (journeys.length === 0) return timeoutMs / 1000;
  const total = journeys.reduce((sum, { weight }) => sum + weight, 0);
  return journeys.reduce((sum, { weight, flow }) => sum + weight * flowSeconds(flow, timeoutMs), 0) / total;
}

function flowSeconds(flow: readonly FlowStep[], timeoutMs: number): number {
  return flow.reduce((sum, step) => {
    switch (step.type) {
      // A request without an answer ends the journey; each of the others may have taken nearly as long.
      case 'request': return sum + timeoutMs / 1000;
      case 'think': return sum + step.seconds;
      case 'loop': return sum + step.count * flowSeconds(step.flow, timeoutMs);
      case 'log': return sum;
    }
  }, 0);
}

function rate(perSecond: number): number {
  return Math.round(perSecond * RATE_UNIT_SECONDS);
}

function seconds(value: number): string {
  return `${Math.round(value * 1000)}ms`;
}
