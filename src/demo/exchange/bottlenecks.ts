import type { DemoBottleneck } from '../application.ts';

/** How the parts of the application are set up: everything a bottleneck may change. */
export interface ExchangeParts {
  /** Connections the application opens to each database, whatever the plan says; null = as the plan says. */
  readonly poolMax: number | null;
  /** How long a request waits for one of them. */
  readonly acquireTimeoutMs: number;
  /** Whether there may be a Redis, for pages and queue, in the phases that have one. */
  readonly mayUseRedis: boolean;
  readonly pageStorageMs: number;
  readonly replyMs: number;
  readonly concurrency: number;
  /** How long a replica waits before it replays what the primary has committed. */
  readonly replayDelayMs: number;
}

interface ExchangeBottleneck extends DemoBottleneck {
  readonly changes: Partial<ExchangeParts>;
}

/** A network that takes a reply in 40 ms, told several at once. */
export const HEALTHY_PARTS: ExchangeParts = {
  poolMax: null, acquireTimeoutMs: 2500, mayUseRedis: true, pageStorageMs: 0, replyMs: 40, concurrency: 8, replayDelayMs: 0,
};

/** Figures are waits and limits rather than work, so that the same happens on fast and on slow machines. */
export const EXCHANGE_BOTTLENECKS: readonly ExchangeBottleneck[] = [
  {
    id: 'db-connections',
    phase: '0',
    what: 'PostgreSQL alone with one connection, and pages that hold it for 3 s each',
    // Today's load: 0.56 pages/s × 3 s = 1.7 connections needed, one there; at a quarter of the load 0.4.
    // Requests wait longer than they would use it, as today's answers of up to 15 s allow, and then go without.
    changes: { mayUseRedis: false, poolMax: 1, acquireTimeoutMs: 6000, pageStorageMs: 3000 },
  },
  {
    id: 'queue',
    what: 'a network that takes 2 s for a reply, and workers that tell it one at a time: mentions pile up',
    // One or two workers do 0.5 or 1 mentions a second; from the plan's first phase on 1.4 come, from the second on 14.
    changes: { replyMs: 2000, concurrency: 1 },
  },
  {
    id: 'replica-lag',
    what: 'replicas that replay what the primary has committed 3 s later',
    changes: { replayDelayMs: 3000 },
  },
];
