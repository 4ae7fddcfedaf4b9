import type { MetricName } from '../model/metrics.ts';

/**
 * How a metric is formed from an application's figures: `gauge` the sum of its series · `rate` growth per second ·
 * `mean` growth of `_sum` over growth of `_count` · `count-rate` growth of `_count` per second · `sum-share` growth of `_sum` (seconds)
 * of the time that passed.
 */
export type NodeForm = 'gauge' | 'rate' | 'mean' | 'count-rate' | 'sum-share';

export interface NodeName {
  readonly metric: MetricName;
  readonly form: NodeForm;
  /** In order of preference, dots written as underscores; the first that is on the page counts. */
  readonly names: readonly string[];
  /** Only series of which one of the labels has one of these values. */
  readonly where?: readonly string[];
  readonly factor: number;
}

const ASKED = ['db_client_connection_wait_time_seconds', 'db_client_connection_wait_time_milliseconds', 'db_client_connection_wait_time'];
const HELD = ['db_client_connection_use_time_seconds', 'db_client_connection_use_time_milliseconds', 'db_client_connection_use_time'];
const REQUESTS = ['http_server_request_duration_seconds', 'http_request_duration_seconds', 'http_server_duration_milliseconds'];
const JOBS = ['queue_job_duration_seconds', 'bullmq_job_duration_milliseconds', 'bullmq_job_duration'];
const QUEUES = ['queue_jobs', 'bullmq_job_count', 'bullmq_queue_jobs'];

/** What prom-client, OpenTelemetry's instrumentations and BullMQ call things; other names come by the configuration. */
export const NODE_NAMES: readonly NodeName[] = [
  { metric: 'postgres.pool_used', form: 'gauge', names: ['db_client_connection_count'], where: ['used'], factor: 1 },
  { metric: 'postgres.pool_max', form: 'gauge', names: ['db_client_connection_max'], factor: 1 },
  { metric: 'postgres.pool_waiting', form: 'gauge', names: ['db_client_connection_pending_requests'], factor: 1 },
  { metric: 'postgres.pool_acquire_time', form: 'mean', names: ASKED, factor: 1 },
  { metric: 'postgres.pool_acquires', form: 'count-rate', names: ASKED, factor: 1 },
  { metric: 'postgres.query_time', form: 'mean', names: HELD, factor: 1 },
  { metric: 'postgres.connection_errors', form: 'rate', names: ['db_client_connection_timeouts'], factor: 1 },
  { metric: 'cache.hits', form: 'rate', names: ['cache_requests'], where: ['hit'], factor: 1 },
  { metric: 'cache.misses', form: 'rate', names: ['cache_requests'], where: ['miss'], factor: 1 },
  { metric: 'queue.depth', form: 'gauge', names: QUEUES, where: ['waiting', 'wait', 'paused', 'prioritized'], factor: 1 },
  { metric: 'queue.active', form: 'gauge', names: QUEUES, where: ['active'], factor: 1 },
  { metric: 'queue.job_time', form: 'mean', names: JOBS, factor: 1 },
  { metric: 'queue.processing_rate', form: 'rate', names: ['queue_jobs_completed', 'bullmq_jobs_completed'], factor: 1 },
  { metric: 'queue.worker_failures', form: 'rate', names: ['queue_jobs_failed', 'bullmq_jobs_failed'], factor: 1 },
  { metric: 'queue.worker_utilization', form: 'gauge', names: ['queue_worker_utilization_ratio'], factor: 100 },
  { metric: 'node.cpu', form: 'rate', names: ['process_cpu_seconds', 'process_cpu_time_seconds', 'process_cpu_time'], factor: 100 },
  { metric: 'node.memory', form: 'gauge', names: ['process_resident_memory_bytes', 'process_memory_usage_bytes', 'process_memory_usage'], factor: 1 },
  { metric: 'node.heap_used', form: 'gauge', names: ['nodejs_heap_size_used_bytes', 'v8js_memory_heap_used_bytes', 'v8js_memory_heap_used'], factor: 1 },
  { metric: 'node.gc_time', form: 'sum-share', names: ['nodejs_gc_duration_seconds', 'v8js_gc_duration_seconds', 'v8js_gc_duration'], factor: 100 },
  { metric: 'node.sync_io_time', form: 'rate', names: ['scaleplan_sync_io_seconds'], factor: 100 },
  { metric: 'node.sync_io_calls', form: 'rate', names: ['scaleplan_sync_io_calls'], factor: 1 },
  { metric: 'node.requests', form: 'count-rate', names: REQUESTS, factor: 1 },
  { metric: 'node.request_time', form: 'mean', names: REQUESTS, factor: 1 },
  { metric: 'files.read_time', form: 'mean', names: ['file_read_duration_seconds'], factor: 1 },
  { metric: 'files.count', form: 'gauge', names: ['files_count'], factor: 1 },
];

/** Delay of the event loop, in seconds: prom-client's and OpenTelemetry's name; `{}` is the statistic. */
export const LOOP_DELAYS = ['nodejs_eventloop_lag_{}_seconds', 'nodejs_eventloop_delay_{}_seconds', 'nodejs_eventloop_delay_{}'];
/** The preload's delays, counted since the start: nobody who reads them takes them away from another. */
export const LOOP_DELAY_COUNTS = 'scaleplan_event_loop_delay_seconds';
/** Seconds the loop spent, by a label that says `active` (or `busy`) and `idle`. */
export const LOOP_TIMES = ['nodejs_eventloop_time_seconds', 'nodejs_eventloop_time'];
/** 0…1 over whatever span the application chose. */
export const LOOP_UTILIZATIONS = ['nodejs_eventloop_utilization', 'nodejs_eventloop_utilization_ratio'];
