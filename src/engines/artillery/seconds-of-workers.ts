import type { Interval } from '../../model/interval.ts';
import { mergeSecond } from '../merge-seconds.ts';
import type { WorkerSecond } from './wire.ts';

/**
 * Puts the seconds of all workers together and lets each go once every worker has reported it. Seconds after the planned end are
 * held back while they are empty: artillery takes up to three to notice that nothing is left.
 */
export class SecondsOfWorkers {
  readonly #emit: (interval: Interval) => void;
  readonly #plannedSeconds: number;
  readonly #waiting = new Map<number, Map<number, WorkerSecond>>();
  readonly #ended = new Set<number>();
  /** The second that is due from each worker. */
  readonly #due = new Map<number, number>();
  #held: Interval[] = [];
  #workers = Infinity;
  #next = 0;
  #startedAtMs = 0;

  constructor(plannedSeconds: number, emit: (interval: Interval) => void) {
    this.#plannedSeconds = plannedSeconds;
    this.#emit = emit;
  }

  get allEnded(): boolean {
    return this.#ended.size >= this.#workers;
  }

  expect(workers: number): void {
    this.#workers = workers;
  }

  begin(startedAtMs: number): void {
    this.#startedAtMs = startedAtMs;
  }

  /** Gives what is wrong with the line, or null: a thread tells each of its seconds once, in order. */
  add(part: WorkerSecond): string | null {
    const due = this.#due.get(part.worker) ?? 0;
    if (part.second !== due) return `second ${part.second} of worker ${part.worker} came where second ${due} was due`;
    if (this.#ended.has(part.worker)) return `worker ${part.worker} went on after its end`;
    this.#due.set(part.worker, due + 1);
    const parts = this.#waiting.get(part.second) ?? new Map<number, WorkerSecond>();
    parts.set(part.worker, part);
    this.#waiting.set(part.second, parts);
    this.#release();
    return null;
  }

  end(worker: number): void {
    this.#ended.add(worker);
    this.#release();
  }

  /** No more will come, from nobody: what was reported goes out, whole or not. */
  finish(): void {
    this.#workers = 0;
    this.#release();
  }

  #release(): void {
    for (let parts = this.#waiting.get(this.#next); parts !== undefined; parts = this.#waiting.get(this.#next)) {
      const silent = [...this.#ended].filter((worker) => !parts?.has(worker)).length;
      if (parts.size + silent < this.#workers) return;
      this.#waiting.delete(this.#next);
      this.#pass(mergeSecond(this.#next, this.#startedAtMs + this.#next * 1000, [...parts.values()]));
      this.#next += 1;
    }
  }

  #pass(interval: Interval): void {
    this.#held.push(interval);
    const isEmpty = interval.rows.length === 0 && interval.sent === 0 && interval.arrivals === 0;
    if (isEmpty && interval.second >= this.#plannedSeconds) return;
    for (const held of this.#held) this.#emit(held);
    this.#held = [];
  }
}
