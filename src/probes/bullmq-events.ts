import type { Redis } from 'ioredis';

/** Jobs that ended since the last reading; `timed` of them were also seen to start, and took `timeMs` in all. */
export interface JobsDone {
  readonly completed: number;
  readonly failed: number;
  readonly timed: number;
  readonly timeMs: number;
}

/** A job has about four events: enough for 1,200 jobs a second. */
const EVENTS_AT_ONCE = 5000;
/** Jobs that were seen to start and not to end; a queue that forgets to tell must not fill our memory. */
const MOST_STARTED = 20_000;

/**
 * Follows the stream of events a BullMQ queue keeps. Jobs themselves may be removed as soon as they are done, and with them the only
 * other record of how long they took; the ids of events are times of the Redis server.
 */
export class JobEvents {
  #lastId: string | null = null;
  readonly #startedMs = new Map<string, number>();

  reset(): void {
    this.#lastId = null;
    this.#startedMs.clear();
  }

  /** Null at the first reading, which only finds the end of the stream. */
  async readOn(redis: Redis, key: string): Promise<JobsDone | null> {
    if (this.#lastId === null) {
      const [last] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
      this.#lastId = last?.[0] ?? '0-0';
      return null;
    }
    const events = await redis.xrange(key, `(${this.#lastId}`, '+', 'COUNT', EVENTS_AT_ONCE);
    this.#lastId = events.at(-1)?.[0] ?? this.#lastId;
    const done = { completed: 0, failed: 0, timed: 0, timeMs: 0 };
    for (const [id, fields] of events) {
      const event = fieldOf(fields, 'event');
      const jobId = fieldOf(fields, 'jobId') ?? '';
      const atMs = Number(id.split('-')[0]);
      if (event === 'active') this.#started(jobId, atMs);
      if (event !== 'completed' && event !== 'failed') continue;
      done[event] += 1;
      const startedMs = this.#startedMs.get(jobId);
      this.#startedMs.delete(jobId);
      if (startedMs === undefined) continue;
      done.timed += 1;
      done.timeMs += atMs - startedMs;
    }
    return done;
  }

  #started(jobId: string, atMs: number): void {
    if (this.#startedMs.size >= MOST_STARTED) this.#startedMs.clear();
    this.#startedMs.set(jobId, atMs);
  }
}

function fieldOf(fields: readonly string[], name: string): string | null {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at < 0 ? null : fields[at + 1] ?? null;
}
