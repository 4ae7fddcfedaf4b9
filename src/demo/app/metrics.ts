import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const UTILIZATION_PERIOD_MS = 1000;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type AppMetrics = ReturnType<typeof createMetrics>;

/** What the application tells of itself: prom-client's defaults, the pool under OpenTelemetry's names, its own counters. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const utilization = new Gauge({ name: 'nodejs_eventloop_utilization', help: 'Busy share of the event loop in the last whole second', registers });
  // Counters as well: whoever scrapes can form the share over a window of his own.
  const loopTime = new Counter({ name: 'nodejs_eventloop_time_seconds_total', help: 'Time the event loop spent by state', labelNames: ['state'] as const, registers });
  let last = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const period = performance.eventLoopUtilization(now, last);
    last = now;
    utilization.set(period.utilization);
    loopTime.inc({ state: 'active' }, period.active / 1000);
    loopTime.inc({ state: 'idle' }, period.idle / 1000);
  }, UTILIZATION_PERIOD_MS).unref();
  const cacheRequests = new Counter({ name: 'cache_requests_total', help: 'Look-ups of the cache by result', labelNames: ['result'] as const, registers });
  // From zero on: a counter that appears with its first event hides that event from whoever takes differences.
  for (const result of ['hit', 'miss'] as const) cacheRequests.inc({ result }, 0);
  for (const state of ['active', 'idle'] as const) loopTime.inc({ state }, 0);
  return {
    registry,
    stop: () => clearInterval(timer),
    requestSeconds: new Histogram({ name: 'http_request_duration_seconds', help: 'Time to answer by route and status', labelNames: ['route', 'status'] as const, buckets: SECONDS, registers }),
    poolCount: new Gauge({ name: 'db_client_connection_count', help: 'Connections of the pool by state', labelNames: ['state'] as const, registers }),
    poolMax: new Gauge({ name: 'db_client_connection_max', help: 'The most connections the pool may open', registers }),
    poolPending: new Gauge({ name: 'db_client_connection_pending_requests', help: 'Requests waiting for a connection of the pool', registers }),
    poolWaitSeconds: new Histogram({ name: 'db_client_connection_wait_time_seconds', help: 'Time to get a connection of the pool', buckets: SECONDS, registers }),
    poolUseSeconds: new Histogram({ name: 'db_client_connection_use_time_seconds', help: 'Time a connection was held', buckets: SECONDS, registers }),
    poolTimeouts: new Counter({ name: 'db_client_connection_timeouts', help: 'Requests that got no connection in time', registers }),
    cacheRequests,
    cacheErrors: new Counter({ name: 'cache_errors_total', help: 'Commands the cache refused or did not answer', registers }),
    vectorSearchSeconds: new Histogram({ name: 'vector_search_duration_seconds', help: 'Time of a vector search as the application sees it', buckets: SECONDS, registers }),
    queueJobs: new Gauge({ name: 'queue_jobs', help: 'Jobs of the publish queue by state', labelNames: ['state'] as const, registers }),
    queueJobSeconds: new Histogram({ name: 'queue_job_duration_seconds', help: 'Time the worker needed for a job', buckets: SECONDS, registers }),
    queueCompleted: new Counter({ name: 'queue_jobs_completed_total', help: 'Jobs done', registers }),
    queueFailed: new Counter({ name: 'queue_jobs_failed_total', help: 'Jobs failed', registers }),
  };
}
