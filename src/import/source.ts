import type { ErrorKind, Interval } from '../model/interval.ts';
import type { LoadModel } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';

/** What a file of another tool says, in our terms. */
export interface Results {
  readonly tool: RunStep['engine'];
  readonly model: LoadModel;
  /** Users at the same time, at most; null where the file does not say. */
  readonly users: number | null;
  readonly startedAtMs: number;
  /** Whole seconds of load. */
  readonly durationSeconds: number;
  readonly timeoutMs: number;
  readonly seconds: readonly Interval[];
  /** What such a file cannot know, and how it was read: a sentence each. */
  readonly notes: readonly string[];
  /** What speaks against the generator. */
  readonly generatorReasons: readonly string[];
}

/** Reads the results of one tool. Throws `wrong-results` with `file:line`. */
export type Source = (file: string) => Promise<Results>;

/** One request as a tool that logs each of them saw it. */
export interface LoggedRequest {
  readonly journey: string;
  readonly step: string;
  readonly startedAtMs: number;
  readonly latencyMs: number;
  readonly ttfbMs: number | null;
  /** 0 where no answer came. */
  readonly status: number;
  readonly error: ErrorKind | null;
  readonly bytes: number;
}
