import type { MetricName } from '../model/metrics.ts';

/**
 * One of our metrics as a query. `rate!name{…}` stands for the growth per second over the window, `now!name{…}` for the last value if it is
 * no older than the window, `$window` for the window as a duration, `$seconds` as a number. Of several queries for one metric the first that has all its names counts.
 */
export interface PromRule {
  readonly metric: MetricName;
  readonly query: string;
}

const SEARCHES = 'endpoint=~".*/points/(search|query|recommend|discover)(/(batch|groups))?"';
const SEARCH_TIME = `rate!rest_responses_duration_seconds_bucket{${SEARCHES}}`;
const SEARCH_P95 = `1000 * histogram_quantile(0.95, sum by (instance, le) (${SEARCH_TIME}))`;
/** Names that servers of many kinds use are taken from the instances of that kind alone. */
const AT_QDRANT = 'and on (instance) now!app_info{name="qdrant"}';
const AT_NODE = 'and on (instance) now!nodejs_version_info';
const POOL = 'database!="pgbouncer"';
const GROUP = 'by (instance, namespace, pod, container, name)';
const SLOTS = 'max by (instance) (now!pg_settings_max_connections) - max by (instance) (now!pg_settings_superuser_reserved_connections)';
const HITS = 'sum by (instance) (rate!redis_keyspace_hits_total)';
const MISSES = 'sum by (instance) (rate!redis_keyspace_misses_total)';

/** By the names of postgres_exporter, pgbouncer_exporter, redis_exporter, node_exporter, cAdvisor, Qdrant, prom-client and OpenTelemetry. */
const TABLE: readonly (readonly [metric: MetricName, query: string])[] = [
  ['postgres.connections', 'sum by (instance) (now!pg_stat_activity_count)'],
  ['postgres.slots', SLOTS],
  ['postgres.connections_used', `100 * sum by (instance) (now!pg_stat_activity_count) / (${SLOTS})`],
  ['postgres.active', 'sum by (instance) (now!pg_stat_activity_count{state="active"})'],
  ['postgres.idle_in_transaction', 'sum by (instance) (now!pg_stat_activity_count{state=~"idle in transaction.*"})'],
  ['postgres.longest_transaction', '1000 * max by (instance) (now!pg_stat_activity_max_tx_duration)'],
  ['postgres.replica_lag', '1000 * max by (instance) (now!pg_replication_lag_seconds)'],
  ['postgres.replica_lag', '1000 * max by (instance) (now!pg_replication_lag)'],
  ['postgres.commits', 'sum by (instance) (rate!pg_stat_database_xact_commit)'],
  ['postgres.rollbacks', 'sum by (instance) (rate!pg_stat_database_xact_rollback)'],
  ['postgres.deadlocks', 'sum by (instance) (rate!pg_stat_database_deadlocks)'],
  ['postgres.temp_bytes', 'sum by (instance) (rate!pg_stat_database_temp_bytes)'],
  ['postgres.blocks_hit', 'sum by (instance) (rate!pg_stat_database_blks_hit)'],
  ['postgres.blocks_read', 'sum by (instance) (rate!pg_stat_database_blks_read)'],
  // The application's own pool before a pooler's: it is nearer to the users.
  ['postgres.pool_waiting', 'sum by (instance) (now!db_client_connection_pending_requests)'],
  ['postgres.pool_waiting', `sum by (instance) (now!pgbouncer_pools_client_waiting_connections{${POOL}})`],
  ['postgres.pool_max', 'sum by (instance) (now!db_client_connection_max)'],
  ['postgres.pool_max', 'sum by (instance) (now!pgbouncer_databases_pool_size{name!="pgbouncer"})'],
  ['postgres.pool_used', 'sum by (instance) (now!db_client_connection_count{state="used"})'],
  ['postgres.pool_used', `sum by (instance) (now!pgbouncer_pools_server_active_connections{${POOL}})`],
  ['postgres.pool_longest_wait', `1000 * max by (instance) (now!pgbouncer_pools_client_maxwait_seconds{${POOL}})`],
  ['postgres.pool_acquire_time', '1000 * sum by (instance) (rate!db_client_connection_wait_time_seconds_sum) / sum by (instance) (rate!db_client_connection_wait_time_seconds_count)'],
  ['postgres.pool_acquire_time', `1000 * sum by (instance) (rate!pgbouncer_stats_client_wait_seconds_total{${POOL}}) / sum by (instance) (rate!pgbouncer_stats_sql_transactions_pooled_total{${POOL}})`],
  ['redis.hits', HITS],
  ['redis.misses', MISSES],
  // Under 50 look-ups a ratio moves by more than its limit with one miss.
  ['redis.hit_ratio', `100 * ${HITS} / (${HITS} + ${MISSES}) and (${HITS} + ${MISSES}) * $seconds >= 50`],
  ['redis.memory', 'max by (instance) (now!redis_memory_used_bytes)'],
  // 0 means "no limit": then there is no share of it.
  ['redis.memory_used', '100 * max by (instance) (now!redis_memory_used_bytes) / (max by (instance) (now!redis_memory_max_bytes) > 0)'],
  ['redis.evictions', 'sum by (instance) (rate!redis_evicted_keys_total)'],
  ['redis.expired', 'sum by (instance) (rate!redis_expired_keys_total)'],
  ['redis.rejected', 'sum by (instance) (rate!redis_rejected_connections_total)'],
  ['redis.clients', 'max by (instance) (now!redis_connected_clients)'],
  ['redis.keys', 'sum by (instance) (now!redis_db_keys)'],
  ['redis.commands', 'sum by (instance) (rate!redis_commands_processed_total)'],
  ['redis.command_time', '1000 * sum by (instance) (rate!redis_commands_duration_seconds_total) / sum by (instance) (rate!redis_commands_total)'],
  ['redis.main_thread_cpu', '100 * sum by (instance) (rate!redis_cpu_user_main_thread_seconds_total + rate!redis_cpu_sys_main_thread_seconds_total)'],
  ['host.cpu', '100 * (1 - sum by (instance) (rate!node_cpu_seconds_total{mode=~"idle|iowait"}) / sum by (instance) (rate!node_cpu_seconds_total))'],
  ['host.steal', '100 * sum by (instance) (rate!node_cpu_seconds_total{mode="steal"}) / sum by (instance) (rate!node_cpu_seconds_total)'],
  ['host.cores', 'count by (instance) (now!node_cpu_seconds_total{mode="idle"})'],
  ['host.memory', '100 * (1 - max by (instance) (now!node_memory_MemAvailable_bytes) / max by (instance) (now!node_memory_MemTotal_bytes))'],
  ['host.cpu_pressure', '100 * max by (instance) (rate!node_pressure_cpu_waiting_seconds_total)'],
  ['host.io_pressure', '100 * max by (instance) (rate!node_pressure_io_waiting_seconds_total)'],
  ['host.memory_pressure', '100 * max by (instance) (rate!node_pressure_memory_waiting_seconds_total)'],
  ['host.run_queue_wait', '100 * avg by (instance) (rate!node_schedstat_waiting_seconds_total)'],
  ['host.oom_kills', 'max by (instance) (rate!node_vmstat_oom_kill)'],
  ['host.swap_in', 'max by (instance) (rate!node_vmstat_pswpin)'],
  ['host.major_faults', 'max by (instance) (rate!node_vmstat_pgmajfault)'],
  ['host.segments_out', 'max by (instance) (rate!node_netstat_Tcp_OutSegs)'],
  ['host.segments_retransmitted', 'max by (instance) (rate!node_netstat_Tcp_RetransSegs)'],
  ['host.disk_read_time', '1000 * sum by (instance) (rate!node_disk_read_time_seconds_total) / sum by (instance) (rate!node_disk_reads_completed_total)'],
  ['host.disk_busy', '100 * max by (instance) (rate!node_disk_io_time_seconds_total)'],
  ['host.open_files', '100 * max by (instance) (now!node_filefd_allocated) / max by (instance) (now!node_filefd_maximum)'],
  ['host.cpu_throttled', `100 * sum ${GROUP} (rate!container_cpu_cfs_throttled_periods_total) / sum ${GROUP} (rate!container_cpu_cfs_periods_total)`],
  ['host.throttled_time', `100 * sum ${GROUP} (rate!container_cpu_cfs_throttled_seconds_total)`],
  ['host.group_memory', `100 * max ${GROUP} (now!container_memory_working_set_bytes) / (max ${GROUP} (now!container_spec_memory_limit_bytes) > 0)`],
  ['qdrant.search_time', SEARCH_P95],
  ['qdrant.search_mean', `1000 * sum by (instance) (rate!rest_responses_duration_seconds_sum{${SEARCHES}}) / sum by (instance) (rate!rest_responses_duration_seconds_count{${SEARCHES}})`],
  ['qdrant.searches', `sum by (instance) (rate!rest_responses_duration_seconds_count{${SEARCHES}})`],
  ['qdrant.errors', `sum by (instance) (rate!rest_responses_total{status!="200",${SEARCHES}}) or 0 * sum by (instance) (rate!rest_responses_total)`],
  ['qdrant.memory', `max by (instance) (now!memory_resident_bytes ${AT_QDRANT})`],
  ['qdrant.major_faults', `sum by (instance) (rate!process_major_page_faults_total ${AT_QDRANT})`],
  ['qdrant.vectors', 'sum by (instance) (now!collections_vector_total)'],
  ['qdrant.quota_exceeded', 'max by (instance) (now!quota_exceeded)'],
  // 10 ms are the resolution of the sampler behind it, and what an idle loop shows.
  ['node.event_loop_lag', 'clamp_min(1000 * max by (instance) (now!nodejs_eventloop_lag_p99_seconds) - 10, 0)'],
  ['node.event_loop_lag', 'clamp_min(1000 * max by (instance) (now!nodejs_eventloop_delay_p99_seconds) - 10, 0)'],
  ['node.event_loop_utilization', '100 * sum by (instance) (rate!nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"}) / sum by (instance) (rate!nodejs_eventloop_time_seconds_total)'],
  ['node.event_loop_utilization', '100 * max by (instance) (now!nodejs_eventloop_utilization)'],
  ['node.cpu', `100 * sum by (instance) (rate!process_cpu_seconds_total ${AT_NODE})`],
  ['node.memory', `max by (instance) (now!process_resident_memory_bytes ${AT_NODE})`],
  ['node.heap_used', 'max by (instance) (now!nodejs_heap_size_used_bytes)'],
  ['node.gc_time', '100 * sum by (instance) (rate!nodejs_gc_duration_seconds_sum)'],
  ['queue.depth', 'sum by (instance) (now!queue_jobs{state=~"wait|waiting|paused|prioritized"})'],
  ['queue.depth', 'sum by (instance) (now!bullmq_job_count{state=~"wait|waiting|paused|prioritized"})'],
];

export const PROM_RULES: readonly PromRule[] = TABLE.map(([metric, query]) => ({ metric, query }));
