import { limitsOf } from '../capacity/predict.ts';
import type { BottleneckId } from '../model/bottleneck.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Run, RunStep } from '../model/run.ts';
import type { NextLimit } from '../model/stress.ts';
import { conditionsFor } from '../plan/resolve.ts';

/** A resource whose own limit lies this near to the edge is part of what broke. */
const SAME_BREAK = 1.1;

/**
 * The resource that comes after the one that broke, by the operational laws from how busy each was while everything held: its limit at the work
 * each request gives it now. Where the remedy of the first changes that work, it moves.
 */
export function nextLimit(run: Run, plan: Plan, phase: Phase, at: { readonly calm: RunStep; readonly busy: RunStep; readonly edgePerSec: number; readonly broken: readonly BottleneckId[] }): NextLimit {
  // As a test of two stages: of a search only the calm ones would be looked at.
  const { stress: _, ...facts } = run;
  const view: Run = { ...facts, steps: [at.calm, at.busy].map((step) => ({ ...step, suite: 'load' as const })) };
  const limits = limitsOf(view, conditionsFor(plan, phase, 'load'));
  if (typeof limits === 'string') return { known: false, reason: limits };
  const behind = limits.filter(({ resource, ratePerSec }) => !at.broken.includes(resource.id) && ratePerSec.mid > SAME_BREAK * at.edgePerSec);
  if (behind.length === 0) return { known: false, reason: 'no other resource that is read was busy enough for its limit to be seen' };
  const { resource, utilization, ratePerSec } = behind.reduce((a, b) => (b.ratePerSec.mid < a.ratePerSec.mid ? b : a));
  const perUser = plan.load.requestsPerUserPerMinute.max / 60;
  return {
    known: true, bottleneck: resource.id, resource: resource.name, utilization, atPerSec: at.busy.stage?.load ?? 0, ratePerSec,
    users: inUsers(ratePerSec, perUser), milestone: plan.milestones.find(({ bottleneck }) => bottleneck === resource.id)?.id ?? null,
  };
}

function inUsers({ low, mid, high }: Estimate, perUser: number): Estimate {
  return { low: Math.floor(low / perUser), mid: Math.round(mid / perUser), high: Math.ceil(high / perUser) };
}
