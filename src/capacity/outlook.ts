import type { Plan } from '../model/plan.ts';
import type { Outlook } from '../model/report.ts';
import type { Foreseen } from './foresee.ts';

/**
 * What comes next: the milestone whose bottleneck is foreseen, at the users that were predicted, before those that the plan expects from a number of
 * users on and that were not hit, nearest first. The plan's own figures say so: `basis: 'plan'`, no interval, no date.
 */
export function outlookFrom(plan: Plan, users: number, hit: readonly string[], foreseen: Foreseen | null = null): Outlook {
  const bottleneck = foreseen?.capacity ? foreseen.bottleneck : null;
  const next = bottleneck === null ? undefined : plan.milestones.find((milestone) => milestone.bottleneck === bottleneck && !hit.includes(milestone.id));
  const ahead = plan.milestones.filter((milestone) => milestone.users >= users && !hit.includes(milestone.id) && milestone !== next).sort((a, b) => a.users - b.users);
  const capacity = foreseen?.capacity ?? null;
  return {
    capacity,
    ...(foreseen !== null && foreseen.capacity === null ? { unknown: foreseen.reason } : {}),
    next: [
      ...(next === undefined || capacity === null ? [] : [{
        milestone: next.id, bottleneck: next.bottleneck, users: capacity.users, planUsers: next.users, date: null, beginBy: null,
        // The plan's head start keeps its share.
        prepareByUsers: next.prepareByUsers === null ? null : Math.floor(capacity.users.low * (next.prepareByUsers / next.users)),
        costMonthlyUsd: next.costMonthlyUsd, basis: 'predicted' as const,
      }]),
      ...ahead.map((milestone) => ({
        milestone: milestone.id,
        bottleneck: milestone.bottleneck,
        users: { low: milestone.users, mid: milestone.users, high: milestone.users },
        date: null,
        beginBy: null,
        prepareByUsers: milestone.prepareByUsers,
        costMonthlyUsd: milestone.costMonthlyUsd,
        basis: 'plan' as const,
      })),
    ],
  };
}
