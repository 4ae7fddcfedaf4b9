import { times, whole } from '../capacity/foresee.ts';
import type { Limit } from '../capacity/limit.ts';
import type { BottleneckId } from '../model/bottleneck.ts';
import type { Plan } from '../model/plan.ts';
import type { NextLimit } from '../model/stress.ts';

/** A resource whose own limit lies this near to the edge is part of what broke. */
const SAME_BREAK = 1.1;

/**
 * The resource that comes after the one that broke, by the operational laws from how busy each was while everything held: its limit at the work
 * each request gives it now. Where the remedy of the first changes that work, it moves.
 */
export function nextLimit(limits: readonly Limit[], plan: Plan, at: { readonly atPerSec: number; readonly edgePerSec: number; readonly broken: readonly BottleneckId[] }): NextLimit {
  const behind = limits.filter(({ resource, ratePerSec }) => !at.broken.includes(resource.id) && ratePerSec.mid > SAME_BREAK * at.edgePerSec);
  if (behind.length === 0) return { known: false, reason: 'no other resource that is read was busy enough for its limit to be seen' };
  const { resource, utilization, ratePerSec } = behind.reduce((a, b) => (b.ratePerSec.mid < a.ratePerSec.mid ? b : a));
  return {
    known: true, bottleneck: resource.id, resource: resource.name, utilization, atPerSec: at.atPerSec, ratePerSec,
    users: whole(times(ratePerSec, 60 / plan.load.requestsPerUserPerMinute.max)), milestone: plan.milestones.find(({ bottleneck }) => bottleneck === resource.id)?.id ?? null,
  };
}
