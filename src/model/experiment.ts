import type { Condition } from './condition.ts';

/** What was done to the target while its load ran. */
export interface ExperimentFacts {
  readonly name: string;
  /** What is done, in a sentence for people. */
  readonly what: string;
  /** How long users are watched from its begin, where it has no end of its own. */
  readonly lastsSeconds: number;
  /** Whether it lasts until it is ended; else it is over as soon as it has begun. */
  readonly isLasting: boolean;
  /** What must hold meanwhile. */
  readonly expects: readonly Condition[];
  /** Null: it never began. */
  readonly beganAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Why it could not be begun, or not be ended; null where it was carried out. */
  readonly failure: string | null;
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
}
