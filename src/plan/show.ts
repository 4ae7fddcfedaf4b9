import { dirname, relative } from 'node:path';

import type { Condition } from '../model/condition.ts';
import type { Decision, Plan } from '../model/plan.ts';
import { conditionsFor } from './resolve.ts';

/** What `plan show --json` prints: the contract's keys, phases with the throughput that is derived for them. */
export function showPlan(plan: Plan): Readonly<Record<string, unknown>> {
  return {
    id: plan.id, title: plan.title, source: plan.source, load: plan.load,
    phases: plan.phases.map((phase) => ({
      ...phase,
      // As the plan file names them: an absolute path would say more about this machine than about the plan.
      steps: phase.steps.map((step) => ({ ...step, scenario: relative(dirname(plan.file), step.scenario).replaceAll('\\', '/'),
      })),
      thresholds: [...phase.thresholds, ...derivedFor(plan, phase)].map(showCondition),
      triggers: phase.triggers.map(showCondition),
    })),
    milestones: plan.milestones.map((milestone) => ({ ...milestone, symptoms: milestone.symptoms.map(showCondition) })),
    triggers: plan.triggers.map(showCondition),
    alerts: plan.alerts.map(showCondition),
    slo: plan.slo.map(showCondition),
    suites: plan.suites.map((suite) => ({ ...suite, thresholds: suite.thresholds.map(showCondition) })),
    costs: plan.costs, capacity: plan.capacity, decisions: plan.decisions, roadmap: plan.roadmap, checklist: plan.checklist,
    assumptions: plan.assumptions, notes: plan.notes, omitted: plan.omitted,
    experiments: plan.experiments, application: plan.application,
    decisionTrees: plan.decisionTrees.map((tree) => ({ ...tree, root: showDecision(tree.root) })),
  };
}

function derivedFor(plan: Plan, phase: Plan['phases'][number]): readonly Condition[] {
  return conditionsFor(plan, phase, 'load').filter(({ source, assumes }) => source === null && assumes.includes('completed-share'));
}

function showDecision(decision: Decision): unknown {
  if ('outcome' in decision) return decision;
  return { ask: showCondition(decision.ask), yes: showDecision(decision.yes), no: showDecision(decision.no) };
}

/** A condition without its place in our file: that is for annotations, not for readers of the plan. */
function showCondition<T extends Condition>(condition: T): Omit<T, 'place'> {
  const { place: _place, ...shown } = condition;
  return shown;
}
