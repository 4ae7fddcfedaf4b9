import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ErrorKind, IntervalRow } from '../../../model/interval.ts';
import { LatencyRecorder } from '../../../stats/histogram.ts';
import { ShortageCount, type Shortage } from '../../shortage.ts';
import type { WorkerSecond } from '../wire.ts';

/** How one request ended. */
export interface Ending {
  readonly journey: string;
  readonly step: string;
  readonly error: ErrorKind | null;
  readonly status: number | null;
  readonly bytes: number;
  /** Send → last byte. */
  readonly latencyUs: number;
  readonly firstByteUs: number;
}

type Counts = Omit<WorkerSecond, 't' | 'worker' | 'inFlight'>;

/** What the loop-delay sampler adds by itself: it measures from one of its own wake-ups to the next. */
const SAMPLER_MS = 10;
/** No whole answer came: there is no end whose latency would mean anything. */
const UNANSWERED: ReadonlySet<ErrorKind> = new Set(['refused', 'reset', 'closed', 'timeout', 'dns', 'tls', 'engine']);

/** Counts what happens and hands out every second once it is over. Until `begin` everything belongs to second 0. */
export class Seconds {
  readonly #emit: (second: Counts) => void;
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #lag = monitorEventLoopDelay({ resolution: SAMPLER_MS });
  readonly #shortages = new ShortageCount();
  #loop = performance.eventLoopUtilization();
  #second = 0;
  #endsAtUs = Infinity;
  #sent = 0;
  #arrivals = 0;

  constructor(emit: (second: Counts) => void) {
    this.#emit = emit;
    this.#lag.enable();
  }

  begin(atUs: number): void {
    this.#endsAtUs = atUs + 1e6;
  }

  /** Closes every second that is over at `nowUs`; returns how long the open one still lasts. */
  advance(nowUs: number): number {
    while (nowUs >= this.#endsAtUs) this.close();
    return this.#endsAtUs - nowUs;
  }

  arrived(nowUs: number): void {
    this.advance(nowUs);
    this.#arrivals += 1;
  }

  sent(nowUs: number): void {
    this.advance(nowUs);
    this.#sent += 1;
  }

  ended(nowUs: number, ending: Ending): void {
    this.advance(nowUs);
    const steps = getOrAdd(this.#rows, ending.journey, () => new Map<string, Row>());
    getOrAdd(steps, ending.step, () => new Row(ending.journey, ending.step)).add(ending);
  }

  /** What kept a request from being sent, on this side. */
  lacked(what: Shortage | null): void {
    this.#shortages.add(what);
  }

  /** Hands out the open second, whole or not. */
  close(): void {
    const loop = performance.eventLoopUtilization();
    const rows = [...this.#rows.values()].flatMap((steps) => [...steps.values()].flatMap((row) => row.take()));
    this.#emit({
      second: this.#second,
      sent: this.#sent,
      arrivals: this.#arrivals,
      rows,
      generator: {
        loopUtilization: performance.eventLoopUtilization(loop, this.#loop).utilization,
        loopLagMs: Math.max(0, this.#lag.max / 1e6 - SAMPLER_MS),
        ...this.#shortages.take(),
      },
    });
    this.#lag.reset();
    this.#loop = loop;
    this.#second += 1;
    this.#endsAtUs += 1e6;
    this.#sent = 0;
    this.#arrivals = 0;
  }
}

class Row {
  readonly #journey: string;
  readonly #step: string;
  readonly #latency = new LatencyRecorder();
  readonly #errorLatency = new LatencyRecorder();
  readonly #ttfb = new LatencyRecorder();
  #requests = 0;
  #bytes = 0;
  #errors: Partial<Record<ErrorKind, number>> = {};
  #statuses: Record<string, number> = {};

  constructor(journey: string, step: string) {
    this.#journey = journey;
    this.#step = step;
  }

  add({ error, status, bytes, latencyUs, firstByteUs }: Ending): void {
    this.#requests += 1;
    this.#bytes += bytes;
    if (status !== null) this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (error === null) {
      this.#latency.record(latencyUs);
      this.#ttfb.record(firstByteUs);
      return;
    }
    this.#errors[error] = (this.#errors[error] ?? 0) + 1;
    if (!UNANSWERED.has(error)) this.#errorLatency.record(latencyUs);
  }

  /** Nothing, or the one row of this second. */
  take(): IntervalRow[] {
    if (this.#requests === 0) return [];
    const row = {
      journey: this.#journey,
      step: this.#step,
      requests: this.#requests,
      errors: this.#errors,
      statuses: this.#statuses,
      bytes: this.#bytes,
      latency: this.#latency.take(),
      errorLatency: this.#errorLatency.take(),
      ttfb: this.#ttfb.take(),
    };
    this.#requests = 0;
    this.#bytes = 0;
    this.#errors = {};
    this.#statuses = {};
    return [row];
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
