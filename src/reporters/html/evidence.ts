import type { MetricName } from '../../model/metrics.ts';

/** A chart of what the servers said of themselves: metrics of one unit, each with the name it has in the legend. */
export interface EvidencePanel {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly (readonly [MetricName, string])[];
}

/** The servers' own signs, in the order of the milestones they speak of: every sign that a bottleneck is named by has its line. */
export const EVIDENCE: readonly EvidencePanel[] = [
  { id: 'pool', title: 'Database pool: connections', lines: [['postgres.pool_waiting', 'requests waiting'], ['postgres.pool_used', 'in use'], ['postgres.pool_max', 'most there can be']] },
  { id: 'acquire', title: 'Database pool: time', lines: [['postgres.pool_acquire_time', 'waiting for a connection'], ['postgres.query_time', 'using it']] },
  { id: 'slots', title: 'PostgreSQL: connection slots', lines: [['postgres.connections_used', 'in use']] },
  { id: 'postgres', title: 'PostgreSQL: connections by state', lines: [['postgres.active', 'active'], ['postgres.active_on_cpu', 'on the CPU'], ['postgres.lock_waiting', 'waiting for a lock'], ['postgres.latch_waiting', 'waiting for an internal lock'], ['postgres.io_waiting', 'waiting for a disk'], ['postgres.idle_in_transaction', 'idle in a transaction']] },
  { id: 'postgres-waits', title: 'PostgreSQL: longest wait', lines: [['postgres.longest_lock_wait', 'for a lock'], ['postgres.longest_idle_in_transaction', 'idle in a transaction']] },
  { id: 'postgres-commits', title: 'PostgreSQL: transactions', lines: [['postgres.commits', 'committed']] },
  { id: 'postgres-errors', title: 'PostgreSQL: errors', lines: [['postgres.connection_errors', 'connections refused or given up'], ['postgres.deadlocks', 'deadlocks']] },
  { id: 'replica', title: 'PostgreSQL: replica lag', lines: [['postgres.replica_lag', 'lag']] },
  { id: 'replica-bytes', title: 'PostgreSQL: replica behind', lines: [['postgres.replica_bytes_behind', 'not replayed yet']] },
  { id: 'search', title: 'Vector search', lines: [['qdrant.search_time', 'p95'], ['qdrant.search_mean', 'mean']] },
  { id: 'search-load', title: 'Vector search: requests', lines: [['qdrant.searches', 'searches'], ['qdrant.errors', 'errors'], ['qdrant.major_faults', 'pages fetched from a disk']] },
  { id: 'cache', title: 'Cache look-ups', lines: [['redis.hits', 'hits'], ['redis.misses', 'misses'], ['redis.evictions', 'evictions']] },
  { id: 'cache-errors', title: 'Cache: refused', lines: [['redis.oom_errors', 'writes, for want of memory'], ['redis.rejected', 'connections']] },
  { id: 'cache-memory', title: 'Cache memory', lines: [['redis.memory_used', 'of maxmemory']] },
  { id: 'cache-cpu', title: 'Cache: CPU of its main thread', lines: [['redis.main_thread_cpu', '100 % = one core']] },
  { id: 'cache-time', title: 'Cache: time of a command', lines: [['redis.command_time', 'mean']] },
  { id: 'loop', title: 'Event loop of the application', lines: [['node.event_loop_lag', 'lag, p99'], ['node.event_loop_lag_max', 'longest']] },
  { id: 'loop-time', title: 'What the application’s thread does', lines: [['node.event_loop_utilization', 'event loop busy'], ['node.gc_time', 'collecting garbage'], ['node.sync_io_time', 'in synchronous calls'], ['node.run_queue_wait', 'waiting for a core']] },
  { id: 'heap', title: 'Memory of the application', lines: [['node.heap_used', 'heap'], ['node.memory', 'resident']] },
  { id: 'cpu', title: 'CPU', lines: [['host.cpu', 'host (100 % = all cores)'], ['node.cpu', 'application (100 % = one core)']] },
  { id: 'waits', title: 'What the host waits for', lines: [['host.cpu_pressure', 'some task for a CPU'], ['host.run_queue_wait', 'tasks in front of each CPU'], ['host.memory_pressure', 'some task for memory'], ['host.cpu_throttled', 'control group held back'], ['host.steal', 'CPU given to others']] },
  { id: 'memory', title: 'Memory of the host', lines: [['host.memory', 'in use']] },
  { id: 'faults', title: 'Memory of the host: pages', lines: [['host.major_faults', 'fetched from a disk'], ['host.swap_in', 'swapped in'], ['host.oom_kills', 'processes killed for want of it']] },
  { id: 'queue', title: 'Job queue', lines: [['queue.depth', 'jobs waiting'], ['queue.active', 'being worked on'], ['queue.workers', 'workers']] },
  { id: 'queue-age', title: 'Job queue: oldest job', lines: [['queue.age', 'waits for']] },
  { id: 'queue-workers', title: 'Job queue: workers', lines: [['queue.worker_utilization', 'in use']] },
  { id: 'queue-failures', title: 'Job queue: failures', lines: [['queue.worker_failures', 'failed jobs']] },
  { id: 'files', title: 'File reads', lines: [['files.read_time', 'mean'], ['host.disk_read_time', 'of the busiest disk']] },
  { id: 'network', title: 'Network of the host', lines: [['host.network_retransmits', 'segments sent again']] },
  { id: 'generator', title: 'Event loop of the load generator', lines: [['generator.loop_lag', 'longest delay']] },
  { id: 'generator-busy', title: 'Load generator', lines: [['generator.loop_utilization', 'event loop busy']] },
];
