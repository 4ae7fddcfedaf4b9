import type { BottleneckId } from '../model/bottleneck.ts';
import type { Condition } from '../model/condition.ts';
import type { Estimate } from '../model/estimate.ts';
import type { WhatIf, WhatIfLimit } from '../model/forecast.ts';
import type { Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { cacheRoomOf } from './cache-room.ts';
import { changedRate } from './changed-rate.ts';
import { times, usersOfRows, whole } from './foresee.ts';
import { isFull, limitsOf, seenUpToRate } from './predict.ts';
import { isAbout, type Changes } from './read-changes.ts';
import { heldAgainst, type MeasuredEdge } from './what-if-edge.ts';

/**
 * The limits of a run, and what the same model says with some of its resources changed; `edge` is what broke in a search, at the users that were measured.
 * Throws nothing: what cannot be said stands in `unknown`.
 */
export function whatIf(run: Run, plan: Plan, conditions: readonly Condition[], changes: Changes, edge: MeasuredEdge | null = null): WhatIf {
  const perUser = plan.load.requestsPerUserPerMinute.max / 60;
  const rate = seenUpToRate(run);
  // What a search has carried was seen.
  const seenUpTo = rate === null ? null : Math.max(Math.floor(rate / perUser), edge?.users.high ?? 0);
  const limits = limitsOf(run, conditions);
  const seen = typeof limits === 'string' ? [] : limits;
  const busy = seen.filter((limit) => !isFull(limit)).map((limit): WhatIfLimit => {
    const users = (of: Estimate): Estimate => capped(whole(times(of, 1 / perUser)), seenUpTo);
    return { bottleneck: limit.resource.id, name: limit.resource.name, now: users(limit.ratePerSec), after: users(changedRate(limit, plan, changes)), changed: isAbout(changes, limit.resource.id) };
  });
  const cache = cacheRow(run, plan, changes);
  const modelled = typeof cache === 'string' ? busy : [...busy, cache];
  const { rows, unknown, isKnown } = heldAgainst(edge, modelled, changes);
  const full = seen.filter((limit) => isFull(limit) && !rows.some(({ bottleneck }) => bottleneck === limit.resource.id));
  const [now, after] = [edge === null ? firstOf(modelled, 'now') : firstMeasured(edge), firstOf(rows, 'after')];
  const isBeyond = after !== null && seenUpTo !== null && after.users.mid >= seenUpTo && after.users !== edge?.users;
  return {
    run: run.id, changed: changes.text, limits: rows, seenUpTo,
    now: edge === null && full.length > 0 ? null : now,
    after: full.length > 0 || !isKnown || isBeyond ? null : after,
    unknown: [
      ...(typeof limits === 'string' ? [limits] : []), ...unknown,
      ...full.map(({ resource }) => `${resource.name} was nearly always busy: a load this near to the edge has no room to learn from, and what breaks first is not told`),
      ...(typeof cache === 'string' && changes.cacheBytes !== undefined ? [cache] : []), ...unmeant(rows, changes, plan),
      ...(isBeyond ? [`what breaks first: beyond ${seenUpTo.toLocaleString('en-US')} users, twenty times this load, it may be what was too idle to be seen`] : []),
    ],
  };
}

/** The room of the cache as a row, or why there is none. */
function cacheRow(run: Run, plan: Plan, { cacheBytes }: Changes): WhatIfLimit | string {
  const room = cacheRoomOf(run);
  const then = cacheBytes === undefined ? room : cacheRoomOf(run, cacheBytes);
  if (then.users === null) return then.reason;
  const users = (of: Estimate): Estimate => whole(usersOfRows(of, plan));
  return {
    bottleneck: 'cache', name: 'the memory of the cache', now: room.users === null ? null : users(room.users), after: users(then.users), changed: cacheBytes !== undefined,
    ...(then.users.mid > 0 ? {} : { note: `Redis needs about ${(then.ground / 1e6).toFixed(1)} MB for itself` }),
  };
}

/** A figure that lies beyond what is seen is only known to be no less. */
function capped(users: Estimate, most: number | null): Estimate {
  return most === null || users.mid < most ? users : { low: most, mid: most, high: most };
}

function firstOf(rows: readonly WhatIfLimit[], of: 'now' | 'after'): WhatIf['now'] {
  const known = rows.flatMap((row) => { const users = row[of]; return users === null ? [] : [{ bottleneck: row.bottleneck, users }]; });
  return known.length === 0 ? null : known.reduce((a, b) => (b.users.mid < a.users.mid ? b : a));
}

function firstMeasured({ bottleneck, users }: MeasuredEdge): WhatIf['now'] {
  return bottleneck === null ? null : { bottleneck, users };
}

/** A change of something that the run says nothing of must not look as if it had been reckoned with. */
function unmeant(rows: readonly WhatIfLimit[], { pool, instances, replicas }: Changes, { load }: Plan): string[] {
  const has = (id: BottleneckId): boolean => rows.some(({ bottleneck }) => bottleneck === id);
  return [
    pool !== undefined && !has('db-connections') ? 'pool: no probe showed a pool that was busy enough to be seen' : null,
    instances !== undefined && !has('db-connections') && !has('node-cpu') ? 'instances: no probe showed an event loop or a pool that was busy enough to be seen' : null,
    replicas !== undefined && !has('db-connections') ? 'replicas: no probe showed a pool that was busy enough to be seen' : null,
    replicas !== undefined && load.readShare === null ? 'replicas: the plan does not say which share of the requests reads' : null,
  ].filter((one) => one !== null);
}
