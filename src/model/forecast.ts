import type { BottleneckId } from './bottleneck.ts';
import type { Source } from './condition.ts';
import type { Range } from './plan.ts';
import type { Estimate } from './report.ts';

/** A UTC day, as in 2026-03-01. */
export type Day = string;

/** Days by which a number of users is reached; null where it never is, or not within a hundred years. One-sided 95 % bounds. */
export interface DayEstimate {
  readonly low: Day | null;
  readonly mid: Day | null;
  readonly high: Day | null;
}

/** How the number of users moves, and how that is known. */
export interface Growth {
  /** `exponential`: by a share each month; `linear`: by a number of users each month. */
  readonly model: 'exponential' | 'linear';
  /** Share of the users in %, or users, each month; negative where they go away. */
  readonly perMonth: number;
  readonly text: string;
  /** Null where it was given and not fitted. */
  readonly fit: {
    readonly points: number;
    /** How many independent readings they are worth: users of one month are those of the last and some. */
    readonly effectivePoints: number;
    /** Akaike's criterion of both models; the smaller one was chosen. Null where a model does not fit the data at all. */
    readonly aic: { readonly exponential: number | null; readonly linear: number };
    readonly firstDay: Day;
    readonly lastDay: Day;
  } | null;
}

/** Where a number of users comes from: the document; a search; a load below the edge; the model of a run with resources changed. */
export type ForecastBasis = 'plan' | 'measured' | 'predicted' | 'what-if';

export interface ForecastMilestone {
  /** The plan's; `first-limit` where a run broke of something that no milestone of the plan speaks of. */
  readonly id: string;
  readonly title: string;
  readonly bottleneck: BottleneckId | null;
  /** The plan's own figure, until runs say otherwise. */
  readonly users: Estimate;
  readonly basis: ForecastBasis;
  /** The run that says so; absent where the plan does. */
  readonly run?: string;
  /** What the plan says where `users` was measured; absent where it is the plan's own, or the plan says nothing. */
  readonly planUsers?: number;
  /** Of `users` only this end is known: the run broke at that load, or its model sees no further. */
  readonly bound?: 'at-most' | 'at-least';
  /** There are more users already. */
  readonly overdue?: true;
  /** So many were carried without it, more than the plan expects: it lies somewhere beyond them. `date.low` is when they are reached; `mid` and `beginBy` are null. */
  readonly carried?: { readonly users: number; readonly run: string };
  readonly date: DayEstimate;
  readonly prepareByUsers: number | null;
  readonly leadTimeWeeks: Range | null;
  /** The remedy must begin on this day: prepare-by at its earliest, less the longest lead time. */
  readonly beginBy: Day | null;
  readonly late: boolean;
  readonly remedy: string;
  readonly costMonthlyUsd: Range | null;
  readonly source: Source | null;
}

export interface ForecastPhase {
  readonly id: string;
  readonly name: string;
  readonly users: Range;
  readonly status: 'past' | 'now' | 'ahead';
  /** When it begins; null for a phase that has begun. */
  readonly date: DayEstimate | null;
  /** When the plan's own roadmap has it, in the plan's words; null where it has none. */
  readonly timeline: string | null;
  /** Its last user against the first limit that runs showed; null where none did. */
  readonly limit: PhaseLimit | null;
}

/** `uncertain`: the end of the phase lies within the bounds of the limit, or on the side of it that is not known. */
export interface PhaseLimit {
  readonly status: 'within' | 'uncertain' | 'beyond';
  readonly users: Estimate;
  readonly basis: ForecastBasis;
  /** Of `users` only this end is known: a run broke there, or carried so many. */
  readonly bound?: 'at-most' | 'at-least';
}

/** What the plan says, or what lies on the straight line between two of its figures. */
export type CostBasis = 'plan' | 'interpolated' | 'at-least';

export interface ForecastCost {
  readonly date: Day;
  readonly users: number;
  /** Null beyond the plan's figures. */
  readonly monthlyUsd: Range | null;
  readonly perUserUsd: Range | null;
  readonly basis: CostBasis | null;
}

/** A figure as large as `seenUpTo` is at least that. */
export interface WhatIfLimit {
  readonly bottleneck: BottleneckId;
  readonly name: string;
  readonly now: Estimate | null;
  readonly after: Estimate;
  /** Whether one of the changes is about it. */
  readonly changed: boolean;
  /** What it rests on, where that is not the model alone. */
  readonly note?: string;
}

/** What the model of a run says with resources changed; `null` where nothing is known. Users of the plan. */
export interface WhatIf {
  readonly run: string;
  /** The changes as they were written. */
  readonly changed: string;
  readonly limits: readonly WhatIfLimit[];
  /** Beyond these users whatever was less than a twentieth busy may break first, and nobody saw it: figures end here. Null where no load says. */
  readonly seenUpTo: number | null;
  /** What breaks first as it is, and with the changes; null where that is not known. */
  readonly now: { readonly bottleneck: BottleneckId; readonly users: Estimate } | null;
  readonly after: { readonly bottleneck: BottleneckId; readonly users: Estimate } | null;
  /** What could not be reckoned with, and why. */
  readonly unknown: readonly string[];
}

/** How the capacity itself moves from run to run. */
export interface CapacityTrend {
  readonly runs: readonly { readonly id: string; readonly date: Day; readonly users: Estimate }[];
  /** Change of the capacity in a month, %; 90 % bounds. */
  readonly percentPerMonth: Estimate;
  readonly direction: 'growing' | 'shrinking' | 'not-told';
  /** The day on which the users reach it, should both go on; null: never, or not within a hundred years. */
  readonly meets: Day | null;
}

/** What comes when, from a plan and the growth of its users. */
export interface Forecast {
  readonly plan: string;
  readonly title: string;
  readonly now: { readonly date: Day; readonly users: number };
  readonly growth: Growth;
  /** Those ahead, the nearest first. */
  readonly milestones: readonly ForecastMilestone[];
  /** Ids of milestones whose number of users is behind us. */
  readonly passed: readonly string[];
  readonly phases: readonly ForecastPhase[];
  readonly costs: readonly ForecastCost[];
  /** Users on the first day of each month, with their bounds. */
  readonly users: readonly ({ readonly date: Day } & Estimate)[];
  /** Of several runs. */
  readonly capacityTrend?: CapacityTrend;
  /** Where a change was asked for. */
  readonly whatIf?: WhatIf;
  readonly notes: readonly string[];
}
