import type { Source } from '../model/condition.ts';
import type { Phase, Plan, Range } from '../model/plan.ts';

/** A figure the arithmetic starts from, and where it comes from; `source: null` is the user's own. */
export interface Input extends Range {
  readonly source: Source | null;
  /** `given` on the command line, `phase` of the plan, or the plan's figures on capacity. */
  readonly from: 'given' | 'phase' | 'plan';
}

/** What a user may give; everything else is looked for in the plan. Times in ms, rates per second, shares in %. */
export interface GivenFigures {
  readonly instances?: Range;
  readonly connectionsPerInstance?: Range;
  readonly limit?: Range;
  readonly requestsPerConnection?: Range;
  readonly marginPercent?: Range;
  readonly ratePerSec?: Range;
  readonly latencyMs?: Range;
}

/**
 * The groups of a plan's `capacity` that are understood here; a plan names the figures it has.
 * `connections` and `pool` ask different questions of different figures, as documents do.
 */
const GROUPS = {
  needed: 'connections',
  each: 'pool',
  users: 'concurrentUsers',
  baseline: 'baseline',
} as const;

export type Group = keyof typeof GROUPS;

/** A figure: the user's own, else that of the phase that was asked about, else that of the plan's group. */
export function inputOf(plan: Plan, phase: Phase | null, group: Group, name: string, given: Range | undefined): Input | null {
  if (given !== undefined) return { ...given, source: null, from: 'given' };
  return fromPhase(phase, name) ?? factAt(plan.capacity, [GROUPS[group], name]);
}

/** What the phase says the system is built of, under the names the groups use. */
function fromPhase(phase: Phase | null, name: string): Input | null {
  const architecture = phase?.architecture;
  if (architecture === undefined || architecture === null) return null;
  const found: Readonly<Record<string, readonly [Range | null, string]>> = {
    instances: [architecture.instances, 'instances'],
    connectionsPerInstance: [architecture.poolPerInstance, 'poolPerInstance'],
    limit: [architecture.maxConnections, 'maxConnections'],
  };
  const [range, field] = found[name] ?? [null, ''];
  return range === null ? null : { ...range, source: architecture.sources?.[field] ?? architecture.source, from: 'phase' };
}

function factAt(facts: Readonly<Record<string, unknown>>, path: readonly string[]): Input | null {
  let inside: unknown = facts;
  for (const key of path) {
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, key)) return null;
    inside = Reflect.get(inside, key);
  }
  return isFigure(inside) ? { min: inside.min, max: inside.max, source: inside.source, from: 'plan' } : null;
}

function isFigure(value: unknown): value is Range & { readonly source: Source | null } {
  return typeof value === 'object' && value !== null && 'min' in value && typeof value.min === 'number' && 'max' in value && 'source' in value;
}

/** Whoever plans for the lower end runs out at the upper one. */
export function atMost({ min, max }: Range): number {
  return max ?? min;
}
