import { comparisonsOf } from '../model/condition.ts';
import type { Plan } from '../model/plan.ts';
import type { DiagnosedBottleneck, Verdict } from '../model/report.ts';
import type { Rule } from './rule.ts';

/** The plan's milestone for this bottleneck; of several one whose symptoms are seen, and of these the one nearest to the users the load stands for. */
export function milestoneOf(rule: Rule, plan: Plan, users: number, verdicts: readonly Verdict[]): DiagnosedBottleneck['milestone'] & { remedy: string } | null {
  const distance = (at: number): number => Math.abs(Math.log(Math.max(1, at) / Math.max(1, users)));
  const own = plan.milestones.filter(({ bottleneck }) => bottleneck === rule.id);
  const [milestone] = own.toSorted((a, b) => seenOf(b, verdicts) - seenOf(a, verdicts) || distance(a.users) - distance(b.users));
  if (milestone === undefined) return null;
  return {
    plan: plan.id,
    id: milestone.id,
    users: milestone.users,
    prepareByUsers: milestone.prepareByUsers,
    hitAtUsers: users,
    usersEarly: milestone.users - users,
    leadTimeWeeks: milestone.leadTimeWeeks,
    costMonthlyUsd: milestone.costMonthlyUsd,
    remedy: milestone.remedy,
  };
}

/** Symptoms of a milestone that the run shows. */
function seenOf({ symptoms }: Plan['milestones'][number], verdicts: readonly Verdict[]): number {
  const fired = verdicts.filter(({ condition, status }) => condition.kind === 'symptom' && status === 'fired');
  return symptoms.filter(({ text, source }) => fired.some(({ condition }) => condition.text === text && condition.source?.line === source?.line)).length;
}

/** The plan's trigger or alert that speaks of this bottleneck by one of its metrics; one that fired goes before one that did not. */
export function triggerOf(rule: Rule, plan: Plan, verdicts: readonly Verdict[]): DiagnosedBottleneck['trigger'] {
  const speaking = verdicts.filter(({ condition }) => (condition.kind === 'trigger' || condition.kind === 'alert')
    && comparisonsOf(condition).some(({ metric }) => rule.metrics.includes(metric)));
  const verdict = speaking.find(({ status }) => status === 'fired') ?? speaking.find(({ status }) => status === 'not-fired') ?? speaking[0];
  if (verdict === undefined) return null;
  const { condition } = verdict;
  const listed = plan.triggers.find(({ text, source }) => text === condition.text && source?.line === condition.source?.line);
  return { text: condition.text, status: verdict.status, action: listed?.action ?? null, timeline: listed?.timeline ?? null, source: condition.source };
}
