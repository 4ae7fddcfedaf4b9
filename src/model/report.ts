import type { BottleneckId } from './bottleneck.ts';
import type { Comparison as RunComparison } from './comparison.ts';
import type { Condition, Source } from './condition.ts';
import type { Estimate } from './estimate.ts';
import type { ErrorKind } from './interval.ts';
import type { MetricName } from './metrics.ts';
import type { Phase, Plan, Range, SuiteId } from './plan.ts';
import type { EngineFinding, Run, RunStep } from './run.ts';
import type { StressFindings } from './stress.ts';

export type { Estimate };

export type ThresholdStatus = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'not-measured';
export type SignStatus = 'fired' | 'not-fired' | 'inconclusive' | 'not-measured';

/** One condition against a run. `low` and `high` are one-sided 95 % bounds of `observed`, in the condition's unit. */
export interface Verdict {
  /** The suite on whose traffic the condition was judged. */
  readonly suite: SuiteId;
  /** With its scope made concrete where one condition is judged for each endpoint. */
  readonly condition: Condition;
  readonly status: ThresholdStatus | SignStatus;
  readonly observed: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The limit the observation was held against, after `reference` or `baseline` were put in. */
  readonly limit: number | null;
  /** Distance from the limit as a share of it; positive on the good side. */
  readonly margin: number | null;
  /** Requests, look-ups or readings the observation rests on. */
  readonly samples: number;
  readonly reason: string;
}

export interface LatencySummary {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** Figures of the judged seconds of a step, or of one journey or endpoint in it. */
export interface ScopeSummary {
  readonly requests: number;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly latencyMs: LatencySummary;
}

export interface StepSummary extends ScopeSummary {
  readonly suite: RunStep['suite'];
  readonly scenario: string;
  readonly engine: RunStep['engine'];
  readonly engineVersion: string;
  readonly model: RunStep['model'];
  readonly asked: { readonly ratePerSec: number | null; readonly arrivalsPerSec: number | null; readonly users: number | null };
  readonly sentPerSec: number;
  readonly durationSeconds: number;
  readonly judgedSeconds: number;
  readonly errorLatencyMs: LatencySummary;
  readonly ttfbMs: LatencySummary;
  readonly journeys: Readonly<Record<string, ScopeSummary & { readonly steps: Readonly<Record<string, ScopeSummary>> }>>;
  /** Absent where the script judged nothing by itself. */
  readonly engineFindings?: readonly EngineFinding[];
}

/** One sign for or against a bottleneck, with the figure it rests on. */
export interface Evidence {
  readonly for: boolean;
  readonly text: string;
  readonly metric: MetricName | null;
  readonly observed: number | null;
  readonly limit: number | null;
}

export interface DiagnosedBottleneck {
  readonly id: BottleneckId;
  /** 0…1; what it is made of stands in docs/bottlenecks.md. */
  readonly confidence: number;
  readonly status: 'hit' | 'approaching';
  readonly evidence: readonly Evidence[];
  /** Seconds after the run's start at which its sign first stood. */
  readonly onsetSecond: number | null;
  /** The part of the run it was seen in, in the same seconds; null for all of the judged part. */
  readonly seconds: { readonly from: number; readonly to: number } | null;
  readonly milestone: {
    readonly plan: string;
    readonly id: string;
    readonly users: number;
    readonly prepareByUsers: number | null;
    readonly hitAtUsers: number;
    /** Users before the milestone's own number at which it is hit; negative: so many later. */
    readonly usersEarly: number;
    readonly leadTimeWeeks: Range | null;
    readonly costMonthlyUsd: Range | null;
  } | null;
  /** The plan's trigger or alert that speaks of it, and what the plan wants done then. */
  readonly trigger: {
    readonly text: string;
    readonly status: Verdict['status'];
    readonly action: string | null;
    readonly timeline: string | null;
    readonly source: Source | null;
  } | null;
  readonly remedy: string;
}

export interface Harm {
  readonly text: string;
  readonly metric: MetricName;
  readonly observed: number;
  readonly limit: number;
}

export interface Diagnosis {
  readonly outcome: 'bottleneck' | 'none' | 'undetermined' | 'not-enough-evidence' | 'generator';
  readonly bottlenecks: readonly DiagnosedBottleneck[];
  readonly harm: readonly Harm[];
  /** Bottlenecks that could not be judged, and the probe that would settle each. */
  readonly unknown: readonly { readonly id: BottleneckId; readonly missing: string }[];
  /** What the client alone says about the limit of a run that harms its users; never which part of the target it is. */
  readonly observations: readonly Evidence[];
}

/** What comes next. */
export interface Outlook {
  /** Where it breaks: searched under load, or predicted from a load below; null where nothing that was measured tells. */
  readonly capacity: { readonly ratePerSec: Estimate; readonly users: Estimate; readonly method: string } | null;
  /** Why `capacity` is null; absent where nobody asked. */
  readonly unknown?: string;
  readonly next: readonly {
    readonly milestone: string;
    readonly bottleneck: BottleneckId | null;
    readonly users: Estimate;
    readonly date: string | null;
    readonly beginBy: string | null;
    readonly prepareByUsers: number | null;
    readonly costMonthlyUsd: Range | null;
    /** The plan's own figure, where `users` is another. */
    readonly planUsers?: number;
    /** `plan`: the document's own figure; `measured`: searched under load; `predicted`: from a load below the edge. */
    readonly basis: 'plan' | 'measured' | 'predicted';
  }[];
}

export interface Validity {
  readonly valid: boolean;
  readonly invalidReason: string | null;
  readonly saturated: boolean;
  readonly reasons: readonly string[];
}

/** How users fared in some seconds. */
export interface Felt {
  /** Seconds since the load of the step began, as [from, to). */
  readonly seconds: { readonly from: number; readonly to: number };
  readonly requests: number;
  readonly errorPercent: number | null;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly p95Ms: number | null;
  readonly throughputPerSec: number;
}

/** What an experiment showed. */
export interface ExperimentFindings {
  readonly name: string;
  readonly what: string;
  readonly outcome: 'as-expected' | 'not-as-expected' | 'undecided' | 'not-carried-out';
  /** The outcome in a sentence. */
  readonly summary: string;
  /** The judged seconds before it; null where there are none. */
  readonly before: Felt | null;
  readonly during: Felt | null;
  readonly after: Felt | null;
  /** What was expected, against the seconds of the experiment. */
  readonly verdicts: readonly Verdict[];
  /** From its end, or from its begin where it is a moment; seconds: null: not every expectation held again while it was watched. */
  readonly recovery: { readonly seconds: number | null; readonly watchedSeconds: number; readonly stuck: readonly string[] } | null;
  /** Share of the acknowledged writes that are there exactly once; null where nobody counted. */
  readonly consistency: { readonly percent: number; readonly note: string } | null;
  readonly notes: readonly string[];
}

/** What every reporter sees, and all it sees. */
export interface Report {
  readonly run: Run;
  readonly plan: Plan;
  readonly phase: Phase;
  readonly steps: readonly StepSummary[];
  readonly validity: Validity;
  readonly verdicts: readonly Verdict[];
  readonly diagnosis: Diagnosis;
  readonly outlook: Outlook;
  /** Against the runs that `--baseline` named. */
  readonly comparison?: RunComparison;
  /** What the experiment of `--during` showed. */
  readonly experiment?: ExperimentFindings;
  /** What a search for the breaking point found. */
  readonly stress?: StressFindings;
  readonly exitCode: number;
  /** Folder of the run, as it is shown to a person. */
  readonly folder: string;
  /** What writes the report. */
  readonly toolVersion: string;
}

