import { ScaleplanError } from '../errors.ts';
import { comparisonsOf } from '../model/condition.ts';
import type { Condition, SingleCondition } from '../model/condition.ts';
import { formatCondition } from '../model/format.ts';
import type { Milestone, Phase, Plan, SuiteId } from '../model/plan.ts';
import { didYouMean } from '../model/nearest.ts';
import { COMPLETED_SHARE } from './assumptions.ts';

/** The phase a user named; `unknown-name` lists those there are. */
export function findPhase(plan: Plan, id: string): Phase {
  const phase = plan.phases.find((candidate) => candidate.id === id) ?? plan.phases.find((candidate) => candidate.name.toLowerCase() === id.toLowerCase());
  if (phase !== undefined) return phase;
  const names = plan.phases.map((candidate) => `${candidate.id} (${candidate.name})`).join(', ');
  throw new ScaleplanError('unknown-name', `${plan.id} has no phase "${id}"${didYouMean(id, plan.phases.map(({ name }) => name))}`, { hint: `Its phases: ${names}.` });
}

/**
 * Thresholds judged on the traffic of a suite. `load` carries the phase's own, the service levels, and a throughput derived
 * from the rate where the document gives none; every other suite carries its own alone.
 * `ratePerSec` is the rate really asked for, where it is not the phase's.
 */
export function conditionsFor(plan: Plan, phase: Phase, suite: SuiteId, ratePerSec: number = phase.load.requestsPerSecond): readonly Condition[] {
  const own = plan.suites.find(({ id }) => id === suite)?.thresholds ?? [];
  if (suite !== 'load') return own;
  const stated = [...phase.thresholds, ...plan.slo, ...own];
  return namesThroughput(stated) ? stated : [...stated, derivedThroughput(ratePerSec)];
}

/** Completed ≥ 95 % of what was asked for, in requests per second. */
function derivedThroughput(ratePerSec: number): SingleCondition {
  const comparison = {
    metric: 'http.throughput', aggregate: null, scope: {}, op: '>=', value: ratePerSec * COMPLETED_SHARE,
    relativeTo: null, unit: '/s', forSeconds: null, inSeconds: null,
  } as const;
  return {
    ...comparison, kind: 'threshold', level: 'fail', required: true, reason: null,
    text: formatCondition([{ ...comparison, value: Number(comparison.value.toPrecision(3)) }]),
    source: null, place: null, assumes: ['completed-share'],
  };
}

/** Signs that are reported but are no thresholds: symptoms of every milestone, triggers and alerts. */
interface Signs {
  readonly symptoms: readonly { readonly milestone: Milestone; readonly condition: Condition }[];
  readonly triggers: readonly Condition[];
  readonly alerts: readonly Condition[];
}

export function signsFor(plan: Plan, phase: Phase): Signs {
  return {
    symptoms: plan.milestones.flatMap((milestone) => milestone.symptoms.map((condition) => ({ milestone, condition }))),
    triggers: [...phase.triggers, ...plan.triggers],
    alerts: plan.alerts,
  };
}

function namesThroughput(conditions: readonly Condition[]): boolean {
  return conditions.some((condition) => comparisonsOf(condition).some(({ metric, scope }) => metric === 'http.throughput' && Object.keys(scope).length === 0));
}
