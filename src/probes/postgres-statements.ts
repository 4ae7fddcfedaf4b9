import type { Client } from 'pg';
import { Counters } from './counters.ts';
import type { PreparedQueries } from './postgres-prepared.ts';
import type { Reading } from './probe.ts';

/** Reading the whole view costs more than the tick's own query: every fifth tick is enough for a mean. */
const EVERY_SECONDS = 4.5;

/** The mean time of a statement, from pg_stat_statements; our own statements are left out by their query id. */
export class StatementTimes {
  readonly #queries: PreparedQueries;
  readonly #query: string;
  readonly #counters = new Counters<'calls' | 'totalMs'>();
  #lastSeconds = -Infinity;

  private constructor(queries: PreparedQueries, schema: string) {
    this.#queries = queries;
    // `false`: without the texts, which are read from a file and are nobody's business here.
    this.#query = `select coalesce(sum(calls), 0)::float8 as calls, coalesce(sum(total_exec_time), 0)::float8 as total_ms
      from ${schema}.pg_stat_statements(false)
      where queryid::text is distinct from $1
      and queryid is distinct from (select query_id from pg_stat_activity where pid = pg_backend_pid())`;
  }

  /** Null where the extension is not usable: not created in this database, not preloaded, or of a server before 14. */
  static async open(client: Client, queries: PreparedQueries): Promise<StatementTimes | null> {
    const { rows } = await client.query<{ schema: string }>(`select quote_ident(n.nspname) as schema
      from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'pg_stat_statements' and current_setting('server_version_num')::int >= 140000
      and current_setting('pg_stat_statements.max', true) is not null`);
    const schema = rows[0]?.schema;
    return schema === undefined ? null : new StatementTimes(queries, schema);
  }

  /** After a jump of the server's clock. */
  reset(): void {
    this.#counters.reset();
    this.#lastSeconds = -Infinity;
  }

  /** Null on the ticks between; then no statement was run. */
  async read(atSeconds: number, ownQueryId: string | null): Promise<readonly Reading[] | null> {
    if (atSeconds - this.#lastSeconds < EVERY_SECONDS) return null;
    this.#lastSeconds = atSeconds;
    const rows = await this.#queries.rows<{ calls: number; total_ms: number }>('statements', this.#query, [ownQueryId]);
    const { calls = 0, total_ms: totalMs = 0 } = rows[0] ?? {};
    const growth = this.#counters.advance(new Map([['calls', calls], ['totalMs', totalMs]] as const), atSeconds);
    if (growth === null) return [];
    const rate = { metric: 'postgres.statements', value: growth.perSecond('calls') } as const;
    return growth.of('calls') <= 0 ? [rate] : [rate, { metric: 'postgres.query_time', value: growth.of('totalMs') / growth.of('calls'), weight: growth.of('calls') }];
  }
}
