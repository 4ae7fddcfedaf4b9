import type { Redis } from 'ioredis';
import { Counters } from './counters.ts';
import type { Growth } from './counters.ts';
import { RedisInfo } from './redis-info.ts';
import { ServerClock } from './server-clock.ts';

const FIELDS = {
  hits: 'keyspace_hits', misses: 'keyspace_misses', evicted: 'evicted_keys', expired: 'expired_keys', rejected: 'rejected_connections',
  commands: 'total_commands_processed',
} as const;

export type RedisCounter = keyof typeof FIELDS | 'oom' | 'mainThreadSeconds' | 'calls' | 'micros' | 'slow';

/** What one server told at one tick. */
export interface NodeFigures {
  readonly info: RedisInfo;
  /** Null at the first tick, after a restart and when the server's clock was set. */
  readonly growth: Growth<RedisCounter> | null;
  /** Our own commands since the last tick. */
  readonly own: number;
}

/** One server: alone, or a master of a cluster. */
export class RedisNode {
  readonly #redis: Redis;
  readonly #counters = new Counters<RedisCounter>();
  readonly #clock = new ServerClock();
  #runId: string | null = null;
  #seesSlowLog = true;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  get redis(): Redis {
    return this.#redis;
  }

  get seesSlowLog(): boolean {
    return this.#seesSlowLog;
  }

  async info(): Promise<RedisInfo> {
    return new RedisInfo(await this.#redis.info('everything'));
  }

  async read(isFirst: boolean): Promise<NodeFigures> {
    const askedSeconds = performance.now() / 1000;
    const [info, slow] = await Promise.all([this.info(), this.slowCommands()]);
    const answeredSeconds = performance.now() / 1000;
    const runId = info.text('run_id');
    const serverSeconds = info.number('server_time_usec') / 1e6;
    const isSteady = Number.isNaN(serverSeconds) || this.#clock.isSteady({ serverSeconds, askedSeconds, answeredSeconds });
    if (isFirst || runId !== this.#runId || !isSteady) this.#counters.reset();
    this.#runId = runId;
    const growth = this.#counters.advance(countersOf(info, slow), Number.isNaN(serverSeconds) ? answeredSeconds : serverSeconds);
    return { info, growth, own: this.#seesSlowLog ? 2 : 1 };
  }

  /**
   * How many commands have ever gone into the slow log: they are numbered. Of what is in it only the number is looked at. NaN where the
   * log was emptied, or is not ours to see.
   */
  async slowCommands(): Promise<number> {
    if (!this.#seesSlowLog) return Number.NaN;
    const entries: unknown = await this.#redis.call('SLOWLOG', 'GET', '1').catch((error: unknown) => {
      if (!(error instanceof Error) || !/NOPERM|unknown command/i.test(error.message)) throw error;
      this.#seesSlowLog = false;
      return null;
    });
    const newest: unknown = Array.isArray(entries) ? entries[0] : null;
    if (Array.isArray(newest)) return Number(newest[0]) + 1;
    // Empty from the start: the first that comes has the number 0.
    return Array.isArray(entries) && this.#runId === null ? 0 : Number.NaN;
  }

  close(): void {
    this.#redis.disconnect();
  }
}

function countersOf(info: RedisInfo, slow: number): ReadonlyMap<RedisCounter, number> {
  const { calls, micros } = info.commands();
  return new Map<RedisCounter, number>([
    ...Object.entries(FIELDS).map(([name, field]) => [name as keyof typeof FIELDS, info.number(field)] as const),
    ['oom', info.partOf('errorstat_OOM', 'count')],
    ['mainThreadSeconds', info.number('used_cpu_user_main_thread') + info.number('used_cpu_sys_main_thread')],
    ['calls', calls], ['micros', micros], ['slow', slow],
  ]);
}
