import type { BottleneckId } from '../model/bottleneck.ts';
import type { ErrorKind } from '../model/interval.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Evidence } from '../model/report.ts';
import type { Series } from '../stats/series.ts';
import type { Onset, Window } from './window.ts';

/** Everything a rule may look at: series on one clock of whole seconds, and how the users fared. */
export interface Situation {
  /** A metric second by second, NaN where nothing was read; null where nothing ever was. `http.*` come from the client. */
  readonly series: (metric: MetricName, instance?: string) => Series | null;
  /** The pool as a pooler between application and database tells it, where one was read beside the application's own: two queues one behind the other. */
  readonly pooler?: Situation['series'];
  /** What a metric was read from, where it was read from several servers or queues: each has series of its own. */
  readonly instances: (metric: MetricName) => readonly string[];
  /** Requests put on the wire per second of the load suite. */
  readonly sentPerSec: Series | null;
  /** What the engine's record tells beyond the metrics; null where there is no such record. */
  readonly client: ClientRecord | null;
  /** The seconds of the unjudged reference stage and of the judged part of the load suite, as [from, to). */
  readonly reference: Window | null;
  readonly judged: Window;
  /** The judged part of the whole run, where `judged` was narrowed to some seconds of it. */
  readonly whole: Window;
  /** Whether the load is the phase's own. Endpoints measured alone are flooded on purpose: a queue that grows then is no harm. */
  readonly isPlannedLoad: boolean;
  /** Cores of the host that was measured, null where unknown. */
  readonly cores: number | null;
  /** What was read and must not count, and why. */
  readonly leftOut?: readonly Evidence[];
}

/** What the load suite's requests tell without any probe. */
export interface ClientRecord {
  /** Requests sent and not ended yet, at the end of each second. */
  readonly inFlight: Series;
  /** Journeys started per second, and how many should have been; null in the closed model. */
  readonly arrivals: { readonly made: Series; readonly asked: Series } | null;
  /** Failed requests of each kind in a window. */
  readonly errorsIn: (window: Window) => Partial<Record<ErrorKind, number>>;
  /** Mean time of each journey's requests, second by second. */
  readonly journeys: readonly { readonly name: string; readonly mean: Series }[];
}

/** What one rule found. `signs` build the confidence (see score.ts); evidence is what people read. */
export type Finding =
  | {
      readonly status: 'not-enough-data';
      readonly missing: string;
      /** The part may not exist at all (a queue, a replica, files): that it was not read leaves nothing open. */
      readonly isOptional?: boolean;
    }
  | {
      readonly status: 'judged';
      readonly signs: {
        readonly necessary: boolean;
        readonly sufficient: boolean;
        readonly hardError: boolean;
        /** A capacity law that agrees with the measurement within 10 %. */
        readonly law: boolean;
        readonly contradictions: number;
        /** What would tell a look-alike apart, and was not read. */
        readonly unread: number;
      };
      readonly onset: Onset | null;
      readonly evidence: readonly Evidence[];
    };

/** What docs/bottlenecks.md says of a rule; figures are put in from the rule's own constants. */
export interface About {
  readonly necessary: string;
  readonly sufficient: string;
  /** An error that has only this cause. */
  readonly certain?: string;
  readonly law?: string;
  readonly contradicted: readonly string[];
  /** Without these it is named less surely, or not: look-alikes cannot be told apart. */
  readonly unread?: readonly string[];
  /** What can be said where probes are missing, and other things to know. */
  readonly remarks?: string;
}

/**
 * Names one bottleneck, or rules it out. Pure.
 * Adding one: a file in rules/, a line in rules/registry.ts, a test; its section of docs/bottlenecks.md is made from `about`.
 */
export interface Rule {
  readonly id: BottleneckId;
  /** What to do about it where the plan does not say. */
  readonly remedy: string;
  readonly about: About;
  /** Metrics by which a plan's trigger speaks of this bottleneck. */
  readonly metrics: readonly MetricName[];
  /** Judges `situation.judged` as one window; who wants to know about a part of the run narrows it. */
  readonly evaluate: (situation: Situation) => Finding;
}
