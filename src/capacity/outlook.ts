import type { Plan } from '../model/plan.ts';
import type { Outlook } from '../model/report.ts';

/**
 * The milestones that the plan expects from a number of users on and that were not hit, nearest first.
 * Until a capacity model stands on measurements, the figures are the plan's own and say so: `basis: 'plan'`, no interval, no date.
 */
export function outlookFrom(plan: Plan, users: number, hit: readonly string[]): Outlook {
  const ahead = plan.milestones.filter((milestone) => milestone.users >= users && !hit.includes(milestone.id)).sort((a, b) => a.users - b.users);
  return {
    capacity: null,
    next: ahead.map((milestone) => ({
      milestone: milestone.id,
      bottleneck: milestone.bottleneck,
      users: { low: milestone.users, mid: milestone.users, high: milestone.users },
      date: null,
      beginBy: null,
      prepareByUsers: milestone.prepareByUsers,
      costMonthlyUsd: milestone.costMonthlyUsd,
      basis: 'plan',
    })),
  };
}
