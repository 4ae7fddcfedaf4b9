import type { ErrorKind, Interval, IntervalRow } from '../model/interval.ts';
import { LatencyRecorder } from '../stats/histogram.ts';
import type { LoggedRequest } from './source.ts';

interface Cell {
  readonly journey: string;
  readonly step: string;
  requests: number;
  bytes: number;
  readonly errors: Partial<Record<ErrorKind, number>>;
  readonly statuses: Record<string, number>;
  readonly latencyUs: number[];
  readonly errorLatencyUs: number[];
  readonly ttfbUs: number[];
}

/** Requests in any order → seconds since the first of them was sent, each with its rows. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = [];
  readonly #skipped = new Map<number, number>();

  add(request: LoggedRequest): void {
    this.#requests.push(request);
  }

  /** Journeys that were not started, as the tool itself counted them. */
  skip(atMs: number, count: number): void {
    this.#skipped.set(atMs, (this.#skipped.get(atMs) ?? 0) + count);
  }

  get count(): number {
    return this.#requests.length;
  }

  get startedAtMs(): number {
    return this.#requests.reduce((least, { startedAtMs }) => Math.min(least, startedAtMs), Infinity);
  }

  /** The shortest wait of those that timed out: all of them took at least that. */
  get timeoutMs(): number | null {
    const waits = this.#requests.flatMap(({ error, latencyMs }) => (error === 'timeout' ? [latencyMs] : []));
    return waits.length === 0 ? null : Math.max(1, Math.floor(waits.reduce((least, wait) => Math.min(least, wait), Infinity)));
  }

  /** `isArrival`: each request is a journey of its own. */
  seconds(isArrival: boolean): Interval[] {
    const startMs = this.startedAtMs;
    const cells = new Map<number, Map<string, Cell>>();
    const sent = new Map<number, number>();
    const skipped = new Map<number, number>();
    for (const request of this.#requests) {
      count(sent, Math.floor((request.startedAtMs - startMs) / 1000), 1);
      const second = Math.floor((request.startedAtMs + request.latencyMs - startMs) / 1000);
      const own = cells.get(second) ?? new Map<string, Cell>();
      cells.set(second, own);
      tell(cellFor(own, request), request);
    }
    for (const [atMs, some] of this.#skipped) count(skipped, Math.max(0, Math.floor((atMs - startMs) / 1000)), some);
    const last = [...sent.keys(), ...cells.keys()].reduce((most, second) => Math.max(most, second), 0);
    const recorder = new LatencyRecorder();
    return Array.from({ length: last + 1 }, (_, second): Interval => ({
      second, startedAtMs: startMs + second * 1000, sent: sent.get(second) ?? 0, arrivals: isArrival ? (sent.get(second) ?? 0) : 0, skipped: skipped.get(second) ?? 0,
      rows: [...(cells.get(second)?.values() ?? [])].map((cell) => rowOf(cell, recorder)),
      generator: UNKNOWN_GENERATOR,
    }));
  }
}

/** No file of another tool says how its own loop fared: nothing speaks for or against it. */
export const UNKNOWN_GENERATOR = { loopUtilization: 0, loopLagMs: 0 } as const;

function cellFor(cells: Map<string, Cell>, { journey, step }: LoggedRequest): Cell {
  const key = `${journey}\n${step}`;
  const known = cells.get(key);
  if (known !== undefined) return known;
  const fresh: Cell = { journey, step, requests: 0, bytes: 0, errors: {}, statuses: {}, latencyUs: [], errorLatencyUs: [], ttfbUs: [] };
  cells.set(key, fresh);
  return fresh;
}

function tell(cell: Cell, { latencyMs, ttfbMs, status, error, bytes }: LoggedRequest): void {
  cell.requests += 1;
  cell.bytes += bytes;
  if (status > 0) cell.statuses[status] = (cell.statuses[status] ?? 0) + 1;
  if (error === null) {
    cell.latencyUs.push(latencyMs * 1000);
    if (ttfbMs !== null) cell.ttfbUs.push(ttfbMs * 1000);
    return;
  }
  cell.errors[error] = (cell.errors[error] ?? 0) + 1;
  if (status > 0) cell.errorLatencyUs.push(latencyMs * 1000);
}

function rowOf({ journey, step, requests, bytes, errors, statuses, ...lists }: Cell, recorder: LatencyRecorder): IntervalRow {
  const encode = (values: readonly number[]) => {
    for (const value of values) recorder.record(Math.max(0, value));
    return recorder.take();
  };
  return { journey, step, requests, bytes, errors, statuses, latency: encode(lists.latencyUs), errorLatency: encode(lists.errorLatencyUs), ttfb: encode(lists.ttfbUs) };
}

function count(counts: Map<number, number>, second: number, more: number): void {
  counts.set(second, (counts.get(second) ?? 0) + more);
}
