import type { ComparedMetric, ComparedScope } from './comparison.ts';
import type { StepSummary } from './report.ts';
import type { Run, RunStep } from './run.ts';

/** A step of a run that was made before, without its seconds. */
export interface PastStep {
  readonly facts: Omit<RunStep, 'intervals'>;
  readonly summary: StepSummary;
}

/** What is kept of an earlier run: enough for the table of runs and for the noise between them. */
export interface PastRun {
  readonly id: string;
  readonly startedAtMs: number;
  readonly exitCode: number;
  readonly valid: boolean;
  readonly plan: Run['plan'];
  readonly target: Run['target'];
  readonly environment: Run['environment'];
  readonly interrupted: boolean;
  /** One side of a duet: half a load, and a neighbour that loads the same machine. */
  readonly isDuet: boolean;
  readonly steps: readonly PastStep[];
}

/** Figures of one run of a series, in the metrics’ units. */
export interface HistoryPoint {
  readonly run: PastRun;
  readonly requests: number;
  readonly figures: Partial<Record<ComparedMetric, number>>;
  /** Metrics whose level is another from this run on, with the change in percent (percentage points for error rates) and its probability by chance. */
  readonly changes: readonly { readonly metric: ComparedMetric; readonly changePercent: number; readonly p: number }[];
}

/** Runs of the same plan, phase, load and target on the same kind of machine, oldest first. */
export interface HistorySeries {
  readonly plan: string;
  readonly phase: string;
  readonly target: string;
  readonly load: string;
  readonly scope: ComparedScope;
  readonly points: readonly HistoryPoint[];
}
