/**
 * What load a step puts on the target, stated once for every engine.
 * Open model: arrivals come on schedule whether or not earlier ones were answered.
 * Closed model: a fixed number of users, each sending its next request when the last one was answered.
 */
export type LoadModel = 'open' | 'closed';

/** `reference` is the unjudged base of relative rules; ramp, warm-up, an experiment and the way back from it are not judged either. */
export type StageName = 'reference' | 'ramp' | 'warm-up' | 'sustain' | 'experiment' | 'recovery';

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
  /** The stage, the last one, may end early: with so many requests answered and everything decided, or clearly without hope of it; not before `minimumSeconds`. */
  readonly enough: { readonly requests: number; readonly minimumSeconds: number } | null;
  /** Send so many requests and no more, as `ab -n` does, and end with the last answer. */
  readonly exactly?: number;
}

export type LoadShape =
  | { readonly model: 'open'; readonly stages: readonly OpenStage[] }
  | { readonly model: 'closed'; readonly stages: readonly ClosedStage[] };

/** The stage a second belongs to; undefined once the load is over (answers still in flight). */
export function stageAt(shape: LoadShape, second: number): LoadShape['stages'][number] | undefined {
  let end = 0;
  for (const stage of shape.stages) {
    end += stage.durationSeconds;
    if (second < end) return stage;
  }
  return undefined;
}

/** Journeys per second that the shape asks for in a given second, at its middle. */
export function arrivalsAskedAt(shape: LoadShape, second: number): number {
  if (shape.model !== 'open') return 0;
  let start = 0;
  for (const { durationSeconds, arrivalsPerSec } of shape.stages) {
    if (second < start + durationSeconds) {
      const passed = (second + 0.5 - start) / durationSeconds;
      return arrivalsPerSec.from + (arrivalsPerSec.to - arrivalsPerSec.from) * passed;
    }
    start += durationSeconds;
  }
  return 0;
}
