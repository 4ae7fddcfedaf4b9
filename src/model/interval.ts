/** Why a request did not count as a success. `engine` is a fault of the generator itself. */
export const ERROR_KINDS = [
  'refused', 'reset', 'closed', 'timeout', 'dns', 'tls', 'http-4xx', 'http-5xx', 'capture', 'expect', 'engine',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * Latencies of one second, in µs, as an HDR histogram (1 µs … 3.6e9 µs, 3 significant digits) in sparse form:
 * `counts` is [index, count, index, count, …] with ascending indices of the HDR layout.
 * Exact extremes and sum stand beside the buckets, so that max and mean carry no bucket error.
 */
export interface EncodedHistogram {
  readonly counts: readonly number[];
  readonly count: number;
  readonly minUs: number;
  readonly maxUs: number;
  readonly sumUs: number;
}

/** What one step of one journey did within one second. A request belongs to the second in which it ended. */
export interface IntervalRow {
  readonly journey: string;
  readonly step: string;
  /** Requests that ended in this second, however they ended. */
  readonly requests: number;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Send → last byte of successes. Time-outs are not in it: they are `errors.timeout`, censored at `timeoutMs` of the step. */
  readonly latency: EncodedHistogram;
  /** Send → end of everything that was answered but not as expected. */
  readonly errorLatency: EncodedHistogram;
  /** Send → first byte of successes; an engine that cannot see it leaves it empty. */
  readonly ttfb: EncodedHistogram;
}

/** How the generator itself fared: it is the first suspect. */
export interface GeneratorState {
  /** Share of the second in which the generator's event loop was busy, 0…1. */
  readonly loopUtilization: number;
  /** Longest delay of its event loop in this second. */
  readonly loopLagMs: number;
  /** Absent in a second without any. */
  readonly shortages?: Shortages;
}

/** Requests that could not be sent because this side had no free port, or no free file descriptor. They are errors of kind `engine`, too. */
export interface Shortages {
  readonly ports: number;
  readonly files: number;
}

/** One second as the client saw it, counted from the first moment of load. */
export interface Interval {
  /** Whole seconds since the step's load began. */
  readonly second: number;
  readonly startedAtMs: number;
  /** Requests put on the wire in this second. */
  readonly sent: number;
  /** Journeys started in this second; 0 in the closed model, where a connection has no arrivals. */
  readonly arrivals: number;
  /** Journeys that should have started and were skipped by the engine. */
  readonly skipped: number;
  readonly rows: readonly IntervalRow[];
  readonly generator: GeneratorState;
}
