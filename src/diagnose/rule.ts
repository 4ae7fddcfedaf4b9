import type { BottleneckId } from '../model/bottleneck.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Evidence } from '../model/report.ts';
import type { Series } from '../stats/series.ts';

/** Everything a rule may look at: series on one clock of whole seconds, and how the users fared. */
export interface Situation {
  /** A metric second by second, NaN where nothing was read; null where nothing ever was. `http.*` come from the client. */
  readonly series: (metric: MetricName, instance?: string) => Series | null;
  /** What a metric was read from, where it was read from several servers or queues: each has series of its own. */
  readonly instances: (metric: MetricName) => readonly string[];
  /** Requests put on the wire per second of the load suite. */
  readonly sentPerSec: Series | null;
  /** The seconds of the unjudged reference stage and of the judged part of the load suite, as [from, to). */
  readonly reference: readonly [number, number] | null;
  readonly judged: readonly [number, number];
  /** Whether the load is the phase's own. Endpoints measured alone are flooded on purpose: a queue that grows then is no harm. */
  readonly isPlannedLoad: boolean;
  /** Cores of the host that was measured, null where unknown. */
  readonly cores: number | null;
}

/**
 * What one rule found. `signs` build the confidence (see score.ts); evidence is what people read.
 */
export type Finding =
  | { readonly status: 'not-enough-data'; readonly missing: string }
  | {
      readonly status: 'judged';
      readonly signs: {
        readonly necessary: boolean;
        readonly sufficient: boolean;
        readonly hardError: boolean;
        /** A capacity law that agrees with the measurement within 10 %. */
        readonly law: boolean;
        readonly contradictions: number;
      };
      readonly onsetSecond: number | null;
      readonly evidence: readonly Evidence[];
    };

/**
 * Names one bottleneck, or rules it out. Pure.
 * Adding one: a file in rules/, a line in rules/registry.ts, a test, a section in docs/bottlenecks.md.
 */
export interface Rule {
  readonly id: BottleneckId;
  /** What to do about it where the plan does not say. */
  readonly remedy: string;
  /** Its signs and what contradicts it, for docs/bottlenecks.md. */
  readonly about: string;
  readonly evaluate: (situation: Situation) => Finding;
}
