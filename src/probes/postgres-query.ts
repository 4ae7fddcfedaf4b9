import type { Reading } from './probe.ts';

/**
 * Everything of one tick in one statement: one round trip, one snapshot, one commit.
 * The branches of CASE that do not apply are never evaluated, so that it runs on a primary and on a standby.
 * On a standby equal LSNs mean "nothing to replay": the raw timestamp would read seconds on an idle primary. But a dead receiver
 * also leaves the LSNs equal, so that without a streaming receiver the timestamp counts.
 */
export function postgresQuery(version: number): string {
  // Without the forced flush a session reports its commits up to ten seconds late, and ours could not be subtracted to the one.
  const flush = version >= 150_000 ? ', pg_stat_force_next_flush()' : '';
  const queryId = version >= 140_000 ? 'query_id' : 'null::bigint as query_id';
  return `
with activity as (
  select pid, state, wait_event_type, xact_start, query_start, state_change, ${queryId} from pg_stat_activity where backend_type = 'client backend'
), others as (
  select count(*)::int as connections,
    count(*) filter (where state = 'active')::int as active,
    count(*) filter (where state = 'active' and wait_event_type is null)::int as active_on_cpu,
    count(*) filter (where state like 'idle in transaction%')::int as idle_in_transaction,
    count(*) filter (where state = 'active' and wait_event_type = 'Lock')::int as lock_waiting,
    count(*) filter (where state = 'active' and wait_event_type in ('LWLock', 'BufferPin'))::int as latch_waiting,
    count(*) filter (where state = 'active' and wait_event_type = 'IO')::int as io_waiting,
    count(*) filter (where state = 'active' and wait_event_type = 'Client')::int as client_waiting,
    extract(epoch from max(clock_timestamp() - state_change) filter (where state like 'idle in transaction%'))::float8 * 1000 as longest_idle_in_transaction_ms,
    extract(epoch from max(clock_timestamp() - xact_start))::float8 * 1000 as longest_transaction_ms,
    extract(epoch from max(clock_timestamp() - query_start) filter (where state = 'active' and wait_event_type = 'Lock'))::float8 * 1000 as longest_lock_wait_ms
  from activity where pid <> pg_backend_pid()
), totals as (
  select sum(xact_commit)::float8 as commits, sum(xact_rollback)::float8 as rollbacks, sum(deadlocks)::float8 as deadlocks,
    sum(blks_hit)::float8 as blocks_hit, sum(blks_read)::float8 as blocks_read, sum(temp_bytes)::float8 as temp_bytes
    from pg_stat_database
)
select others.*, totals.*,
  extract(epoch from clock_timestamp())::float8 as now_seconds,
  (select query_id::text from activity where pid = pg_backend_pid()) as own_query_id,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) - 1 as slots,
  case when pg_is_in_recovery() then
    case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
      and exists (select from pg_stat_wal_receiver where status = 'streaming') then 0
    else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 * 1000 end
  else (select max(case when pg_current_wal_lsn() = replay_lsn then 0 else extract(epoch from replay_lag)::float8 * 1000 end)
    from pg_stat_replication where state = 'streaming') end as replica_lag_ms,
  case when pg_is_in_recovery() then pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::float8
  else (select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::float8 from pg_stat_replication) end as replica_bytes_behind${flush}
from others, totals`;
}

export interface PostgresRow {
  readonly connections: number;
  readonly active: number;
  readonly active_on_cpu: number;
  readonly idle_in_transaction: number;
  readonly lock_waiting: number;
  readonly latch_waiting: number;
  readonly io_waiting: number;
  readonly client_waiting: number;
  readonly longest_idle_in_transaction_ms: number | null;
  readonly longest_transaction_ms: number | null;
  readonly longest_lock_wait_ms: number | null;
  readonly commits: number;
  readonly rollbacks: number;
  readonly deadlocks: number;
  readonly blocks_hit: number;
  readonly blocks_read: number;
  readonly temp_bytes: number;
  readonly now_seconds: number;
  readonly own_query_id: string | null;
  readonly slots: number;
  readonly replica_lag_ms: number | null;
  readonly replica_bytes_behind: number | null;
}

export type PostgresCounter = 'commits' | 'rollbacks' | 'deadlocks' | 'blocksHit' | 'blocksRead' | 'tempBytes';

/** The server's counters, with the commits that are not our own. */
export function countersOf(row: PostgresRow, commits: number): ReadonlyMap<PostgresCounter, number> {
  return new Map<PostgresCounter, number>([
    ['commits', commits], ['rollbacks', row.rollbacks], ['deadlocks', row.deadlocks],
    ['blocksHit', row.blocks_hit], ['blocksRead', row.blocks_read], ['tempBytes', row.temp_bytes],
  ]);
}

/** Leaves our own commits out of the server's count: in autocommit each statement of ours is one. */
export class OtherCommits {
  #own = 0;
  #all = 0;
  #others = 0;

  ran(statements: number): void {
    this.#own += statements;
  }

  /** A commit of ours that is reported late must not look like a counter that fell back: the count only rises. */
  count(all: number): number {
    const wasReset = all < this.#all;
    if (wasReset) this.#own = 0;
    this.#others = wasReset ? all : Math.max(this.#others, all - this.#own);
    this.#all = all;
    return this.#others;
  }
}

/** States of this moment. Without a replica or a transaction the reading is absent. */
export function gaugesOf(row: PostgresRow): Reading[] {
  const readings: (Omit<Reading, 'value'> & { readonly value: number | null })[] = [
    { metric: 'postgres.connections', value: row.connections },
    { metric: 'postgres.slots', value: row.slots },
    { metric: 'postgres.connections_used', value: row.slots > 0 ? (100 * row.connections) / row.slots : null },
    { metric: 'postgres.active', value: row.active },
    { metric: 'postgres.active_on_cpu', value: row.active_on_cpu },
    { metric: 'postgres.idle_in_transaction', value: row.idle_in_transaction },
    { metric: 'postgres.lock_waiting', value: row.lock_waiting },
    { metric: 'postgres.latch_waiting', value: row.latch_waiting },
    { metric: 'postgres.io_waiting', value: row.io_waiting },
    { metric: 'postgres.client_waiting', value: row.client_waiting },
    { metric: 'postgres.longest_transaction', value: row.longest_transaction_ms ?? 0 },
    { metric: 'postgres.longest_idle_in_transaction', value: row.longest_idle_in_transaction_ms ?? 0 },
    { metric: 'postgres.longest_lock_wait', value: row.longest_lock_wait_ms ?? 0 },
    { metric: 'postgres.replica_lag', value: row.replica_lag_ms },
    { metric: 'postgres.replica_bytes_behind', value: row.replica_bytes_behind },
  ];
  return readings.flatMap(({ value, ...reading }) => (value === null ? [] : [{ ...reading, value }]));
}
