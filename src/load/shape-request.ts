import type { LoadSpec } from '../model/load-spec.ts';
import type { Condition } from '../model/condition.ts';
import type { LoadShape } from '../model/load.ts';
import type { Phase, Plan, PlanStep } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import type { ReplayedTraffic } from './replay.ts';

export type Profile = 'quick' | 'documented' | 'as-written';

/** What the command line overrides; null: as the plan says. */
export interface LoadFlags {
  /** Judged seconds; in the documented profile of each rung. */
  readonly durationSeconds: number | null;
  readonly users: number | null;
  readonly ratePerSec: number | null;
}

export interface ShapeRequest {
  readonly plan: Pick<Plan, 'load' | 'suites'>;
  readonly phase: Pick<Phase, 'users' | 'load'>;
  readonly step: Pick<PlanStep, 'suite' | 'model' | 'load'>;
  readonly scenario: Pick<Scenario, 'journeys' | 'phases' | 'file'>;
  /** Conditions judged on this step’s traffic. */
  readonly conditions: readonly Condition[];
  readonly profile: Profile;
  readonly flags: LoadFlags;
  /** How the load moves; null: one level. Stands for `--profile quick` alone. */
  readonly spec: LoadSpec | null;
  /** The traffic of a `replay`, read; null for every other shape. */
  readonly traffic: ReplayedTraffic | null;
}

/** The load of one step, and everything a dry run prints about it. */
export interface ShapedLoad {
  readonly shape: LoadShape;
  /** Requests per second asked for; null in the closed model. */
  readonly ratePerSec: number | null;
  /** The mean of the judged part: what throughput is compared with. Null in the closed model. */
  readonly meanRatePerSec: number | null;
  readonly requestsPerArrival: number;
  /** The longest the step may take. */
  readonly totalSeconds: number;
  readonly judgedSeconds: number;
  /** How the duration was come by, in words, with the sum. */
  readonly because: readonly string[];
  readonly warnings: readonly string[];
}

/** A user’s requests per minute, at the document’s maximum: what capacity is planned for. */
export function requestsPerUserPerMinute(plan: Pick<Plan, 'load'>): number {
  return plan.load.requestsPerUserPerMinute.max ?? plan.load.requestsPerUserPerMinute.min;
}
