import type { BottleneckId } from '../../src/model/bottleneck.ts';
import type { ApplicationId } from '../../src/model/application.ts';
import type { SuiteId } from '../../src/model/plan.ts';
import type { Strain } from './strain.ts';
import type { System } from './system.ts';

/** Something done to a running system by real means; answers how to undo it. */
export type Fault = (system: System) => Promise<() => Promise<void>>;

/** A system with or without a fault, under load, and what is true of it. */
export interface Situation {
  /** File name of its recording: what, and which variant. Which half of the scores it counts in is decided by its hash. */
  readonly name: string;
  /** What holds the users up, in no order; empty: nothing that has a name. */
  readonly label: readonly BottleneckId[];
  /** Why the label is true, for somebody who doubts it. */
  readonly because: string;
  readonly application: ApplicationId;
  readonly phase: string;
  /** The reference application's own bottleneck; null: a healthy one. */
  readonly demo?: string;
  /** Laid over what the application's processes are told when they start. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of the application's processes. */
  readonly nodeFlags?: string;
  /** Whether a program that passes everything on stands between the clients and the application. */
  readonly isProxied?: boolean;
  /** Whether scaleplan's preload tells of the application, in place of metrics of its own. */
  readonly isPreloaded?: boolean;
  /** Of the processes that were started, those whose names begin so get the cores before whatever else the machine does: what they compute is to be the limit. */
  readonly first?: readonly string[];
  readonly ratePerSec?: number;
  /** As `--shape` takes it. */
  readonly shape?: string;
  /** Second of the judged part from which on a load that moves is more than the system can take. */
  readonly feltFromSecond?: number;
  readonly suite?: SuiteId;
  /** In place of the recorder's own generator: k6 itself, as users run it. */
  readonly engine?: 'k6';
  readonly judgedSeconds: number;
  /** What strains the application's process from its first request on. */
  readonly strain?: Strain;
  /** Done before the load begins, and not undone while it lasts. */
  readonly before?: Fault;
  /** Begins so many seconds into the judged part; without it, what is wrong is wrong from the first second. */
  readonly fault?: {
    readonly afterSeconds: number;
    readonly begin: Fault;
    /** From its beginning to the second in which it can be felt, where it creeps. */
    readonly feltAfterSeconds?: number;
  };
}
