import type { ProbeKind } from './probe-kind.ts';
import type { Unit } from './unit.ts';

/**
 * How a metric's values over a window become one value:
 * `percentile` from merged histograms · `share` a ratio of sums · `rate` events per second ·
 * `gauge` readings of a state, averaged · `fact` known to the plan or to a person, never measured by a probe.
 */
export type MetricForm = 'percentile' | 'share' | 'rate' | 'gauge' | 'fact';

export interface Metric {
  readonly unit: Unit;
  readonly form: MetricForm;
  /** Which way is better for the users. */
  readonly better: 'lower' | 'higher' | 'neither';
  readonly meaning: string;
  /** `client` is the engine's own record. Empty: this version has no source for it. */
  readonly from: readonly (ProbeKind | 'client')[];
  /** False for readings that only the diagnosis uses. */
  readonly writable: boolean;
  /** The largest value there can be, or null: a share ends at 100 %, the CPU of a process does not. */
  readonly most: number | null;
  /** Keys a condition may narrow it by; null: any (the labels of a query of the user's own). */
  readonly scopes: readonly string[] | null;
  /** For a share: Σ part / Σ whole of two rates, and the fewest events that make it a figure. */
  readonly share?: { readonly part: string; readonly whole: readonly string[]; readonly fewest: number };
}

type Row = readonly [unit: Unit, form: MetricForm, better: Metric['better'], from: Metric['from'], meaning: string];

const writable = {
  'http.p50': ['ms', 'percentile', 'lower', ['client'], 'median of send → last byte'],
  'http.p90': ['ms', 'percentile', 'lower', ['client'], '90th percentile of send → last byte'],
  'http.p95': ['ms', 'percentile', 'lower', ['client'], '95th percentile of send → last byte'],
  'http.p99': ['ms', 'percentile', 'lower', ['client'], '99th percentile of send → last byte'],
  'http.max': ['ms', 'percentile', 'lower', ['client'], 'longest answer'],
  'http.mean': ['ms', 'percentile', 'lower', ['client'], 'mean of send → last byte, time-outs counted at their limit'],
  'http.ttfb_p95': ['ms', 'percentile', 'lower', ['client'], '95th percentile of send → first byte'],
  'http.error_rate': ['%', 'share', 'lower', ['client'], 'transport errors, time-outs, unexpected status ≥ 400, failed captures and expectations, of all requests sent'],
  'http.throughput': ['/s', 'rate', 'higher', ['client'], 'requests answered as expected per second'],
  'http.timeouts': ['/s', 'rate', 'lower', ['client'], 'requests given up at their time-out, per second'],
  'postgres.connections': ['1', 'gauge', 'lower', ['postgres', 'prometheus'], 'client connections open, our own left out'],
  'postgres.connections_used': ['%', 'gauge', 'lower', ['postgres', 'prometheus'], 'client connections of the slots that applications may use'],
  'postgres.connection_errors': ['/s', 'rate', 'lower', ['node'], 'connections refused or given up by the application’s pool, per second'],
  'postgres.pool_waiting': ['1', 'gauge', 'lower', ['node', 'pgbouncer', 'prometheus'], 'requests waiting for a connection of the application’s pool'],
  'postgres.pool_acquire_time': ['ms', 'gauge', 'lower', ['node', 'pgbouncer', 'prometheus'], 'mean wait for a connection of the pool'],
  'postgres.query_time': ['ms', 'gauge', 'lower', ['node', 'pgbouncer', 'postgres'], 'mean time a connection is held by a query'],
  'postgres.replica_lag': ['ms', 'gauge', 'lower', ['postgres', 'prometheus'], 'how far the replica is behind'],
  'postgres.lock_waiting': ['1', 'gauge', 'lower', ['postgres'], 'connections waiting for a lock'],
  'postgres.cache_hit_ratio': ['%', 'share', 'higher', ['postgres', 'prometheus'], 'blocks found in shared buffers'],
  'redis.hit_ratio': ['%', 'share', 'higher', ['redis', 'node', 'prometheus'], 'look-ups that found a key, within the window'],
  'redis.memory_used': ['%', 'gauge', 'lower', ['redis', 'prometheus'], 'memory of maxmemory'],
  'redis.memory': ['B', 'gauge', 'lower', ['redis', 'prometheus'], 'memory used by data and buffers'],
  'redis.evictions': ['/s', 'rate', 'lower', ['redis', 'prometheus'], 'keys evicted for want of memory, per second'],
  'redis.rejected': ['/s', 'rate', 'lower', ['redis', 'prometheus'], 'connections rejected at maxclients, per second'],
  'qdrant.search_time': ['ms', 'gauge', 'lower', ['qdrant', 'prometheus'], '95th percentile of the search endpoints within the tick, from the server’s histogram'],
  'qdrant.memory': ['B', 'gauge', 'lower', ['qdrant', 'prometheus'], 'resident memory of the vector store'],
  'qdrant.errors': ['/s', 'rate', 'lower', ['qdrant', 'prometheus'], 'answers other than 200 at the search endpoints, per second'],
  'node.event_loop_lag': ['ms', 'gauge', 'lower', ['node', 'prometheus'], '99th percentile of the event loop’s delay within the tick'],
  'node.event_loop_utilization': ['%', 'gauge', 'lower', ['node', 'prometheus'], 'share of time the event loop was busy'],
  'node.cpu': ['%', 'gauge', 'lower', ['node', 'process', 'prometheus'], 'CPU of the process, 100 % = one core'],
  'node.memory': ['B', 'gauge', 'lower', ['node', 'process', 'prometheus'], 'resident memory of the process'],
  'node.heap_used': ['B', 'gauge', 'lower', ['node', 'prometheus'], 'JavaScript heap in use'],
  'node.gc_time': ['%', 'gauge', 'lower', ['node', 'prometheus'], 'share of time spent collecting garbage'],
  'host.cpu': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'CPU in use, 100 % = all cores'],
  'host.memory': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'memory not available of memory in all'],
  'host.disk_read_time': ['ms', 'gauge', 'lower', ['host', 'prometheus'], 'mean time of a read of the busiest device'],
  'host.network_retransmits': ['%', 'share', 'lower', ['host', 'prometheus'], 'TCP segments sent again'],
  'queue.depth': ['1', 'gauge', 'lower', ['bullmq', 'node', 'prometheus'], 'jobs waiting'],
  'queue.job_time': ['ms', 'gauge', 'lower', ['bullmq', 'node'], 'mean time a worker needs for a job'],
  'queue.age': ['ms', 'gauge', 'lower', ['bullmq'], 'age of the oldest waiting job'],
  'queue.processing_rate': ['/s', 'rate', 'higher', ['bullmq', 'node'], 'jobs completed per second'],
  'queue.worker_failures': ['/s', 'rate', 'lower', ['bullmq', 'node'], 'jobs failed per second'],
  'queue.worker_utilization': ['%', 'gauge', 'lower', ['bullmq', 'node'], 'jobs that workers are at, of those they can be at together'],
  'files.read_time': ['ms', 'gauge', 'lower', ['node'], 'mean time of a file read by the application'],
  'files.count': ['1', 'gauge', 'lower', ['node'], 'files the application keeps its state in'],
  'users.concurrent': ['1', 'fact', 'neither', [], 'users active at the same time'],
  'users.total': ['1', 'fact', 'neither', [], 'registered users'],
  'service.uptime': ['%', 'fact', 'higher', [], 'share of time the service was up, over months'],
  'service.data_consistency': ['%', 'fact', 'higher', [], 'acknowledged writes that are there exactly once'],
  'service.failover_time': ['ms', 'fact', 'lower', [], 'from the loss of an instance to the next good answer'],
  'service.page_load': ['ms', 'gauge', 'lower', ['browser'], 'page load in a browser with an empty cache, to the end of its load event'],
  'cost.monthly': ['USD', 'fact', 'lower', [], 'infrastructure cost a month'],
  'cost.per_user': ['USD', 'fact', 'lower', [], 'infrastructure cost a month for each user'],
} as const satisfies Record<string, Row>;

const internal = {
  'postgres.active': ['1', 'gauge', 'neither', ['postgres', 'prometheus'], 'connections running a statement'],
  'postgres.active_on_cpu': ['1', 'gauge', 'neither', ['postgres'], 'active without a wait event: on the CPU or waiting for it'],
  'postgres.idle_in_transaction': ['1', 'gauge', 'lower', ['postgres', 'prometheus'], 'connections held open inside a transaction'],
  'postgres.io_waiting': ['1', 'gauge', 'lower', ['postgres'], 'active and waiting for a disk'],
  'postgres.latch_waiting': ['1', 'gauge', 'lower', ['postgres'], 'active and waiting for a lightweight lock or a buffer pin'],
  'postgres.client_waiting': ['1', 'gauge', 'lower', ['postgres'], 'active and waiting for its client to take or send data'],
  'postgres.longest_lock_wait': ['ms', 'gauge', 'lower', ['postgres'], 'age of the oldest statement that waits for a lock: it waits at most as long'],
  'postgres.replica_bytes_behind': ['B', 'gauge', 'lower', ['postgres'], 'write-ahead log the replica has not replayed yet'],
  'postgres.longest_transaction': ['ms', 'gauge', 'lower', ['postgres', 'prometheus'], 'age of the oldest transaction'],
  'postgres.longest_idle_in_transaction': ['ms', 'gauge', 'lower', ['postgres'], 'how long a transaction has been held open without a statement, at the longest'],
  'postgres.slots': ['1', 'gauge', 'neither', ['postgres', 'prometheus'], 'connections applications may open, our own left out'],
  'postgres.commits': ['/s', 'rate', 'neither', ['postgres', 'prometheus'], 'transactions committed per second, our own left out'],
  'postgres.rollbacks': ['/s', 'rate', 'lower', ['postgres', 'prometheus'], 'transactions rolled back per second'],
  'postgres.deadlocks': ['/s', 'rate', 'lower', ['postgres', 'prometheus'], 'deadlocks per second'],
  'postgres.temp_bytes': ['/s', 'rate', 'lower', ['postgres', 'prometheus'], 'bytes per second written to temporary files by sorts and joins that outgrew their memory'],
  'postgres.statements': ['/s', 'rate', 'neither', ['postgres', 'pgbouncer'], 'statements per second, our own left out'],
  'postgres.blocks_hit': ['/s', 'rate', 'neither', ['postgres', 'prometheus'], 'blocks found in shared buffers, per second'],
  'postgres.blocks_read': ['/s', 'rate', 'neither', ['postgres', 'prometheus'], 'blocks read from outside shared buffers, per second'],
  'postgres.pool_max': ['1', 'gauge', 'neither', ['node', 'pgbouncer', 'prometheus'], 'connections the application’s pool may open'],
  'postgres.pool_used': ['1', 'gauge', 'neither', ['node', 'pgbouncer', 'prometheus'], 'connections of the pool in use'],
  'postgres.pool_acquires': ['/s', 'rate', 'neither', ['node', 'pgbouncer'], 'connections handed out by the pool, per second'],
  'postgres.pool_longest_wait': ['ms', 'gauge', 'lower', ['pgbouncer', 'prometheus'], 'how long the first in the queue for a connection of the pool has waited'],
  'postgres.pool_clients': ['1', 'gauge', 'neither', ['pgbouncer'], 'clients of the pooler that do not wait for a connection'],
  'redis.hits': ['/s', 'rate', 'neither', ['redis', 'prometheus'], 'look-ups that found a key, per second'],
  'redis.misses': ['/s', 'rate', 'neither', ['redis', 'prometheus'], 'look-ups that found none, per second'],
  'redis.oom_errors': ['/s', 'rate', 'lower', ['redis'], 'writes refused for want of memory, per second'],
  'redis.expired': ['/s', 'rate', 'neither', ['redis', 'prometheus'], 'keys expired per second'],
  'redis.main_thread_cpu': ['%', 'gauge', 'lower', ['redis', 'prometheus'], 'CPU of the main thread, 100 % = one core'],
  'redis.clients': ['1', 'gauge', 'neither', ['redis', 'prometheus'], 'clients connected'],
  'redis.keys': ['1', 'gauge', 'neither', ['redis', 'prometheus'], 'keys stored'],
  'redis.commands': ['/s', 'rate', 'neither', ['redis', 'prometheus'], 'commands per second, our own left out'],
  'redis.command_time': ['ms', 'gauge', 'lower', ['redis', 'prometheus'], 'mean server time of a command within the tick'],
  'redis.slow_commands': ['/s', 'rate', 'lower', ['redis'], 'commands per second that went into the slow log'],
  'redis.nodes': ['1', 'gauge', 'neither', ['redis'], 'masters of the cluster that were read'],
  'redis.queue_keys': ['1', 'gauge', 'neither', ['redis'], '1 where job queues share the instance and pollute its miss counter'],
  'cache.hits': ['/s', 'rate', 'neither', ['node'], 'the application’s own count of cache hits, per second'],
  'cache.misses': ['/s', 'rate', 'neither', ['node'], 'the application’s own count of cache misses, per second'],
  'qdrant.search_mean': ['ms', 'gauge', 'lower', ['qdrant', 'prometheus'], 'mean time of the search endpoints within the tick'],
  'qdrant.search_time_low': ['ms', 'gauge', 'lower', ['qdrant'], 'lower bound of the bucket the 95th percentile lies in'],
  'qdrant.search_time_high': ['ms', 'gauge', 'lower', ['qdrant'], 'upper bound of the bucket the 95th percentile lies in'],
  'qdrant.quota_exceeded': ['1', 'gauge', 'lower', ['qdrant', 'prometheus'], '1 where a memory or disk quota is exceeded'],
  'qdrant.storage_errors': ['/s', 'rate', 'lower', ['qdrant'], 'answers 507 (out of memory or disk) of any endpoint, per second'],
  'qdrant.update_queue': ['1', 'gauge', 'lower', ['qdrant'], 'updates waiting to be applied'],
  'qdrant.searches': ['/s', 'rate', 'neither', ['qdrant', 'prometheus'], 'searches answered per second'],
  'qdrant.major_faults': ['/s', 'rate', 'lower', ['qdrant', 'prometheus'], 'major page faults per second'],
  'qdrant.vectors': ['1', 'gauge', 'neither', ['qdrant', 'prometheus'], 'vectors stored'],
  'node.run_queue_wait': ['%', 'gauge', 'lower', ['process'], 'share of time the process was runnable but not running'],
  'node.event_loop_lag_max': ['ms', 'gauge', 'lower', ['node'], 'longest delay of the event loop within the tick'],
  'node.sync_io_time': ['%', 'gauge', 'lower', ['node'], 'share of time the main thread was held by synchronous calls: files, compression, hashes, child processes'],
  'node.sync_io_calls': ['/s', 'rate', 'lower', ['node'], 'synchronous calls per second that held the main thread'],
  'node.open_files': ['%', 'gauge', 'lower', ['process', 'node'], 'file descriptors open of those the process may have'],
  'node.major_faults': ['/s', 'rate', 'lower', ['process'], 'major page faults of the process per second'],
  'node.requests': ['/s', 'rate', 'neither', ['node'], 'requests answered per second, by the application’s own count'],
  'node.request_time': ['ms', 'gauge', 'lower', ['node'], 'mean time of a request, by the application’s own clock'],
  'queue.active': ['1', 'gauge', 'neither', ['bullmq', 'node'], 'jobs being worked on'],
  'queue.delayed': ['1', 'gauge', 'neither', ['bullmq'], 'jobs planned for later or for a retry'],
  'queue.paused': ['1', 'gauge', 'neither', ['bullmq'], '1 where the queue is paused on purpose'],
  'queue.workers': ['1', 'gauge', 'neither', ['bullmq'], 'workers connected'],
  'host.cores': ['1', 'gauge', 'neither', ['host', 'prometheus'], 'CPUs the host has online'],
  'host.cpu_pressure': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'PSI: share of time in which some task waited for a CPU'],
  'host.io_pressure': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'PSI: share of time in which some task waited for a disk'],
  'host.memory_pressure': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'PSI: share of time in which some task waited for memory'],
  'host.steal': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'CPU time the hypervisor gave to others'],
  'host.oom_kills': ['/s', 'rate', 'lower', ['host', 'prometheus'], 'processes killed for want of memory, per second'],
  'host.swap_in': ['/s', 'rate', 'lower', ['host', 'prometheus'], 'pages swapped in per second'],
  'host.major_faults': ['/s', 'rate', 'lower', ['host', 'prometheus'], 'page faults per second that waited for a disk'],
  'host.run_queue_wait': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'tasks ready to run that waited for a CPU, 100 % = one for each CPU all the time'],
  'host.disk_busy': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'share of time the busiest device had work'],
  'host.group_memory': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'memory of the control group that cannot be given back, of its limit'],
  'host.throttled_time': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'time the control group’s tasks were held back, 100 % = one CPU all the time'],
  'host.ports_used': ['%', 'gauge', 'lower', ['host'], 'TCP sockets, closing ones too, of the ports there are for outgoing connections'],
  'host.open_files': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'file descriptors open of those the kernel allows'],
  'host.cpu_throttled': ['%', 'gauge', 'lower', ['host', 'prometheus'], 'periods in which the control group was throttled'],
  'host.segments_out': ['/s', 'rate', 'neither', ['host', 'prometheus'], 'TCP segments sent per second'],
  'host.segments_retransmitted': ['/s', 'rate', 'lower', ['host', 'prometheus'], 'TCP segments sent again, per second'],
  'generator.cpu': ['%', 'gauge', 'lower', ['generator'], 'CPU of the engine’s processes, 100 % = one core'],
  'generator.loop_utilization': ['%', 'gauge', 'lower', ['generator'], 'busy share of the engine’s event loop'],
  'generator.loop_lag': ['ms', 'gauge', 'lower', ['generator'], 'longest delay of the engine’s event loop in the tick'],
} as const satisfies Record<string, Row>;

/** A percentage of two rates, formed over the whole window: a mean of ratios would weigh idle seconds like busy ones. */
const shares: Partial<Record<string, NonNullable<Metric['share']>>> = {
  // Under 50 look-ups a ratio moves by more than its own limit with one miss.
  'redis.hit_ratio': { part: 'redis.hits', whole: ['redis.hits', 'redis.misses'], fewest: 50 },
  'postgres.cache_hit_ratio': { part: 'postgres.blocks_hit', whole: ['postgres.blocks_hit', 'postgres.blocks_read'], fewest: 50 },
  'host.network_retransmits': { part: 'host.segments_retransmitted', whole: ['host.segments_out'], fewest: 50 },
};

/** 100 % is one core there, and a process may use several. */
const countedByCore: ReadonlySet<string> = new Set(
  ['node.cpu', 'redis.main_thread_cpu', 'generator.cpu', 'host.run_queue_wait', 'host.throttled_time', 'host.ports_used'] satisfies BuiltInMetric[],
);

/** What the engine sees is told apart by journey and step, what a probe reads by the server it was read from. */
function scopesOf(name: string, from: Metric['from']): readonly string[] {
  if (from.includes('client')) return ['journey', 'step'];
  if (name === 'service.page_load') return ['page'];
  return from.length > 0 ? ['instance'] : [];
}

export type BuiltInMetric = keyof typeof writable | keyof typeof internal;
/** `custom.<name>` comes from a Prometheus query in the configuration. */
export type MetricName = BuiltInMetric | `custom.${string}`;

function rows(table: Readonly<Record<string, Row>>, isWritable: boolean): [string, Metric][] {
  return Object.entries(table).map(([name, [unit, form, better, from, meaning]]) => {
    const share = shares[name];
    const most = unit === '%' && !countedByCore.has(name) ? 100 : null;
    return [name, { unit, form, better, from, meaning, writable: isWritable, most, scopes: scopesOf(name, from), ...(share ? { share } : {}) }];
  });
}

/** The one registry: a metric that is not here cannot be written in a plan nor produced by a probe. */
export const METRICS: ReadonlyMap<string, Metric> = new Map([...rows(writable, true), ...rows(internal, false)]);

const custom: Metric = {
  unit: '1', form: 'gauge', better: 'neither', from: ['prometheus'], meaning: 'a query of your own', writable: true,
  most: null, scopes: null,
};

/** The row of a metric, or undefined for a name that is not in the registry. */
export function metricOf(name: string): Metric | undefined {
  return name.startsWith('custom.') && name.length > 'custom.'.length ? custom : METRICS.get(name);
}

/** Whether a name may stand in a plan. */
export function isWritableMetric(name: string): name is MetricName {
  return metricOf(name)?.writable === true;
}

/** Every name a plan may use, in the registry's order; `custom.<name>` comes on top. */
export const WRITABLE_METRICS: readonly string[] = [...METRICS].filter(([, metric]) => metric.writable).map(([name]) => name);
