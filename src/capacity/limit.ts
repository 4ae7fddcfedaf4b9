import type { Condition } from '../model/condition.ts';
import type { Estimate } from '../model/estimate.ts';
import { demandOf, type Demand, type WorkedSecond } from '../stats/demand.ts';
import { atMixAsked } from '../stats/mix.ts';
import { NORMAL_95 } from '../stats/student.ts';
import { utilizationFelt } from '../stats/waiting.ts';
import { patienceOf, type LightLoad } from './light-load.ts';
import type { Resource } from './resource.ts';

/** Where one resource makes its users wait too long. */
export interface Limit {
  readonly resource: Resource;
  readonly demand: Demand;
  readonly waitSeconds: number;
  /** Busy share under the load of the run. */
  readonly utilization: number;
  readonly ratePerSec: Estimate;
}

/** As long as a confirming stage of a search under load: what is carried for a minute. */
const HORIZON_SECONDS = 60;
/** What a model of queues leaves out, as a standard error of ln(rate): measured over recordings, see docs/capacity-model.md. */
const MODEL_ERROR = 0.06;

/** The limit of one resource; null where its share of the load cannot be seen. */
export function limitOf(resource: Resource, load: LightLoad, conditions: readonly Condition[]): Limit | null {
  const { servers, queues } = resource;
  const stages = stagesOf(resource, load);
  const demand = demandOf(stages, { hasGround: resource.hasGround });
  const last = stages.at(-1);
  if (demand === null || last === undefined) return null;
  const waitSeconds = patienceOf(load, conditions, resource.leastMs);
  const utilization = last.reduce((sum, { work }) => sum + work, 0) / last.length / (servers * queues);
  return { resource, demand, waitSeconds, utilization, ratePerSec: rateAt(demand, resource, waitSeconds) };
}

/** A reading closes a second that ended up to two seconds ago, as the clocks of load and probes fall: which belongs to which, the readings show. */
const LAGS = [0, 1, 2] as const;

/** The seconds of each window, with what they would have been at the mix of journeys that the scenario asks for, where that is known. */
function stagesOf(resource: Resource, load: LightLoad): WorkedSecond[][] {
  const journeys = Object.keys(load.asked);
  if (journeys.length < 2) return secondsAt(0, resource, load);
  const found = LAGS.flatMap((lag) => {
    const counted = secondsAt(lag, resource, load).map((stage) => stage.map((one) => ({ ...one, counts: journeys.map((journey) => load.countAt(journey, one.second)) })));
    return atMixAsked(counted, journeys.map((journey) => load.asked[journey] ?? 0)) ?? [];
  });
  return found.toSorted((a, b) => a.scatter - b.scatter)[0]?.stages ?? secondsAt(0, resource, load);
}

function secondsAt(lag: number, { busy, servers, queues }: Resource, { windows, throughput }: LightLoad): (WorkedSecond & { readonly second: number })[][] {
  return windows.map(([from, to]) => Array.from({ length: Math.max(0, to - from - lag) }, (_, at) => ({
    second: from + at, requests: throughput.values[from + at] ?? Number.NaN, work: (busy.values[from + at + lag] ?? Number.NaN) * servers * queues,
  })).filter(({ requests, work }) => Number.isFinite(requests) && Number.isFinite(work)));
}

/** The rate at which a demand meets so many servers: with other servers than were measured, what another system would carry. */
export function rateAt(demand: Demand, { servers, queues }: Pick<Resource, 'servers' | 'queues'>, waitSeconds: number): Estimate {
  const rate = (burstSeconds: number): number => {
    const felt = utilizationFelt({ servers, burstSeconds, waitSeconds, horizonSeconds: HORIZON_SECONDS });
    return Math.max(0, felt * servers * queues - demand.idle) / demand.seconds;
  };
  const mid = rate(demand.burstSeconds);
  if (!(mid > 0)) return { low: 0, mid: 0, high: 0 };
  const uneven = Math.exp(NORMAL_95 * demand.burstError);
  const spread = NORMAL_95 * Math.hypot(demand.error, MODEL_ERROR);
  // Cost and burstiness are off independently of each other.
  const reach = (end: number): number => Math.exp(Math.hypot(spread, Math.log(Math.max(1e-3, end / mid))));
  return { low: mid / reach(rate(demand.burstSeconds * uneven)), mid, high: mid * reach(rate(demand.burstSeconds / uneven)) };
}
