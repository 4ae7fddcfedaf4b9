/**
 * What load a step puts on the target, stated once for every engine.
 * Open model: arrivals come on schedule whether or not earlier ones were answered.
 * Closed model: a fixed number of users, each sending its next request when the last one was answered.
 */
export type LoadModel = 'open' | 'closed';

/** `reference` is the unjudged base of relative rules; ramp and warm-up are not judged either. */
export type StageName = 'reference' | 'ramp' | 'warm-up' | 'sustain';

export interface OpenStage {
  readonly name: StageName;
  readonly judged: boolean;
  readonly durationSeconds: number;
  /** Journeys started per second at the beginning and at the end of the stage; equal for a constant stage. */
  readonly arrivalsPerSec: { readonly from: number; readonly to: number };
}

export interface ClosedStage {
  readonly name: StageName;
  readonly judged: boolean;
  /** The longest the stage may last. */
  readonly durationSeconds: number;
  /** Connections, each one user without think time. */
  readonly users: number;
  /** End the stage early once this many requests were answered in it, but not before `minimumSeconds`. */
  readonly enough: { readonly requests: number; readonly minimumSeconds: number } | null;
}

export type LoadShape =
  | { readonly model: 'open'; readonly stages: readonly OpenStage[] }
  | { readonly model: 'closed'; readonly stages: readonly ClosedStage[] };
