import type { BottleneckId } from '../../src/model/bottleneck.ts';
import type { Demo } from '../../src/demo/start.ts';
import type { ApplicationId } from '../../src/model/application.ts';

/** Something done to a running system by real means; answers how to undo it. */
export type Fault = (demo: Demo) => Promise<() => Promise<void>>;

/** A system with or without a fault, under load, and what is true of it. */
export interface Situation {
  /** File name of its recording: what, and which variant. Which half of the scores it counts in is decided by its hash. */
  readonly name: string;
  /** What holds the users up, in no order; empty: nothing does. */
  readonly label: readonly BottleneckId[];
  /** Why the label is true, for somebody who doubts it. */
  readonly because: string;
  readonly application: ApplicationId;
  readonly phase: string;
  /** The reference application's own bottleneck; null: a healthy one. */
  readonly demo: string | null;
  /** Seconds of the judged part; 30 s of reference, ramp and warm-up come before it. */
  readonly judgedSeconds: number;
  /** Further arguments of `scaleplan test`. */
  readonly flags?: readonly string[];
  /** Begins so many seconds after the command; without it, what is wrong is wrong from the first second. */
  readonly fault?: { readonly afterSeconds: number; readonly begin: Fault };
}
