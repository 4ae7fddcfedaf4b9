import type { Phase, Plan } from '../model/plan.ts';
import type { Run, RunStep, Trial } from '../model/run.ts';
import type { Sample } from '../model/sample.ts';
import type { RunFolder } from '../run/store.ts';
import type { Host } from './host.ts';
import type { Progress } from './progress.ts';
import type { Settings } from './settings.ts';
import type { PlannedStep } from './steps.ts';
import type { StressSettings } from './stress-settings.ts';
import type { Target } from './target.ts';

export interface StressRequest {
  readonly plan: Plan;
  readonly phase: Phase;
  /** The load step whose load is raised. */
  readonly base: PlannedStep;
  readonly engines: ReadonlyMap<string, string>;
  readonly settings: Settings;
  readonly search: StressSettings;
  readonly host: Host;
  readonly progress: Progress;
  readonly openTarget: () => Promise<Target>;
}

/** Everything a stage needs to know of the run it is part of. */
export interface StressContext extends StressRequest {
  readonly target: Target;
  readonly folder: RunFolder;
  readonly startedAtMs: number;
  readonly samples: readonly Sample[];
  readonly steps: RunStep[];
  readonly trials: Trial[];
  readonly notes: string[];
  /** Ends the whole search, with who or what asked for it. */
  readonly signal: AbortSignal;
  /** The run as it is known now. */
  readonly runSoFar: () => Run;
}
