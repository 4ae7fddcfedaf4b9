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

  private constructor(queries: PreparedQueries, query: string) {
    this.#queries = queries;
    this.#query = query;
  }

  /**
   * Null where the extension is not usable: not created in this database, not preloaded, or of a server before 14.
   * `tickId`: the id of the statement that runs beside this one each second; null where the server tells none.
   */
  static async open(client: Client, queries: PreparedQueries, tickId: string | null): Promise<StatementTimes | null> {
    const { rows } = await client.query<{ schema: string }>(`select quote_ident(n.nspname) as schema
      from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'pg_stat_statements' and current_setting('server_version_num')::int >= 140000
      and current_setting('pg_stat_statements.max', true) is not null`);
    const schema = rows[0]?.schema;
    if (schema === undefined) return null;
    // What fails here fails at the first reading too, and is told then. Constants are no part of an id: it is that of the query with both.
    const ownId = await queries.idOf(queryOf(schema, [tickId])).catch(() => null);
    return new StatementTimes(queries, queryOf(schema, [tickId, ownId]));
  }

  /** After a jump of the server's clock. */
  reset(): void {
    this.#counters.reset();
    this.#lastSeconds = -Infinity;
  }

  /** Null on the ticks between; then no statement was run. */
  async read(atSeconds: number): Promise<readonly Reading[] | null> {
    if (atSeconds - this.#lastSeconds < EVERY_SECONDS) return null;
    this.#lastSeconds = atSeconds;
    const rows = await this.#queries.rows<{ calls: number; total_ms: number }>('statements', this.#query);
    const { calls = 0, total_ms: totalMs = 0 } = rows[0] ?? {};
    const growth = this.#counters.advance(new Map([['calls', calls], ['totalMs', totalMs]] as const), atSeconds);
    if (growth === null) return [];
    const rate = { metric: 'postgres.statements', value: growth.perSecond('calls') } as const;
    return growth.of('calls') <= 0 ? [rate] : [rate, { metric: 'postgres.query_time', value: growth.of('totalMs') / growth.of('calls'), weight: growth.of('calls') }];
  }
}

/** `false`: without the texts, which are read from a file and are nobody's business here. Ids of statements of others may be hidden; they count. */
function queryOf(schema: string, ownIds: readonly (string | null)[]): string {
  const ids = ownIds.filter((id) => id !== null && /^-?\d+$/.test(id));
  return `select coalesce(sum(calls), 0)::float8 as calls, coalesce(sum(total_exec_time), 0)::float8 as total_ms,
      (select query_id::text from pg_stat_activity where pid = pg_backend_pid()) as own_query_id
    from ${schema}.pg_stat_statements(false)
    where (queryid <> all('{${ids.join()}}'::bigint[])) is not false`;
}
