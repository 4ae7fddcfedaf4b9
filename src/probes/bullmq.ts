import type { Redis } from 'ioredis';
import { ScaleplanError } from '../errors.ts';
import { JobEvents } from './bullmq-events.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading, Shortfall } from './probe.ts';
import { connectRedis, describeRedisRefusal } from './redis-connection.ts';

/**
 * Reads one BullMQ queue: `redis://host?queue=mail` (`&prefix=bull`, `&concurrency=5`). Lengths and the end of its event stream, never KEYS or SCAN.
 * Lengths of lists that are empty count as look-ups that missed: at most six a second, on the queue's instance.
 */
export const bullmqProbe: OpenProbe = (options) => new BullmqProbe(options);

/** CLIENT LIST grows with the number of clients: the number of workers changes seldom. */
const WORKERS_EVERY_TICKS = 5;

class BullmqProbe implements Probe {
  readonly kind = 'bullmq';
  readonly #options: ProbeOptions;
  readonly #queue: string;
  readonly #prefix: string;
  readonly #events = new JobEvents();
  /** Jobs one worker does at a time: it stands in the application's code alone. Null: nobody said. */
  readonly #concurrency: number | null;
  #redis: Redis | null = null;
  #ticks = 0;
  #workerCount: number | null = null;
  #seesClients = true;

  constructor(options: ProbeOptions) {
    this.#options = options;
    const { searchParams } = new URL(options.address);
    this.#queue = searchParams.get('queue') ?? '';
    this.#prefix = searchParams.get('prefix') ?? 'bull';
    const concurrency = Number(searchParams.get('concurrency'));
    this.#concurrency = Number.isInteger(concurrency) && concurrency > 0 ? concurrency : null;
  }

  async open(signal: AbortSignal): Promise<string> {
    const { address, timeoutMs } = this.#options;
    if (this.#queue === '') throw new ScaleplanError('probe-refused', 'the address names no queue', { hint: 'Write bullmq=redis://host:6379?queue=mail.' });
    const redis = await connectRedis(address, timeoutMs, signal);
    this.#redis = redis;
    // All that every tick asks for: a right that is missing is told now, not as readings that never come.
    const isThere = await this.#asking(async () => {
      await this.#lengths(redis);
      await redis.hget(this.#key('meta'), 'opts.maxLenEvents');
      await redis.xrevrange(this.#key('events'), '+', '-', 'COUNT', 1);
      await redis.xrange(this.#key('events'), '-', '+', 'COUNT', 1);
      return redis.exists(this.#key('meta'));
    });
    return `queue ${this.#queue}${isThere === 1 ? '' : ' (no such queue yet)'}`;
  }

  async read(elapsedSeconds: number): Promise<readonly Reading[]> {
    const redis = this.#redis;
    if (redis === null) throw new ScaleplanError('probe-refused', 'the connection to Redis is closed');
    if (elapsedSeconds === 0) this.#events.reset();
    return this.#asking(async () => {
      const [lengths, work, workers] = [await this.#lengths(redis), await this.#work(redis, elapsedSeconds), await this.#workers(redis)];
      return [...lengths, ...work, ...workers, ...this.#utilization(lengths)];
    });
  }

  async close(): Promise<void> {
    this.#redis?.disconnect();
    this.#redis = null;
  }

  shortfalls(): readonly Shortfall[] {
    const user = decodeURIComponent(new URL(this.#options.address).username) || 'default';
    return [
      ...(this.#seesClients ? [] : [{ what: 'the number of workers', remedy: `ACL SETUSER ${user} +client|list` }]),
      ...(this.#concurrency === null ? [{ what: 'how busy the workers are', remedy: 'add &concurrency=N to the address, as the application gives it to its workers' }] : []),
    ];
  }

  async #lengths(redis: Redis): Promise<Reading[]> {
    const [wait, paused, prioritized, active, delayed, isPaused, oldest, nowParts] = await Promise.all([
      redis.llen(this.#key('wait')), redis.llen(this.#key('paused')), redis.zcard(this.#key('prioritized')),
      redis.llen(this.#key('active')), redis.zcard(this.#key('delayed')), redis.hexists(this.#key('meta'), 'paused'),
      redis.lindex(this.#key('wait'), -1), redis.time(),
    ]);
    const nowMs = Number(nowParts[0]) * 1000 + Number(nowParts[1]) / 1000;
    // Jobs are taken from the right, so that the last one has waited longest.
    const since = oldest === null ? null : await redis.hget(this.#key(oldest), 'timestamp');
    const ageMs = oldest === null ? 0 : since === null ? Number.NaN : Math.max(0, nowMs - Number(since));
    return [
      { metric: 'queue.depth', value: wait + paused + prioritized },
      { metric: 'queue.active', value: active },
      { metric: 'queue.delayed', value: delayed },
      { metric: 'queue.paused', value: isPaused },
      { metric: 'queue.age', value: ageMs },
    ];
  }

  async #work(redis: Redis, elapsedSeconds: number): Promise<Reading[]> {
    const done = await this.#events.readOn(redis, this.#key('events'));
    if (done === null || elapsedSeconds <= 0) return [];
    return [
      { metric: 'queue.processing_rate', value: done.completed / elapsedSeconds },
      { metric: 'queue.worker_failures', value: done.failed / elapsedSeconds },
      ...(done.timed > 0 ? [{ metric: 'queue.job_time', value: done.timeMs / done.timed, weight: done.timed } as const] : []),
    ];
  }

  /** BullMQ's workers name their connections after the queue. Where CLIENT LIST is not allowed the figure is absent. */
  async #workers(redis: Redis): Promise<Reading[]> {
    this.#ticks += 1;
    if (this.#ticks % WORKERS_EVERY_TICKS !== 1) return [];
    const name = `${this.#prefix}:${Buffer.from(this.#queue).toString('base64')}`;
    const list = await redis.client('LIST').catch(() => null);
    this.#seesClients = typeof list === 'string';
    if (typeof list !== 'string') return [];
    const names = [...list.matchAll(/ name=(\S*)/g)].map((match) => match[1] ?? '');
    this.#workerCount = names.filter((each) => each === name || each.startsWith(`${name}:w:`)).length;
    return [{ metric: 'queue.workers', value: this.#workerCount }];
  }

  /** A job whose worker has died stays active until it is found stalled, so that there may be more of them than hands. */
  #utilization(lengths: readonly Reading[]): Reading[] {
    const active = lengths.find(({ metric }) => metric === 'queue.active')?.value ?? Number.NaN;
    const hands = (this.#workerCount ?? 0) * (this.#concurrency ?? Number.NaN);
    return hands > 0 ? [{ metric: 'queue.worker_utilization', value: Math.min(100, (100 * active) / hands) }] : [];
  }

  #key(part: string): string {
    return `${this.#prefix}:${this.#queue}:${part}`;
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw describeRedisRefusal(error, this.#options.address);
    }
  }
}
