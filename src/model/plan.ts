import type { ApplicationId } from './application.ts';
import type { BottleneckId } from './bottleneck.ts';
import type { LoadSpec } from './load-spec.ts';
import type { Condition, Source } from './condition.ts';

/** A range of figures; an open end (`10,000+`) is `max: null`. */
export interface Range {
  readonly min: number;
  readonly max: number | null;
}

export type SuiteId = 'unit' | 'integration' | 'load' | 'stress';
export type EngineName = 'autocannon' | 'artillery' | 'k6';

/** A figure or statement taken from the document as it is; `source` is its address. */
export interface Cited {
  readonly source: Source | null;
  /** Addresses of its single figures, by field name, where it has several. */
  readonly sources?: Readonly<Record<string, Source>>;
}

/** What a suite of a phase runs: one scenario file on one engine. */
export interface PlanStep {
  readonly suite: SuiteId;
  /** Path of the Artillery script, absolute after loading. */
  readonly scenario: string;
  readonly engine: EngineName;
  readonly model: 'open' | 'closed';
  /** The one profile this step belongs to; absent: all that no other step of its suite claims. */
  readonly profile?: 'quick' | 'documented' | 'as-written';
  readonly load: {
    /** Connections of the closed model. */
    readonly users?: number;
    /** Requests per second of the open model; absent: the phase's rate. */
    readonly requestsPerSecond?: number;
    /** A fixed count of requests of the closed model, as `ab -n` makes them; absent: as many as decide every threshold. */
    readonly requests?: number;
    /** How the load moves; absent: one level. The file of a `replay` is absolute after loading. */
    readonly shape?: LoadSpec;
  };
}

/** What the document says the system is built of in a phase; what it does not say is null. */
export interface Architecture extends Cited {
  /** Where data is looked for, in this order; each falls back to the next. */
  readonly layers: readonly ('memory' | 'redis' | 'postgres' | 'files' | 'vectors' | 'cdn')[];
  readonly instances: Range | null;
  /** Worker processes by what they work on; `all` where the document does not tell them apart. */
  readonly workers: Readonly<Record<string, Range>>;
  /** Read replicas of the database. */
  readonly replicas: Range | null;
  readonly regions: Range | null;
  readonly poolPerInstance: Range | null;
  /** Connections the database server accepts. */
  readonly maxConnections: Range | null;
  /** Ids of the plan's assumptions that figures without a line rest on. */
  readonly assumes?: readonly string[];
}

export interface Phase extends Cited {
  readonly id: string;
  readonly name: string;
  readonly users: Range;
  readonly timeline: string | null;
  readonly load: {
    readonly requestsPerSecond: number;
    readonly concurrentUsers: number | null;
    readonly operationsPerDay: Range | null;
    /** How the rate was come by, in words, with the arithmetic. */
    readonly derivation: string;
    /** Ids of the plan's assumptions that the load rests on. */
    readonly assumes: readonly string[];
  };
  readonly architecture: Architecture | null;
  readonly steps: readonly PlanStep[];
  readonly thresholds: readonly Condition[];
  readonly triggers: readonly Condition[];
  readonly actions: readonly (Cited & { readonly title: string; readonly detail: string | null; readonly effort: string | null })[];
  readonly expects: readonly (Cited & { readonly text: string; readonly users: Range | null })[];
  readonly costs: { readonly monthlyUsd: Range } | null;
}

/** A number of users at which a named bottleneck is expected. */
export interface Milestone extends Cited {
  readonly id: string;
  readonly title: string;
  readonly bottleneck: BottleneckId | null;
  readonly users: number;
  readonly prepareByUsers: number | null;
  readonly leadTimeWeeks: Range | null;
  readonly symptoms: readonly Condition[];
  readonly impact: string;
  readonly remedy: string;
  readonly costMonthlyUsd: Range | null;
}

export interface Suite extends Cited {
  readonly id: SuiteId;
  /** Ids of assumptions: a suite that is ours, because the document has none, rests on one. */
  readonly assumes: readonly string[];
  readonly purpose: string;
  readonly frequency: string;
  readonly thresholds: readonly Condition[];
  readonly scenarios: readonly string[];
  readonly profile: {
    /** Rungs of concurrent users of the documented profile. */
    readonly concurrentUsers?: readonly number[];
    readonly rampSeconds?: number;
    readonly sustainSeconds?: number;
  };
}

export interface Assumption extends Cited {
  readonly id: string;
  readonly text: string;
  readonly reason: string;
}

/** Anything else the document says, kept with its address: `figures` in canonical units, `text` in our words. */
export interface Note extends Cited {
  readonly text: string;
  readonly figures?: Readonly<Record<string, unknown>>;
}

/** A failure that the document wants to be tried on purpose. */
export interface Experiment extends Cited {
  readonly id: string;
  readonly title: string;
  readonly detail: string | null;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Where a decision tree goes on: a question with both of its answers, or what to do. */
export type Decision =
  | { readonly ask: Condition; readonly yes: Decision; readonly no: Decision }
  | (Cited & { readonly outcome: string });

/** A decision the document spells out as questions, so that it can be walked on given or measured values. */
export interface DecisionTree extends Cited {
  readonly id: string;
  readonly title: string;
  readonly root: Decision;
}

/** A scaling document as data. */
export interface Plan {
  readonly id: string;
  readonly title: string;
  readonly source: { readonly document: string };
  /** What the reference application is when this plan is tested without a target. */
  readonly application: ApplicationId;
  /** Absolute path of the plan file. */
  readonly file: string;
  /** Shares in %, as everywhere. */
  readonly load: {
    readonly requestsPerUserPerMinute: { readonly min: number; readonly max: number };
    readonly dailyActiveShare: number | null;
    readonly peakConcurrentShare: number | null;
    readonly readShare: number | null;
    /** Ids of the plan's assumptions that these figures rest on. */
    readonly assumes: readonly string[];
    readonly sources?: Readonly<Record<string, Source>>;
  };
  readonly phases: readonly Phase[];
  readonly milestones: readonly Milestone[];
  readonly triggers: readonly (Condition & { readonly action: string; readonly timeline: string | null })[];
  readonly alerts: readonly (Condition & { readonly severity: string })[];
  readonly slo: readonly Condition[];
  readonly suites: readonly Suite[];
  /** `users` is a range where the document gives one. */
  readonly costs: readonly (Cited & { readonly users: number | Range; readonly monthlyUsd: Range; readonly perUserUsd: number | null; readonly note: string | null })[];
  readonly capacity: Readonly<Record<string, unknown>>;
  readonly experiments: readonly Experiment[];
  readonly decisions: readonly Note[];
  readonly decisionTrees: readonly DecisionTree[];
  readonly roadmap: readonly Note[];
  /** Criteria for people to judge. */
  readonly checklist: readonly Note[];
  readonly assumptions: readonly Assumption[];
  readonly notes: readonly Note[];
  readonly omitted: readonly { readonly line: number; readonly reason: string }[];
}
