import type { Condition } from '../model/condition.ts';
import type { Estimate } from '../model/estimate.ts';
import type { WhatIf } from '../model/forecast.ts';
import type { Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { cacheRoomOf } from './cache-room.ts';
import { times, usersOfRows, whole } from './foresee.ts';
import { rateAt, type Limit } from './limit.ts';
import { isFull, limitsOf } from './predict.ts';
import type { Changes } from './read-changes.ts';

/** The limits of a run, and what the same model says with some of its resources changed. Throws nothing: what cannot be said stands in `unknown`. */
export function whatIf(run: Run, plan: Plan, conditions: readonly Condition[], changes: Changes): WhatIf {
  const perUser = plan.load.requestsPerUserPerMinute.max / 60;
  const limits = limitsOf(run, conditions);
  const unknown: string[] = [];
  if (typeof limits === 'string') unknown.push(limits);
  const seen = typeof limits === 'string' ? [] : limits;
  unknown.push(...seen.filter(isFull).map(({ resource }) => `${resource.name} was nearly always busy: a load this near to the edge has no room to learn from`));
  const rows: WhatIf['limits'][number][] = seen.filter((limit) => !isFull(limit)).map((limit) => {
    const changed = changedRate(limit, plan, changes);
    return { bottleneck: limit.resource.id, name: limit.resource.name, now: whole(times(limit.ratePerSec, 1 / perUser)), after: whole(times(changed, 1 / perUser)) };
  });
  const room = cacheRoomOf(run);
  const bigger = changes.cacheBytes === undefined ? room : cacheRoomOf(run, changes.cacheBytes);
  if (bigger.users !== null) rows.push({ bottleneck: 'cache', name: 'the memory of the cache', now: room.users === null ? null : whole(usersOfRows(room.users, plan)), after: whole(usersOfRows(bigger.users, plan)) });
  else if (changes.cacheBytes !== undefined) unknown.push(bigger.reason);
  unknown.push(...unmeant(rows, changes, plan));
  const first = (of: 'now' | 'after'): WhatIf['now'] => {
    const known = rows.flatMap((row) => { const users = row[of]; return users === null ? [] : [{ bottleneck: row.bottleneck, users }]; });
    return known.length === 0 ? null : known.reduce((a, b) => (b.users.mid < a.users.mid ? b : a));
  };
  return { run: run.id, changed: changes.text, limits: rows, now: first('now'), after: first('after'), unknown };
}

/**
 * The rate that breaks a resource with other servers: of the pool its connections, of pool and event loop the instances. With replicas each reads
 * its share of what is read, with a pool of the same size for each database; writes stay where they are.
 */
function changedRate({ resource, demand, waitSeconds }: Limit, { load }: Plan, { pool, instances, replicas }: Changes): Estimate {
  const isPool = resource.id === 'db-connections';
  const isInstance = isPool || resource.id === 'node-cpu';
  const queues = isInstance ? (instances ?? resource.queues) : resource.queues;
  const servers = isPool ? (pool ?? resource.servers) : resource.servers;
  // What keeps an instance busy without requests does so in each of them.
  const idle = (demand.idle * queues) / resource.queues;
  const read = (load.readShare ?? 0) / 100;
  const shares = isPool && replicas !== undefined && replicas > 0 && read > 0 ? [1 - read, read / replicas] : [1];
  const rates = shares.filter((share) => share > 0).map((share) => rateAt({ ...demand, idle, seconds: demand.seconds * share }, { servers, queues }, waitSeconds));
  return rates.reduce((a, b) => (b.mid < a.mid ? b : a));
}

/** A change of something that the run says nothing of must not look as if it had been reckoned with. */
function unmeant(rows: WhatIf['limits'], { pool, instances, replicas }: Changes, { load }: Plan): string[] {
  const has = (id: string): boolean => rows.some(({ bottleneck }) => bottleneck === id);
  return [
    pool !== undefined && !has('db-connections') ? 'pool: no probe showed a pool that was busy enough to be seen' : null,
    instances !== undefined && !has('db-connections') && !has('node-cpu') ? 'instances: no probe showed an event loop or a pool that was busy enough to be seen' : null,
    replicas !== undefined && !has('db-connections') ? 'replicas: no probe showed a pool that was busy enough to be seen' : null,
    replicas !== undefined && load.readShare === null ? 'replicas: the plan does not say which share of the requests reads' : null,
  ].filter((one) => one !== null);
}
