import type { BottleneckId } from './bottleneck.ts';
import type { Estimate } from './estimate.ts';

/** One stage in figures; loads in requests per second or in users of the closed model. */
export interface StressStage {
  readonly load: number;
  readonly purpose: 'climb' | 'search' | 'confirm' | 'recovery';
  readonly judgedSeconds: number;
  /** `generator`: the load was not the one asked for, so nothing is said of the target. */
  readonly outcome: 'holds' | 'breaks' | 'open' | 'generator';
  /** The thresholds that broke, or that the stage could not decide. */
  readonly told: readonly string[];
  /** Requests answered as expected per second. */
  readonly throughputPerSec: number;
  readonly p95Ms: number | null;
  readonly meanMs: number | null;
  readonly errorPercent: number | null;
  /** Requests in flight on the mean, by Little's law. */
  readonly inFlight: number | null;
}

/** Where one threshold breaks; an end that no stage has seen is null. */
export interface GoalEdge {
  readonly goal: string;
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
}

/** A figure of the fitted law with its bounds, those of 90 % of curves fitted to the same scatter dealt out anew; null: without end. */
interface CurveFigure {
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
}

/** One point of the fitted law, on the axis of the stages. */
export interface CurvePoint {
  readonly load: number;
  readonly throughputPerSec: CurveFigure;
  /** Mean latency. */
  readonly latencyMs: CurveFigure;
}

/** The Universal Scalability Law over the stages: throughput against requests in flight. */
export interface StressModel {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly standardErrors: { readonly alpha: number; readonly beta: number; readonly gamma: number };
  readonly r2: number;
  /** The most throughput there is by the model; null where the stages do not show it. */
  readonly peakPerSec: number | null;
  /** Why there is no peak; null where there is one. */
  readonly reason: string | null;
  /** The most by the law's peak, by the level γ ÷ α that contention nears, or by the level that the stages lie on, with 90 % bounds; null where no end is to be seen. */
  readonly most?: { readonly by: 'peak' | 'asymptote' | 'plateau'; readonly low: number; readonly mid: number; readonly high: number | null } | null;
  /** Coefficients that came out negative by no more than their error and are held at 0, as they came out. */
  readonly heldAtZero?: readonly { readonly coefficient: 'alpha' | 'beta'; readonly value: number; readonly standardError: number }[];
  /** What users of the closed model spend between an answer and the next request; null where the stages do not agree on it, and the curve is left out. */
  readonly thinkSeconds?: number | null;
  /** Along the curve; empty where the fit is not physical. */
  readonly curve: readonly CurvePoint[];
}

export interface Recovery {
  readonly overloadLoad: number;
  readonly normalLoad: number;
  /** From the end of the overload until every threshold held again; null: not while it was watched. */
  readonly seconds: number | null;
  readonly watchedSeconds: number;
  /** What did not come back: connections that stay waiting, queues that do not drain. */
  readonly stuck: readonly string[];
}

/** What would be the limit next, were the first one taken away. */
export type NextLimit =
  | { readonly known: true; readonly bottleneck: BottleneckId; readonly resource: string; /** Busy share at the load it was read at, 0 … 1. */ readonly utilization: number; readonly atPerSec: number; readonly ratePerSec: Estimate; readonly users: Estimate; readonly milestone: string | null }
  | { readonly known: false; readonly reason: string };

/** The operational laws over the stages that held, with 90 % bounds. */
export interface StressLaws {
  /** `demandMs`: server-milliseconds of a request; `mostPerSec`: servers ÷ demand; `utilization`: 0 … 1 at the highest stage that held. */
  readonly demands: readonly { readonly bottleneck: BottleneckId; readonly resource: string; readonly servers: number; readonly utilization: number; readonly demandMs: Estimate; readonly mostPerSec: Estimate }[];
  /** The least of them: X ≤ 1 ÷ D_max. */
  readonly mostPerSec: Estimate;
  /** N*, requests in flight from which on some must wait; null without a latency at the lowest stage. */
  readonly knee: Estimate | null;
}

/** What a search for the breaking point found. */
export interface StressFindings {
  readonly by: 'rate' | 'users';
  readonly end: 'found' | 'broke-at-once' | 'never-broke' | 'generator-limit' | 'not-back' | 'no-time';
  /** The end in a sentence. */
  readonly summary: string;
  /** The highest load that a confirming stage proved every threshold to hold at. */
  readonly confirmedLoad: number | null;
  /** Where the first threshold breaks; null where none did. `low` is the confirmed load where there is one. */
  readonly edge: Estimate | null;
  /** The most that the generator made of any load, in its unit; null where nothing tells. */
  readonly mostMade: number | null;
  readonly goals: readonly GoalEdge[];
  readonly stages: readonly StressStage[];
  readonly model: StressModel | null;
  readonly recovery: Recovery | null;
  /** Null where nothing broke. */
  readonly behind: NextLimit | null;
  /** Null where no utilisation was read, or the load was one of users. */
  readonly laws?: StressLaws | null;
  readonly notes: readonly string[];
}
