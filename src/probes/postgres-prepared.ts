import { randomBytes } from 'node:crypto';
import type { Client, QueryResultRow } from 'pg';

/** A pooler gave us another session, or took the statement away; or a view changed under a plan. */
const PLAN_IS_GONE = new Set(['26000', '42P05', '0A000']);

/**
 * Runs the same statements again and again on one connection, each planned by the server once: planning over the statistics' views
 * takes four times as long as running them (2.0 of 2.45 ms, measured on PostgreSQL 15).
 * Behind a pooler that hands out another session for each statement they are sent in full, from the first time the plan is not found.
 */
export class PreparedQueries {
  readonly #client: Client;
  /** Never one that another client of the same pooler took. */
  readonly #prefix = `scaleplan_${randomBytes(6).toString('hex')}`;
  #keepsPlans = true;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * The id by which the server knows a statement that selects its own as `own_query_id`. Sent in full, once: of one that is prepared
   * PostgreSQL 14.0 to 14.13, 15.0 to 15.8 and 16.0 to 16.4 tell none while it runs; it is the same either way. Null: the server computes none.
   */
  async idOf(text: string): Promise<string | null> {
    const { rows } = await this.#client.query<{ own_query_id: string | null }>(text);
    return rows[0]?.own_query_id ?? null;
  }

  /** `name`: what the statement is called on this connection. Errors are the server's own. */
  async rows<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (this.#keepsPlans) {
      try {
        return (await this.#client.query<Row>({ name: `${this.#prefix}_${name}`, text, values: [...values] })).rows;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && PLAN_IS_GONE.has(String(error.code)))) throw error;
        this.#keepsPlans = false;
      }
    }
    return (await this.#client.query<Row>(text, [...values])).rows;
  }
}
