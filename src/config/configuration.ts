import type { EngineName, SuiteId } from '../model/plan.ts';
import type { ProbeKind } from '../model/sample.ts';

/** Commands that do something to a target of one's own, for `test --during`. */
export interface ExperimentSettings {
  readonly begin: string;
  /** Null: it is over as soon as it has begun. */
  readonly end: string | null;
  /** Seconds until it is ended, or for which users are watched from its begin; null: the command's own. */
  readonly lasts: number | null;
  /** Conditions that must hold meanwhile; null: what the plan asks of the phase. */
  readonly expect: readonly string[] | null;
}

export const PROFILES = ['quick', 'documented', 'as-written'] as const;
export type Profile = (typeof PROFILES)[number];

/** What is set for a whole repository; the flags of a command take precedence over all of it. */
export interface Configuration {
  /** The file that was read, or null. */
  readonly file: string | null;
  /** Id of a bundled plan or absolute path of a plan file; null: the bundled `ventures`. */
  readonly plan: string | null;
  readonly phase: string | null;
  /** Base URL of the system under test; null: the reference application. May hold credentials. */
  readonly target: string | null;
  /** Suites of a run; null: `unit` and `load`. */
  readonly suites: readonly SuiteId[] | null;
  /** Scenario names or files; null: those of the plan. */
  readonly scenarios: readonly string[] | null;
  /** null: as the plan's steps say. */
  readonly engine: EngineName | null;
  readonly profile: Profile;
  /** Addresses may hold credentials. */
  readonly probes: readonly { readonly kind: ProbeKind; readonly address: string }[];
  /** Name in the application's own metrics → metric of ours. */
  readonly metricNames: Readonly<Record<string, string>>;
  /** Sent with every request; may hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** By name. */
  readonly experiments: Readonly<Record<string, ExperimentSettings>>;
  /** Hosts that may be loaded although they are neither loopback nor private. */
  readonly allowedTargets: readonly string[];
  /** Absolute path of the folder of runs. */
  readonly output: string;
  /** null: the command's own choice. */
  readonly reporters: readonly string[] | null;
  /** Name of a baseline, or id or folder of a run, that every run is held against; null: none. */
  readonly baseline: string | null;
  /** Where a limit lies between the bounds, the point estimate decides; shown in every report. */
  readonly acceptNoise: boolean;
}

export const DEFAULTS: Configuration = {
  file: null, plan: null, phase: null, target: null, suites: null, scenarios: null, engine: null, profile: 'quick', probes: [], metricNames: {},
  headers: {}, experiments: {}, allowedTargets: [], output: 'reports', reporters: null, baseline: null, acceptNoise: false,
};
