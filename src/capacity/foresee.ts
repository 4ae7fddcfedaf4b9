import type { BottleneckId } from '../model/bottleneck.ts';
import type { Condition } from '../model/condition.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Plan } from '../model/plan.ts';
import type { Outlook } from '../model/report.ts';
import type { Run } from '../model/run.ts';
import { cacheRoomOf } from './cache-room.ts';
import { predictCapacity } from './predict.ts';

/** What a run below its edge says of the edge, in users of the plan; or why it says nothing. */
export type Foreseen =
  | { readonly capacity: NonNullable<Outlook['capacity']>; readonly bottleneck: BottleneckId }
  | { readonly capacity: null; readonly reason: string };

/** The first of what is foreseen: a resource that is too busy, or a cache without room. Pure. */
export function foresee(run: Run, plan: Plan, conditions: readonly Condition[]): Foreseen {
  const perUser = plan.load.requestsPerUserPerMinute.max / 60;
  const busy = predictCapacity(run, conditions);
  const room = cacheRoomOf(run);
  const byCache = room.users === null ? null : usersOfRows(room.users, plan);
  if (byCache !== null && (busy.ratePerSec === null || byCache.mid < busy.ratePerSec.mid / perUser)) {
    const method = 'predicted from the memory a key costs and the keys there will be, against the memory the cache has; scaleplan stress measures it';
    return { bottleneck: 'cache', capacity: { ratePerSec: times(byCache, perUser), users: whole(byCache), method } };
  }
  if (busy.ratePerSec === null) return { capacity: null, reason: busy.reason };
  return { bottleneck: busy.bottleneck, capacity: { ratePerSec: busy.ratePerSec, users: whole(times(busy.ratePerSec, 1 / perUser)), method: busy.method } };
}

/** Rows of data are users who are at it at the same time; a plan that says which share of its users that is has so many more. */
export function usersOfRows(rows: Estimate, { load }: Plan): Estimate {
  return times(rows, 100 / (load.peakConcurrentShare ?? 100));
}

export function times({ low, mid, high }: Estimate, by: number): Estimate {
  return { low: low * by, mid: mid * by, high: high * by };
}

/** Whole users, each end on the careful side. */
export function whole({ low, mid, high }: Estimate): Estimate {
  return { low: Math.floor(low), mid: Math.round(mid), high: Math.ceil(high) };
}
