import type { BottleneckId } from '../model/bottleneck.ts';
import type { Estimate } from '../model/estimate.ts';
import type { ForecastBasis } from '../model/forecast.ts';

/** Users of the plan at which something breaks, as a run has shown it. */
export interface ShownLimit {
  readonly users: Estimate;
  readonly basis: Exclude<ForecastBasis, 'plan'>;
  /** The run's id. */
  readonly run: string;
  /** Only this end of `users` is known. */
  readonly bound?: 'at-most' | 'at-least';
}

/** What runs have shown beside a plan's own figures. */
export interface ShownLimits {
  /** By the milestone's id; they take the place of the plan's own figures. */
  readonly milestones: ReadonlyMap<string, ShownLimit>;
  /** A limit that no milestone of the plan speaks of; the bottleneck is null where it was not diagnosed. */
  readonly unplanned: (ShownLimit & { readonly bottleneck: BottleneckId | null }) | null;
  /** Users that were carried with every threshold proven, and the bottlenecks of which that says nothing any more, because a change is about them. */
  readonly carried: { readonly users: number; readonly run: string; readonly except: ReadonlySet<BottleneckId> } | null;
  /** Where the system breaks first, or what it carried at least; null where nobody knows. */
  readonly first: Omit<ShownLimit, 'run'> | null;
}

export const NOTHING_SHOWN: ShownLimits = { milestones: new Map(), unplanned: null, carried: null, first: null };
