import type { MetricName } from '../../src/model/metrics.ts';
import type { Course } from './situation-builder.ts';

export type Courses = Partial<Record<MetricName, Course>>;

/** A system of the usual parts, well at its load: every metric the rules look at, at a level nobody would look at twice. */
export const WELL: Courses = {
  'http.throughput': [8.3, 33], 'http.mean': [8, 9], 'http.p95': [20, 22], 'http.error_rate': 0,
  'postgres.connections': 24, 'postgres.connections_used': 40, 'postgres.slots': 60, 'postgres.active': [0.1, 0.2], 'postgres.active_on_cpu': 0.1,
  'postgres.idle_in_transaction': 0, 'postgres.lock_waiting': 0, 'postgres.io_waiting': 0, 'postgres.latch_waiting': 0, 'postgres.deadlocks': 0,
  'postgres.commits': [12, 48], 'postgres.query_time': 3, 'postgres.pool_waiting': 0, 'postgres.pool_acquire_time': 0.2, 'postgres.pool_max': 20, 'postgres.pool_used': 0.3,
  'postgres.pool_acquires': [12, 48], 'postgres.connection_errors': 0, 'postgres.longest_lock_wait': 0, 'postgres.longest_idle_in_transaction': 0,
  'redis.hits': [8, 32], 'redis.misses': 1, 'redis.evictions': 0, 'redis.oom_errors': 0, 'redis.rejected': 0, 'redis.memory_used': 30, 'redis.keys': 900, 'redis.main_thread_cpu': 1,
  'qdrant.search_time': 8, 'qdrant.search_mean': 4, 'qdrant.searches': [0.8, 3.3], 'qdrant.major_faults': 0, 'qdrant.errors': 0, 'qdrant.quota_exceeded': 0,
  'node.event_loop_lag': 6, 'node.event_loop_lag_max': 14, 'node.event_loop_utilization': [5, 20], 'node.cpu': [6, 22], 'node.run_queue_wait': 2, 'node.sync_io_time': 0.2,
  'node.gc_time': 1, 'node.heap_used': 5e7, 'node.memory': 1.4e8, 'node.requests': [8.3, 33], 'node.request_time': [7, 8], 'node.major_faults': 0,
  'host.cpu': [15, 45], 'host.cpu_pressure': 6, 'host.run_queue_wait': 5, 'host.steal': 0, 'host.cpu_throttled': 0, 'host.memory': 60, 'host.memory_pressure': 0,
  'host.io_pressure': 1, 'host.disk_read_time': 2, 'host.swap_in': 0, 'host.major_faults': 0, 'host.oom_kills': 0, 'host.network_retransmits': 0.01,
  'queue.depth': 0, 'queue.active': 0.3, 'queue.job_time': 20, 'queue.processing_rate': 3, 'queue.worker_failures': 0, 'queue.worker_utilization': 6, 'queue.age': 5, 'queue.workers': 1, 'queue.paused': 0,
  'files.read_time': 0.4, 'postgres.replica_lag': 3, 'postgres.replica_bytes_behind': 2000, 'generator.loop_lag': 8, 'generator.loop_utilization': 20,
};

/** Users wait for what is wrong: the answers of one that is in trouble. */
const TROUBLE: Courses = { 'http.throughput': [8.3, 27], 'http.mean': [9, 900], 'http.p95': [22, 2400] };

/** A pool of five, each connection held 52 ms: 96 a second, and more are wanted. */
const SHORT_POOL: Courses = {
  ...TROUBLE, 'postgres.pool_waiting': [0, 45], 'postgres.pool_acquire_time': [1, 465], 'postgres.query_time': 52, 'postgres.pool_max': 5, 'postgres.pool_used': [1, 5],
  'postgres.pool_acquires': [24, 96], 'postgres.active': [1, 5], 'postgres.active_on_cpu': 0.2, 'postgres.connections': 6, 'node.request_time': [8, 890],
};

/** What is wrong, and what is read of it. The first of each id is sudden: it stands for all of the judged part. */
export const ILL: Readonly<Record<string, Courses>> = {
  'db-connections': SHORT_POOL,
  'db-query': {
    ...TROUBLE, 'postgres.query_time': [20, 640], 'postgres.active': [0.3, 18], 'postgres.pool_used': [0.3, 18], 'postgres.pool_acquires': [8, 28], 'node.request_time': [30, 890],
  },
  'db-lock': {
    ...TROUBLE, 'postgres.lock_waiting': [0, 9], 'postgres.active': [0.3, 10], 'postgres.longest_lock_wait': [0, 1800], 'postgres.pool_used': [1, 12], 'node.request_time': [8, 890],
    'postgres.query_time': [5, 400],
  },
  qdrant: { ...TROUBLE, 'qdrant.search_time': [60, 4800], 'qdrant.search_mean': [50, 7000], 'qdrant.searches': [0.8, 2.4], 'node.request_time': [14, 890] },
  cache: { ...TROUBLE, 'redis.hits': [7, 6], 'redis.misses': [1, 26], 'redis.evictions': [0, 24], 'redis.memory_used': [60, 100], 'postgres.query_time': [5, 600], 'postgres.active': [0.1, 15], 'postgres.commits': [4, 27], 'node.request_time': [9, 890] },
  'node-cpu': { ...TROUBLE, 'node.event_loop_lag': [8, 420], 'node.event_loop_lag_max': [20, 700], 'node.cpu': [24, 98], 'node.event_loop_utilization': [25, 99], 'host.cpu': [20, 70], 'node.request_time': [9, 800] },
  'event-loop-blocked': { ...TROUBLE, 'node.event_loop_lag': [40, 480], 'node.event_loop_lag_max': [150, 600], 'node.cpu': [4, 15], 'node.event_loop_utilization': [22, 88], 'node.sync_io_time': [18, 75], 'node.request_time': [9, 800] },
  'host-cpu': { ...TROUBLE, 'host.cpu': [30, 99], 'host.cpu_pressure': [8, 92], 'host.run_queue_wait': [6, 320], 'node.cpu': [8, 31], 'node.run_queue_wait': [2, 62], 'node.event_loop_lag': [8, 180], 'node.event_loop_lag_max': [20, 320], 'node.event_loop_utilization': [8, 93], 'node.request_time': [9, 500] },
  memory: { ...TROUBLE, 'node.gc_time': [2, 46], 'node.heap_used': (second) => 6e7 + second * 5e6, 'node.cpu': [10, 97], 'node.event_loop_lag': [8, 300], 'node.event_loop_lag_max': [20, 500], 'node.event_loop_utilization': [12, 96], 'node.request_time': [9, 800] },
  queue: { 'queue.depth': (second) => Math.max(0, (second - 20) * 6), 'queue.active': [0.6, 2], 'queue.worker_utilization': [30, 100], 'queue.job_time': 500, 'queue.processing_rate': [1.2, 4], 'queue.age': (second) => Math.max(0, (second - 20) * 600) },
  'file-reads': { ...TROUBLE, 'files.read_time': [30, 700], 'node.request_time': [35, 890] },
  'replica-lag': { 'postgres.replica_lag': [10, 3200], 'postgres.replica_bytes_behind': [2000, 4e6] },
  network: { ...TROUBLE, 'node.request_time': [7, 9], 'host.network_retransmits': [0, 6] },
};

/** Look-alikes of the short pool, and of each other: which is named, and which must not be. */
export const LOOK_ALIKES: readonly { readonly what: string; readonly courses: Courses; readonly named: readonly string[] }[] = [
  { what: 'a pool in front of a lock', named: ['db-lock'], courses: { ...SHORT_POOL, 'postgres.query_time': [5, 400], 'postgres.pool_acquires': [24, 12], 'postgres.lock_waiting': [0, 4], 'postgres.longest_lock_wait': [0, 2500] } },
  { what: 'a pool whose transactions are held open by the application', named: [], courses: { ...SHORT_POOL, 'postgres.query_time': [50, 700], 'postgres.pool_acquires': [6, 7], 'postgres.active': [0.2, 0.5], 'postgres.idle_in_transaction': [0, 4.5], 'postgres.longest_idle_in_transaction': [0, 650] } },
  { what: 'a pool in front of a database without CPU', named: ['db-query'], courses: { ...SHORT_POOL, 'postgres.query_time': [15, 260], 'postgres.pool_acquires': [24, 19], 'postgres.active_on_cpu': [0.3, 4.8], 'host.cpu': [30, 99], 'host.cpu_pressure': [9, 80] } },
  { what: 'a pool in front of a slow disk', named: ['db-query'], courses: { ...SHORT_POOL, 'postgres.query_time': [15, 260], 'postgres.pool_acquires': [24, 19], 'postgres.io_waiting': [0, 4.2] } },
  { what: 'a pool behind a cache that evicts', named: ['cache'], courses: { ...SHORT_POOL, 'redis.hits': [7, 20], 'redis.misses': [1, 80], 'redis.evictions': [0, 70], 'postgres.commits': [20, 80] } },
  { what: 'a pool held by a late event loop', named: ['node-cpu'], courses: { ...ILL['node-cpu'], 'postgres.pool_waiting': [0, 6], 'postgres.pool_acquire_time': [1, 700], 'postgres.query_time': [3, 500], 'postgres.pool_used': [1, 20], 'postgres.active': [0.2, 0.3] } },
  { what: 'a cold cache that fills up', named: [], courses: { ...TROUBLE, 'redis.hits': (second) => second / 3, 'redis.misses': (second) => Math.max(2, 26 - second / 3), 'redis.keys': (second) => 20 * second, 'postgres.commits': (second) => Math.max(2, 26 - second / 3), 'postgres.query_time': 60, 'postgres.active': [0.5, 4], 'node.request_time': [9, 890] } },
  { what: 'all keys fit, and the host has no CPU', named: ['host-cpu'], courses: ILL['host-cpu'] ?? {} },
  { what: 'synchronous reads, not computing', named: ['event-loop-blocked'], courses: { ...ILL['event-loop-blocked'], 'node.sync_io_time': () => Number.NaN } },
  { what: 'one long calculation now and then', named: ['event-loop-blocked'], courses: { ...TROUBLE, 'node.event_loop_lag': [20, 140], 'node.event_loop_lag_max': (second) => (second < 20 ? 30 : second % 2 === 0 ? 900 : 40), 'node.cpu': [12, 58], 'node.event_loop_utilization': [14, 62], 'node.request_time': [9, 800] } },
  { what: 'a process starved by others', named: ['host-cpu'], courses: { ...ILL['host-cpu'], 'host.cpu': [9, 99], 'postgres.active_on_cpu': [0.1, 2.4] } },
  { what: 'collecting garbage, not computing', named: ['memory'], courses: ILL['memory'] ?? {} },
  { what: 'a slow search on a starved host', named: ['host-cpu'], courses: { ...ILL['host-cpu'], 'qdrant.search_time': [20, 900], 'qdrant.search_mean': [12, 5000], 'qdrant.searches': [0.8, 3] } },
  { what: 'a gap made by a late event loop, not by the network', named: ['node-cpu'], courses: { ...ILL['node-cpu'], 'node.request_time': [9, 200] } },
  { what: 'a disk that swaps', named: ['memory'], courses: { ...TROUBLE, 'host.memory': [70, 98], 'host.memory_pressure': [0, 40], 'host.swap_in': [0, 900], 'host.io_pressure': [1, 60], 'host.disk_read_time': [2, 140], 'files.read_time': [0.4, 300], 'node.request_time': [9, 890] } },
  { what: 'a queue that is paused', named: [], courses: { ...ILL['queue'], 'queue.paused': 1, 'queue.worker_utilization': 0, 'queue.active': 0 } },
  { what: 'a queue without a worker', named: [], courses: { ...ILL['queue'], 'queue.workers': 0, 'queue.worker_utilization': 0, 'queue.active': 0, 'queue.processing_rate': 0 } },
  { what: 'a replica that has nothing to replay', named: [], courses: { 'postgres.replica_lag': (second) => second * 1000, 'postgres.replica_bytes_behind': 0 } },
];
