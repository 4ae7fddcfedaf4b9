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

/** The Universal Scalability Law over the stages: throughput against requests in flight. */
export interface StressModel {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly r2: number;
  /** Throughput can never pass this by the model; null where the stages do not show it. */
  readonly peakPerSec: number | null;
  /** Why there is no peak; null where there is one. */
  readonly reason: string | null;
  /** [requests in flight, throughput per second, mean latency in ms] along the curve. */
  readonly curve: readonly (readonly [number, number, number])[];
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

/** What a search for the breaking point found. */
export interface StressFindings {
  readonly by: 'rate' | 'users';
  readonly end: 'found' | 'broke-at-once' | 'never-broke' | 'generator-limit' | 'no-time';
  /** The end in a sentence. */
  readonly summary: string;
  /** The highest load that a confirming stage proved every threshold to hold at. */
  readonly confirmedLoad: number | null;
  /** Where the first threshold breaks; null where none did. `low` is the confirmed load where there is one. */
  readonly edge: Estimate | null;
  readonly goals: readonly GoalEdge[];
  readonly stages: readonly StressStage[];
  readonly model: StressModel | null;
  readonly recovery: Recovery | null;
  readonly notes: readonly string[];
}
