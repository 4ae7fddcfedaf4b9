import type { CostBasis } from '../model/forecast.ts';
import type { Plan, Range } from '../model/plan.ts';

/** What a number of users costs a month. */
export interface Cost {
  readonly monthlyUsd: Range;
  readonly perUserUsd: Range | null;
  readonly basis: CostBasis;
}

/** Costs from one number of users to another, at both ends; `to: null` has no end. */
interface Segment {
  readonly from: Point;
  readonly to: Point | null;
}

interface Point {
  readonly users: number;
  readonly monthlyUsd: Range;
}

/**
 * The plan's cost of a number of users: its own figure where it has one, else on the straight line between two of them. A
 * cost given for a range of users rises over it from its lower end to its upper one. Null outside all figures.
 */
export function costAt(plan: Plan, users: number): Cost | null {
  const segments = segmentsOf(plan);
  const own = plan.costs.find((cost) => cost.users === users);
  const at = segments.findLast(({ from }) => from.users === users) ?? segments.find(({ to }) => to?.users === users);
  const exact = at === undefined ? null : at.from.users === users ? at.from : at.to;
  if (exact !== null) {
    const isOpen = exact.monthlyUsd.max === null;
    return { monthlyUsd: exact.monthlyUsd, perUserUsd: own?.perUserUsd === undefined || own.perUserUsd === null ? perUser(exact.monthlyUsd, users) : { min: own.perUserUsd, max: own.perUserUsd }, basis: isOpen ? 'at-least' : 'plan' };
  }
  const segment = segments.findLast(({ from, to }) => from.users < users && (to === null || users < to.users));
  if (segment === undefined) return null;
  const { from, to } = segment;
  if (to === null) return withUsers({ min: from.monthlyUsd.min, max: null }, users, 'at-least');
  const share = (users - from.users) / (to.users - from.users);
  const between = (low: number, high: number): number => low + (high - low) * share;
  const monthlyUsd = { min: between(from.monthlyUsd.min, to.monthlyUsd.min), max: between(upper(from), upper(to)) };
  const isFlat = from.monthlyUsd.min === to.monthlyUsd.min && upper(from) === upper(to);
  return withUsers(monthlyUsd, users, isFlat ? 'plan' : 'interpolated');
}

/** The largest number of users for which the plan gives a cost; null: it gives none, or it has no end. */
export function lastCostedUsers(plan: Plan): number | null {
  const ends = segmentsOf(plan).map(({ to }) => to?.users ?? Infinity);
  const last = Math.max(-Infinity, ...ends);
  return Number.isFinite(last) ? last : null;
}

/** Costs of single numbers of users are joined by lines; ranges of users stand on their own. Without either, what the phases cost. */
function segmentsOf(plan: Plan): Segment[] {
  const costs = plan.costs.length > 0 ? plan.costs : plan.phases.flatMap(({ users, costs: own }) => (own === null ? [] : [{ users, monthlyUsd: own.monthlyUsd }]));
  const points = costs.flatMap(({ users, monthlyUsd }) => (typeof users === 'number' ? [{ users, monthlyUsd }] : [])).toSorted((a, b) => a.users - b.users);
  const lines = points.slice(1).map((to, at) => ({ from: points[at] ?? to, to }));
  const single = points.length === 1 ? points.map((from) => ({ from, to: from })) : [];
  const ranges = costs.flatMap(({ users, monthlyUsd }) => (typeof users === 'number' ? [] : [rising(users, monthlyUsd)]));
  return [...single, ...lines, ...ranges].toSorted((a, b) => a.from.users - b.from.users);
}

function rising(users: Range, { min, max }: Range): Segment {
  const open = { users: users.min, monthlyUsd: { min, max: users.max === null ? null : min } };
  return { from: open, to: users.max === null ? null : { users: users.max, monthlyUsd: { min: max ?? min, max: max ?? min } } };
}

function withUsers(monthlyUsd: Range, users: number, basis: CostBasis): Cost {
  return { monthlyUsd, perUserUsd: perUser(monthlyUsd, users), basis };
}

function perUser({ min, max }: Range, users: number): Range | null {
  return users > 0 ? { min: min / users, max: max === null ? null : max / users } : null;
}

function upper({ monthlyUsd }: Point): number {
  return monthlyUsd.max ?? monthlyUsd.min;
}
