import type { MetricName } from '../../model/metrics.ts';

/** A chart of what the servers said of themselves: metrics of one unit, each with the name it has in the legend. */
export interface EvidencePanel {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly (readonly [MetricName, string])[];
}

/** The servers' own signs, in the order of the milestones they speak of. */
export const EVIDENCE: readonly EvidencePanel[] = [
  { id: 'pool', title: 'Database pool: connections', lines: [['postgres.pool_waiting', 'requests waiting'], ['postgres.pool_used', 'in use'], ['postgres.pool_max', 'most there can be']] },
  { id: 'acquire', title: 'Database pool: time', lines: [['postgres.pool_acquire_time', 'waiting for a connection'], ['postgres.query_time', 'using it']] },
  { id: 'slots', title: 'PostgreSQL: connection slots', lines: [['postgres.connections_used', 'in use']] },
  { id: 'postgres', title: 'PostgreSQL: connections by state', lines: [['postgres.active', 'active'], ['postgres.active_on_cpu', 'on the CPU'], ['postgres.lock_waiting', 'waiting for a lock'], ['postgres.idle_in_transaction', 'idle in a transaction']] },
  { id: 'replica', title: 'PostgreSQL: replica lag', lines: [['postgres.replica_lag', 'lag']] },
  { id: 'search', title: 'Vector search', lines: [['qdrant.search_time', 'p95'], ['qdrant.search_mean', 'mean']] },
  { id: 'cache', title: 'Cache look-ups', lines: [['redis.hits', 'hits'], ['redis.misses', 'misses'], ['redis.evictions', 'evictions']] },
  { id: 'cache-memory', title: 'Cache memory', lines: [['redis.memory_used', 'of maxmemory']] },
  { id: 'loop', title: 'Event loop of the application', lines: [['node.event_loop_lag', 'lag, p99']] },
  { id: 'cpu', title: 'CPU', lines: [['host.cpu', 'host (100 % = all cores)'], ['node.cpu', 'application (100 % = one core)']] },
  { id: 'memory', title: 'Memory of the host', lines: [['host.memory', 'in use']] },
  { id: 'queue', title: 'Job queue', lines: [['queue.depth', 'jobs waiting']] },
  { id: 'files', title: 'File reads', lines: [['files.read_time', 'mean']] },
];
