import type { ExperimentFacts } from './experiment.ts';
import type { Interval } from './interval.ts';
import type { LoadModel, LoadShape } from './load.ts';
import type { MetricName } from './metrics.ts';
import type { EngineName, SuiteId } from './plan.ts';
import type { ProbeStatus, Sample } from './sample.ts';

/** The layout of run.json, intervals.ndjson and samples.ndjson; older ones stay readable. */
export const FORMAT_VERSION = 1;

/** How a step of a run ended. `refused` never put load on the target. */
export type StepOutcome =
  | { readonly status: 'completed' }
  | { readonly status: 'stopped'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string };

/** Tools whose results become a run beside those that are engines, too. */
export type ForeignTool = 'jmeter' | 'locust' | 'vegeta';

/** What a script of the user's own judged by itself. It stands beside the plan's verdicts and is none: no exit code follows from it. */
export interface EngineFinding {
  /** The engine whose script it is. */
  readonly source: EngineName;
  readonly kind: 'check' | 'threshold';
  /** In the script's own words. */
  readonly name: string;
  /** How often it held, and how often not; a threshold is counted once, at the end of the load. */
  readonly passed: number;
  readonly failed: number;
}

/** The facts of one step: what was asked, and every second of what happened. */
export interface RunStep {
  readonly suite: SuiteId;
  readonly scenario: string;
  /** What its users do, whatever the file is called; absent in runs that were made before it was kept. */
  readonly scenarioHash?: string;
  /** For the unit suite: the one endpoint that is measured. */
  readonly endpoint: { readonly journey: string; readonly step: string } | null;
  readonly engine: EngineName | ForeignTool;
  readonly engineVersion: string;
  readonly model: LoadModel;
  readonly shape: LoadShape;
  /** Mean number of requests in a journey, by weight; 1 in the unit suite. */
  readonly requestsPerArrival: number;
  readonly timeoutMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: StepOutcome;
  readonly intervals: readonly Interval[];
  /** What cannot be trusted about the generator in this step; empty when nothing speaks against it. */
  readonly generatorReasons: readonly string[];
  /** Absent where the script judged nothing by itself. */
  readonly engineFindings?: readonly EngineFinding[];
  /** Absent but for the stages of a search for the breaking point. */
  readonly stage?: StressStageFacts;
}

/** What a stage of the stress suite was for. */
export interface StressStageFacts {
  /** Requests per second, or users of the closed model. */
  readonly load: number;
  /** `recovery`: overloaded first, then back to a normal load. */
  readonly purpose: 'climb' | 'search' | 'confirm' | 'recovery';
  /** Ended at once because it did the harm that `--stop-at` names. */
  readonly isHarmful: boolean;
  /** Of a recovery: whole seconds at that load, before the normal one. */
  readonly overloadSeconds: number | null;
}

/** What a search for the breaking point was told, and how it ended. */
export interface StressFacts {
  readonly by: 'rate' | 'users';
  readonly startLoad: number;
  /** Null where nobody set one. */
  readonly mostLoad: number | null;
  /** Who or what ended it early; null where it came to its own end. */
  readonly stoppedBy: string | null;
  /** What could not be looked at after the break, and why. */
  readonly notes: readonly string[];
}

/** One figure that was found by doing something to the target beside the load: losing a part of it, counting its writes. */
export interface Trial {
  readonly metric: MetricName;
  readonly value: number;
  /** Where the value is a share in %: so many of how many. */
  readonly counted?: { readonly good: number; readonly all: number };
  /** What was done and seen, in a sentence. */
  readonly note: string;
}

/** All facts of one execution, no judgement. */
export interface Run {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly id: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly plan: { readonly id: string; readonly phase: string; readonly file: string };
  readonly target: { readonly url: string; readonly demo: string | null; readonly servers: readonly string[] };
  readonly suites: readonly SuiteId[];
  readonly steps: readonly RunStep[];
  readonly samples: readonly Sample[];
  /** Absent where nothing was tried. */
  readonly trials?: readonly Trial[];
  /** Absent but for a run with `--during`. */
  readonly experiment?: ExperimentFacts;
  /** Absent but for `stress`. */
  readonly stress?: StressFacts;
  readonly probes: readonly ProbeStatus[];
  readonly interrupted: 'SIGINT' | 'SIGTERM' | null;
  /** How the duration was computed, and every other thing the run takes for granted. */
  readonly assumptions: readonly string[];
  readonly environment: Readonly<Record<string, string | number>>;
  /** The effective configuration, secrets taken out. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly acceptNoise: boolean;
}
