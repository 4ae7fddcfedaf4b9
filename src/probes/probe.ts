import type { MetricName } from '../model/metrics.ts';
import type { ProbeKind } from '../model/sample.ts';

/** One figure read from a server; the sampler adds the time and the probe's kind. */
export interface Reading {
  readonly metric: MetricName;
  readonly value: number;
  readonly weight?: number;
  readonly instance?: string;
  /**
   * Seconds it tells of, where that is the time up to this reading and not its moment: it stands for each of them, be it a silence or a pause
   * that was meant. The events of a mean (`weight`) are shared out among those seconds. 0: nobody knows how long.
   */
  readonly overSeconds?: number;
}

/**
 * Reads one server, once a second or as often as it says.
 * Adding one: a file here, a line in registry.ts, a test on a real server, a page in docs/probes/.
 */
export interface Probe {
  readonly kind: ProbeKind;
  /** Connects and checks privileges. Throws `probe-refused` with a hint that says what to grant. Returns what it found, for people. */
  open(signal: AbortSignal): Promise<string>;
  /**
   * Reads the server once. The first call returns gauges alone: rates need two.
   * `elapsedSeconds` since the previous successful read (monotonic clock); 0 at the first.
   * Counters that fell back mean a restart: the tick yields no rate.
   */
  read(elapsedSeconds: number, signal: AbortSignal): Promise<readonly Reading[]>;
  close(): Promise<void>;
  /**
   * Its server answers by the very thread that it tells of: late when that is in trouble, and then of the trouble. It is waited for longer,
   * and kept through a silence; thrown away, the seconds that matter would be those that are missing.
   */
  readonly isLateWhenBusy?: true;
  /**
   * Once open: seconds from this reading to the next, where one a second would cost the server too much. In between its states last. Absent: 1.
   * The second reading comes a second after the first all the same: before it there is no rate.
   */
  readonly secondsToNext?: () => number;
  /** Once open: what it does without, each with what gives it. Absent: nothing ever. */
  readonly shortfalls?: () => readonly Shortfall[];
}

/** Something a probe could read if it were there or allowed. */
export interface Shortfall {
  /** `the number of workers`. */
  readonly what: string;
  /** The line, setting or address that gives it; never a secret. */
  readonly remedy: string;
}

/** What a probe may need beside its address. */
export interface ProbeOptions {
  /** The address as the user wrote it; `local` for the host, a process id for `process`. */
  readonly address: string;
  /** Milliseconds after which a read is given up. */
  readonly timeoutMs: number;
  /** From the configuration: name in the application's metrics → metric of ours. */
  readonly metricNames: Readonly<Record<string, string>>;
}

export type OpenProbe = (options: ProbeOptions) => Probe;
