import type { Interval } from '../model/interval.ts';
import type { LoadModel, LoadShape } from '../model/load.ts';
import type { EngineName } from '../model/plan.ts';
import type { EngineFinding } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';

/** What one step asks of an engine. */
export interface EngineLoad {
  readonly target: string;
  readonly scenario: Scenario;
  readonly shape: LoadShape;
  /** After this long without a whole answer a request is a time-out. */
  readonly timeoutMs: number;
  /** Measure this step alone; the steps before it in its journey are unmeasured set-up. */
  readonly endpoint: { readonly journey: string; readonly step: string } | null;
  /** Headers put on every request, already expanded. */
  readonly headers: Readonly<Record<string, string>>;
  /** An existing folder for scripts and logs of this step. */
  readonly workDir: string;
}

export type EngineCheck =
  | { readonly usable: true; readonly version: string }
  | { readonly usable: false; readonly reason: string; readonly hint: string };

/**
 * Makes load and reports it second by second.
 * Adding one: a folder here, a line in registry.ts, a test, a page in docs/engines/.
 */
export interface Engine {
  readonly name: EngineName;
  readonly models: readonly LoadModel[];
  /** What the engine's latency holds and what it cannot see, in one sentence. */
  readonly latencyIncludes: string;
  /** Is it here, and can it run? Starts no load. */
  check(): Promise<EngineCheck>;
  /** Throws `engine-cannot` or `wrong-scenario` with file:line:col for what this engine cannot express. Starts nothing. */
  prepare(load: EngineLoad): void;
  /**
   * Runs the load to its end and yields every second once, in order, the last one after all requests in flight have ended.
   * An abort of `signal` stops new requests, lets those in flight end within their time-out, yields what was measured and returns.
   * Throws `engine-failed` when the generator dies, hangs or speaks nonsense; intervals yielded before stay valid.
   */
  run(load: EngineLoad, signal: AbortSignal): AsyncGenerator<Interval, void, void>;
  /** After `run`: what the script judged by itself, none where it judged nothing. Absent where scripts of this engine cannot. */
  findings?(load: EngineLoad): Promise<readonly EngineFinding[]>;
}
