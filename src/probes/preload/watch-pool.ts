import Module from 'node:module';
import { add, AT } from './figures.ts';
import type { Figures } from './figures.ts';

/** What is used of a pool of the npm package `pg`. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}
interface PoolClient { release: (error?: unknown) => void }
type Acquired = (error: unknown, client?: PoolClient, release?: PoolClient['release']) => void;
type Connect = (this: Pool, done?: Acquired) => Promise<PoolClient> | undefined;

const PACKAGE = /(^|[\\/])pg-pool([\\/]|$)/;
const TIMEOUT = 'timeout exceeded when trying to connect';

/** Watches every pool the application makes with `pg`, by `require` or by `import`: `pg` itself takes its pool from `pg-pool` in CommonJS. */
export class PoolWatch {
  readonly #figures: Figures;
  readonly #pools = new Set<WeakRef<Pool>>();
  readonly #known = new WeakSet<Pool>();

  constructor(figures: Figures) {
    this.#figures = figures;
    const original: unknown = Reflect.get(Module, '_load');
    if (typeof original !== 'function') return;
    const watch = (loaded: unknown): void => this.#wrap(loaded);
    Reflect.set(Module, '_load', function load(this: unknown, request: unknown, ...rest: unknown[]): unknown {
      const loaded: unknown = Reflect.apply(original, this, [request, ...rest]);
      if (typeof request === 'string' && PACKAGE.test(request)) watch(loaded);
      return loaded;
    });
  }

  /** States of this moment; all pools together. */
  sample(): void {
    const sums = { used: 0, idle: 0, most: 0, waiting: 0 };
    for (const reference of this.#pools) {
      const pool = reference.deref();
      if (pool === undefined) {
        this.#pools.delete(reference);
        continue;
      }
      sums.used += pool.totalCount - pool.idleCount;
      sums.idle += pool.idleCount;
      sums.most += pool.options.max;
      sums.waiting += pool.waitingCount;
    }
    this.#figures[AT.poolUsed] = sums.used;
    this.#figures[AT.poolIdle] = sums.idle;
    this.#figures[AT.poolMax] = sums.most;
    this.#figures[AT.poolPending] = sums.waiting;
  }

  #wrap(loaded: unknown): void {
    const prototype: unknown = typeof loaded === 'function' ? loaded.prototype : null;
    if (typeof prototype !== 'object' || prototype === null || !('waitingCount' in prototype) || wrapped.has(prototype)) return;
    wrapped.add(prototype);
    const connect = Reflect.get(prototype, 'connect') as Connect;
    const note = (pool: Pool): void => this.#note(pool);
    const figures = this.#figures;
    Reflect.set(prototype, 'connect', function watchedConnect(this: Pool, done?: Acquired) {
      note(this);
      const startedMs = performance.now();
      if (typeof done === 'function') {
        return connect.call(this, (error, client) => {
          const held = settle(figures, startedMs, error, client);
          done(error, held, held?.release);
        });
      }
      const acquired = connect.call(this);
      return acquired?.then((client) => settle(figures, startedMs, null, client), (error: unknown) => {
        settle(figures, startedMs, error, undefined);
        throw error;
      });
    });
  }

  #note(pool: Pool): void {
    if (this.#known.has(pool)) return;
    this.#known.add(pool);
    this.#pools.add(new WeakRef(pool));
  }
}

const wrapped = new WeakSet<object>();

/** Notes how long it took to get a connection, and, once it is given back, how long it was held. */
function settle(figures: Figures, startedMs: number, error: unknown, client: PoolClient | undefined): PoolClient | undefined {
  const acquiredMs = performance.now();
  if (client === undefined || (error !== null && error !== undefined)) {
    if (error instanceof Error && error.message === TIMEOUT) add(figures, AT.poolTimeouts, 1);
    return client;
  }
  add(figures, AT.poolWaitMs, acquiredMs - startedMs);
  add(figures, AT.poolWaitCount, 1);
  const release = client.release;
  client.release = (reason) => {
    add(figures, AT.poolUseMs, performance.now() - acquiredMs);
    add(figures, AT.poolUseCount, 1);
    release.call(client, reason);
  };
  return client;
}
