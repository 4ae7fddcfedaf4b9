import type { ShownLimit, ShownLimits } from '../capacity/shown-limits.ts';
import type { BottleneckId } from '../model/bottleneck.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Milestone, Plan } from '../model/plan.ts';
import type { ShownByRun } from './shown-by-run.ts';

/** The limits that one run shows, by the milestones of a plan. Pure. */
export function limitsShown({ run, edge, broke, behind, carried }: ShownByRun, plan: Plan): ShownLimits {
  const milestoneOf = (bottleneck: BottleneckId | null): Milestone | undefined => (bottleneck === null ? undefined : plan.milestones.find((one) => one.bottleneck === bottleneck));
  const limits = new Map<string, ShownLimit>();
  const put = (bottleneck: BottleneckId | null, users: Estimate, more: Pick<ShownLimit, 'basis' | 'bound'>): void => {
    const milestone = milestoneOf(bottleneck);
    if (milestone !== undefined && !limits.has(milestone.id)) limits.set(milestone.id, { users, run: run.id, ...more });
  };
  if (edge !== null) put(edge.bottleneck, edge.users, { basis: edge.basis });
  if (behind !== null) put(behind.bottleneck, behind.users, { basis: 'predicted' });
  const brokeAt = broke === null ? null : exactly(broke.users);
  // Broken at 2,000 users, a milestone that the plan has at 500 may well lie there.
  if (broke !== null && brokeAt !== null) for (const id of broke.bottlenecks) if ((milestoneOf(id)?.users ?? 0) > broke.users) put(id, brokeAt, { basis: 'measured', bound: 'at-most' });
  const unplanned = edge !== null && milestoneOf(edge.bottleneck) === undefined ? { users: edge.users, basis: edge.basis, run: run.id, bottleneck: edge.bottleneck } : null;
  return {
    milestones: limits, unplanned, carried: carried === null ? null : { users: carried, run: run.id, except: new Set() },
    first: edge !== null ? { users: edge.users, basis: edge.basis } : brokeAt !== null ? { users: brokeAt, basis: 'measured', bound: 'at-most' } : carried !== null ? { users: exactly(carried), basis: 'measured', bound: 'at-least' } : null,
  };
}

function exactly(users: number): Estimate {
  return { low: users, mid: users, high: users };
}
