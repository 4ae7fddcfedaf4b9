import type { DemoBottleneck } from '../application.ts';

/** How the parts of the shop are set up: everything a bottleneck may change. */
export interface ShopParts {
  /** Connections of each instance, where the plan does not say. */
  readonly poolMax: number;
  readonly acquireTimeoutMs: number;
  /** Whether products may be cached, in the phases that have a cache. */
  readonly mayCache: boolean;
  readonly productStorageMs: number;
  readonly renderMs: number;
  /** What an instance keeps for ever, up to this size; 0 = nothing leaks. */
  readonly leakBytes: number;
}

interface ShopBottleneck extends DemoBottleneck {
  readonly changes: Partial<ShopParts>;
}

export const HEALTHY_PARTS: ShopParts = { poolMax: 15, acquireTimeoutMs: 2500, mayCache: true, productStorageMs: 0, renderMs: 0, leakBytes: 0 };

/** The figures are for the plan's first phase, 50 requests/s, but for the leak: today's single instance, 10 requests/s. */
export const SHOP_BOTTLENECKS: readonly ShopBottleneck[] = [
  {
    id: 'node-cpu',
    phase: '1',
    what: 'lists of products that compute 90 ms each on the event loop',
    changes: { renderMs: 90 },
  },
  {
    id: 'db-connections',
    phase: '1',
    what: 'queries for products that are not cached and hold one of five connections for 350 ms each',
    changes: { mayCache: false, poolMax: 5, productStorageMs: 350 },
  },
  {
    id: 'memory',
    phase: '0',
    what: 'an instance that forgets nothing: its heap fills to five sixths of its limit, and then collects garbage most of the time',
    changes: { leakBytes: 430_000_000 },
  },
];
