import type { Condition } from '../model/condition.ts';
import type { EngineName } from '../model/plan.ts';

/** What the steps of a phase ask of this machine. */
export interface Need {
  /** The phase it belongs to, in words. */
  readonly of: string;
  /** Each engine that is to run, with the highest rate of requests and of new connections it is asked for; 0 where its users wait for answers. */
  readonly engines: readonly { readonly name: EngineName; readonly requestsPerSec: number; readonly arrivalsPerSec: number }[];
  /** The most connections open at the same time: every user of the closed model; of the open one, what comes before a time-out. */
  readonly connections: number;
  /** Thresholds and what else is judged: what nobody reads cannot be decided. */
  readonly conditions: readonly Condition[];
}
