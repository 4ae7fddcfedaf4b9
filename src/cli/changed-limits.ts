import { isAbout, type Changes } from '../capacity/read-changes.ts';
import type { ShownLimit, ShownLimits } from '../capacity/shown-limits.ts';
import { BOTTLENECKS } from '../model/bottleneck.ts';
import type { WhatIf } from '../model/forecast.ts';
import type { Plan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';

/**
 * Every milestone whose bottleneck the model speaks of, at what it says with the changes; what a change is not about stays where the run found it, and
 * what was carried says nothing of a resource that is smaller now.
 */
export function changedLimits(found: ShownLimits, { limits, seenUpTo, after }: WhatIf, plan: Plan, run: Run, changes: Changes): ShownLimits {
  const asked = plan.milestones.flatMap(({ id, bottleneck }) => limits.filter((limit) => limit.bottleneck === bottleneck && (limit.changed || !found.milestones.has(id))).map((limit): [string, ShownLimit] => {
    const isUnseen = seenUpTo !== null && limit.after.mid === seenUpTo;
    return [id, { users: limit.after, basis: limit.changed ? 'what-if' : 'predicted', run: run.id, ...(isUnseen ? { bound: 'at-least' } : {}) }];
  }));
  const { unplanned, carried } = found;
  const taken = takenAway(run, changes);
  const moved = limits.find(({ bottleneck, changed }) => changed && bottleneck === unplanned?.bottleneck);
  return {
    milestones: new Map([...found.milestones, ...asked]), unplanned: unplanned === null || moved === undefined ? unplanned : { ...unplanned, users: moved.after, basis: 'what-if' },
    carried: carried === null ? null : { ...carried, except: new Set(BOTTLENECKS.filter((id) => isAbout(taken, id))) },
    first: after === null ? null : { users: after.users, basis: limits.some((limit) => limit.changed && limit.bottleneck === after.bottleneck) ? 'what-if' : (found.first?.users.mid === after.users.mid ? found.first.basis : 'predicted') },
  };
}

/** The changes that leave less than the run had, or nobody read how much that was. */
function takenAway({ samples }: Run, { text, pool, instances, cacheBytes }: Changes): Changes {
  const pools = samples.filter(({ metric }) => metric === 'postgres.pool_max').map(({ value }) => value);
  const loops = new Set(samples.filter(({ metric }) => metric === 'node.event_loop_utilization').map(({ instance }) => instance));
  const hasPool = pool !== undefined && pools.length > 0 && pools.every((value) => value <= pool);
  const hasInstances = instances !== undefined && loops.size > 0 && loops.size <= instances;
  return {
    text, ...(pool === undefined || hasPool ? {} : { pool }), ...(instances === undefined || hasInstances ? {} : { instances }), ...(cacheBytes === undefined ? {} : { cacheBytes }),
  };
}
