import { monitorEventLoopDelay, performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { ErrorKind, GeneratorState, Interval, IntervalRow } from '../../model/interval.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder } from '../../stats/histogram.ts';
import { ShortageCount, type Shortage } from '../shortage.ts';

/** How often the event loop's delay is looked at; the figure is part of what Node reports and is taken off again. */
const DELAY_RESOLUTION_MS = 10;
/** Statuses have three digits. */
const STATUSES = 1000;

/** Counts of one row in the running second. */
interface Row {
  readonly latency: LatencyRecorder;
  readonly ttfb: LatencyRecorder;
  /** Made when the first error is answered: most rows never need it. */
  errorLatency: LatencyRecorder | null;
  readonly statuses: Uint32Array;
  readonly seenStatuses: Set<number>;
  errors: Partial<Record<ErrorKind, number>>;
  requests: number;
  bytes: number;
}

/**
 * Counts what connections report and closes one second after the other. Times are `performance.now()` in ms.
 * A request belongs to the second in which its last byte was read, also when the timer comes late.
 */
export class IntervalRecorder {
  readonly #slots: readonly { readonly journey: string; readonly step: string }[];
  readonly #emit: (interval: Interval) => void;
  readonly #rows: readonly Row[];
  readonly #startedAt: number;
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  readonly #shortages = new ShortageCount();
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();
  #second = 0;
  #secondEndsAt: number;
  #sent = 0;
  #ended = 0;

  constructor(slots: readonly { readonly journey: string; readonly step: string }[], startedAt: number, emit: (interval: Interval) => void) {
    this.#slots = slots;
    this.#emit = emit;
    this.#rows = slots.map(() => ({
      latency: new LatencyRecorder(), ttfb: new LatencyRecorder(), errorLatency: null,
      statuses: new Uint32Array(STATUSES), seenStatuses: new Set(), errors: {}, requests: 0, bytes: 0,
    }));
    this.#startedAt = startedAt;
    this.#secondEndsAt = startedAt + 1000;
    this.#delay.enable();
  }

  sent(): void {
    this.#sent += 1;
  }

  /** A measured request that got a whole answer; `kind` says why it is no success. */
  answer(slot: number, now: number, kind: ErrorKind | null, status: number, latencyMs: number, ttfbMs: number, bytes: number): void {
    if (now >= this.#secondEndsAt) this.roll(now);
    const row = this.#row(slot);
    row.requests += 1;
    row.bytes += bytes;
    this.#ended += 1;
    if (row.statuses[status] === 0) row.seenStatuses.add(status);
    row.statuses[status] = (row.statuses[status] ?? 0) + 1;
    if (kind === null) {
      row.latency.record(latencyMs * 1000);
      row.ttfb.record(ttfbMs * 1000);
    } else {
      row.errors[kind] = (row.errors[kind] ?? 0) + 1;
      row.errorLatency ??= new LatencyRecorder();
      row.errorLatency.record(latencyMs * 1000);
    }
  }

  /** A measured request that ended without a whole answer. */
  loss(slot: number, now: number, kind: ErrorKind, bytes: number): void {
    if (now >= this.#secondEndsAt) this.roll(now);
    const row = this.#row(slot);
    row.requests += 1;
    row.bytes += bytes;
    this.#ended += 1;
    row.errors[kind] = (row.errors[kind] ?? 0) + 1;
  }

  /** What kept a request from being sent, on this side. */
  lacked(what: Shortage | null): void {
    this.#shortages.add(what);
  }

  /** Closes every second that is over at this moment. */
  roll(now: number): void {
    while (now >= this.#secondEndsAt) this.#close();
  }

  /** Closes the last second, which may be a part of one; without anything in it there is none. */
  finish(now: number): void {
    this.roll(now);
    if (this.#sent > 0 || this.#ended > 0) this.#close();
    this.#delay.disable();
  }

  #row(slot: number): Row {
    const row = this.#rows[slot];
    if (row === undefined) throw new RangeError(`there is no row ${slot}`);
    return row;
  }

  #close(): void {
    this.#emit({
      second: this.#second,
      startedAtMs: performance.timeOrigin + this.#startedAt + this.#second * 1000,
      sent: this.#sent,
      arrivals: 0,
      skipped: 0,
      rows: this.#slots.flatMap(({ journey, step }, slot) => {
        const row = this.#row(slot);
        return row.requests === 0 ? [] : [takeRow(journey, step, row)];
      }),
      generator: this.#takeGenerator(),
    });
    this.#sent = 0;
    this.#ended = 0;
    this.#second += 1;
    this.#secondEndsAt = this.#startedAt + (this.#second + 1) * 1000;
  }

  #takeGenerator(): GeneratorState {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    // Several seconds closed at once, after the loop was blocked: the first of them has the reading.
    const lagMs = this.#delay.count === 0 ? 0 : Math.max(0, this.#delay.max / 1e6 - DELAY_RESOLUTION_MS);
    this.#delay.reset();
    return { loopUtilization: Number.isFinite(utilization) ? Math.min(1, utilization) : 0, loopLagMs: Math.round(lagMs * 1000) / 1000, ...this.#shortages.take() };
  }
}

function takeRow(journey: string, step: string, row: Row): IntervalRow {
  const taken: IntervalRow = {
    journey, step,
    requests: row.requests,
    errors: row.errors,
    statuses: Object.fromEntries([...row.seenStatuses].map((status) => [String(status), row.statuses[status] ?? 0])),
    bytes: row.bytes,
    latency: row.latency.take(),
    errorLatency: row.errorLatency?.take() ?? EMPTY_HISTOGRAM,
    ttfb: row.ttfb.take(),
  };
  for (const status of row.seenStatuses) row.statuses[status] = 0;
  row.seenStatuses.clear();
  row.errors = {};
  row.requests = 0;
  row.bytes = 0;
  return taken;
}
