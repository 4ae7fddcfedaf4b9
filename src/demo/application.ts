import type { ApplicationId } from '../model/application.ts';
import type { BottleneckId } from '../model/bottleneck.ts';
import type { Architecture } from '../model/plan.ts';
import type { ProbeKind } from '../model/sample.ts';
import type { Stop } from './processes.ts';

/** A bottleneck that a reference application can be given for real. */
export interface DemoBottleneck {
  readonly id: BottleneckId;
  /** What is wrong with this set-up, in a sentence for people. */
  readonly what: string;
  /** A load that belongs to it, where it is not the phase's. */
  readonly ratePerSec?: number;
  /** The phase of the plan that its figures are for; absent: the second. */
  readonly phase?: string;
}

/** Something that is done to a running application to see how its users fare. */
export interface DemoExperiment {
  readonly id: string;
  /** What is done, in a sentence for people. */
  readonly what: string;
}

export interface StartRequest {
  /** One of the application's bottlenecks; null for the healthy application. */
  readonly bottleneck: string | null;
  /** What the plan's phase is built of; null where the plan does not say. */
  readonly architecture: Architecture | null;
  /** Sizes a bottleneck so that it breaks at twice the phase's load rather than at it: a search for the edge needs stages that hold, and requests in them. */
  readonly isForStress?: boolean;
  /** One of the application's experiments, which it is made ready for; absent or null: none. */
  readonly experiment?: string | null;
  /** Parts of the application set otherwise, by name: what one configuration predicts can be measured on another. Unknown names change nothing. */
  readonly changes?: Readonly<Record<string, number | boolean | null>>;
  /** An existing temporary folder of the caller's, who deletes it. */
  readonly folder: string;
  /** Receives the logs of the application's own processes. */
  readonly logFolder: string;
  /** Told what is going on, for a person who waits. */
  readonly report: (line: string) => void;
}

export interface StartedApplication {
  readonly url: string;
  readonly probes: readonly { readonly kind: ProbeKind; readonly address: string }[];
  /** Name and version of every server, for the report. */
  readonly servers: readonly string[];
  /** What the phase is built of and this machine cannot give, in a sentence each, for the report. */
  readonly adjustments: readonly string[];
  readonly appPid: number;
  /** Every process that was started, by what it is. */
  readonly pids: Readonly<Record<string, number>>;
  /** Absent where the application has nothing to spare. */
  readonly failover?: Failover;
  /** Absent where the application has no writes that can be told apart. */
  readonly writes?: TracedWrites;
  /** The one that was asked for. */
  readonly experiment?: StartedExperiment;
}

interface StartedExperiment {
  begin(): Promise<void>;
  /** Null: it is over as soon as it has begun. */
  readonly end: (() => Promise<void>) | null;
}

/** Writes that carry an id, and where to ask how often each id was applied. */
interface TracedWrites {
  request(id: string, turn: number): { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | null };
  /** Below the application's address: takes `{ids}`, answers `{counts: {<id>: n}}`. */
  readonly countPath: string;
}

/** A part that may be lost while users go on being served. */
interface Failover {
  /** For people: what is lost. */
  readonly what: string;
  /** Ends it, as a crash would; it does not come back. */
  lose(): Promise<void>;
  /** What to ask for meanwhile, below the application's address: something that the lost part has its share in answering. */
  path(turn: number): string;
}

/** One of the reference applications. Whatever `start` starts it pushes onto `stops` at once, so that a failure half-way leaves nothing. */
export interface Application {
  readonly id: ApplicationId;
  readonly bottlenecks: readonly DemoBottleneck[];
  readonly experiments?: readonly DemoExperiment[];
  start(request: StartRequest, stops: Stop[]): Promise<StartedApplication>;
}
