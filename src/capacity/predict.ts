import type { BottleneckId } from '../model/bottleneck.ts';
import type { Condition } from '../model/condition.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Run } from '../model/run.ts';
import { lightLoadOf } from './light-load.ts';
import { limitOf, type Limit } from './limit.ts';
import { resourcesOf } from './resource.ts';

/** The breaking point as the operational laws see it from a load below it; `null` with the reason where they cannot. */
export type Prediction =
  | { readonly ratePerSec: Estimate; readonly method: string; readonly resource: string; readonly bottleneck: BottleneckId }
  | { readonly ratePerSec: null; readonly reason: string };

/** From here on a resource is no longer below its limit: what it did under this load is all that can be said. */
const SATURATED = 0.85;
/** Under a twentieth of its capacity a resource is as good as idle, and its noise would decide. */
const LEAST_SEEN = 0.05;

/** The rate at which the first resource makes the users wait longer than the thresholds allow, from a run that stayed below it. */
export function predictCapacity(run: Run, conditions: readonly Condition[]): Prediction {
  const seen = limitsOf(run, conditions);
  if (typeof seen === 'string') return { ratePerSec: null, reason: seen };
  const first = seen.reduce((a, b) => (b.ratePerSec.mid < a.ratePerSec.mid ? b : a));
  const { resource: { name, id, assumption }, utilization, ratePerSec } = first;
  if (isFull(first)) return { ratePerSec: null, reason: `${name} was ${percent(utilization)} busy already: a load this near to the edge has no room to learn from; scaleplan stress searches it` };
  const taken = assumption === null ? '' : `, taken for granted ${assumption}`;
  return { ratePerSec, resource: name, bottleneck: id, method: `predicted from ${name}, ${percent(utilization)} busy under this load, by the operational laws${taken}; scaleplan stress measures it` };
}

/** Every resource whose share of the load can be seen, or why there is none. */
export function limitsOf(run: Run, conditions: readonly Condition[]): readonly Limit[] | string {
  const load = lightLoadOf(run);
  if (load === null) return 'there was no load of the open model to learn from';
  const resources = resourcesOf(run, load.windows);
  if (resources.length === 0) return 'no probe read how busy a pool, the vector search or the event loop was';
  const limits = resources.flatMap((resource) => limitOf(resource, load, conditions) ?? []).filter(({ utilization }) => utilization >= LEAST_SEEN);
  return limits.length === 0 ? 'nothing that is read was busy enough for its share of the load to be seen' : limits;
}

/** Requests/s up to which the model sees what breaks: whatever was too idle to be seen under this load may break at twenty times as much. Null without a load. */
export function seenUpToRate(run: Run): number | null {
  const load = lightLoadOf(run);
  const means = load === null ? [] : load.windows.flatMap(([from, to]) => {
    const made = [...load.throughput.values.subarray(from, to)].filter((value) => Number.isFinite(value));
    return made.length === 0 ? [] : [made.reduce((sum, value) => sum + value, 0) / made.length];
  });
  const last = means.at(-1) ?? 0;
  return last > 0 ? last / LEAST_SEEN : null;
}

export function isFull({ utilization }: Limit): boolean {
  return utilization >= SATURATED;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
