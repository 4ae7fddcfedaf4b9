import type { SuiteId } from './plan.ts';

/** What is held against each other, for each journey; percentiles in ms. */
export const COMPARED_METRICS = ['http.p50', 'http.p95', 'http.p99', 'http.error_rate', 'http.throughput'] as const;
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

/** The traffic a difference speaks of; without a journey all of the suite's. */
export interface ComparedScope {
  readonly suite: SuiteId;
  /** Only where the suite has several scenario files. */
  readonly scenario?: string;
  readonly journey?: string;
  /** Only in the unit suite, where each endpoint is loaded alone. */
  readonly step?: string;
}

export type DifferenceStatus = 'better' | 'worse' | 'same' | 'cannot-tell';

export interface Change {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** What it would take to tell. Null: it would not help, or nobody knows. */
export interface Need {
  readonly runsPerSide: number | null;
  /** How many times as long each run would have to be, with as many runs. */
  readonly timesAsLong: number | null;
}

/** One metric of one journey, base against head. */
export interface Difference {
  readonly scope: ComparedScope;
  readonly metric: ComparedMetric;
  /** In the metric's unit; of several runs the geometric mean, of error rates the pooled share. */
  readonly base: number | null;
  readonly head: number | null;
  /**
   * Change from base to head with its one-sided 95 % bounds: percent of the base; of `http.error_rate`, which may be 0, percentage points.
   * Null where a side has no value.
   */
  readonly changePercent: Change | null;
  readonly status: DifferenceStatus;
  /** Probability of so large a change to the worse, or to the better, anywhere in this comparison, were nothing changed. */
  readonly pWorse: number | null;
  readonly pBetter: number | null;
  readonly reason: string;
  /** Only of `cannot-tell`. */
  readonly need: Need | null;
}

/** Runs against runs. Never judges runs that differ in more than the version unless it was told to. */
export interface Comparison {
  readonly kind: 'runs' | 'duet';
  readonly comparable: boolean;
  /** Why they must not be compared; a comparison that was forced keeps them. */
  readonly reasons: readonly string[];
  /** What differs without forbidding it, and what was left out. */
  readonly notes: readonly string[];
  readonly base: readonly string[];
  readonly head: readonly string[];
  /** The change that matters, in percent. */
  readonly thresholdPercent: number;
  /** How it was decided, and what the noise between runs was taken from. */
  readonly method: string;
  readonly differences: readonly Difference[];
}
