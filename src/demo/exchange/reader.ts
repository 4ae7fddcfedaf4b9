import type pg from 'pg';
import type { Database } from '../app/database.ts';
import { HttpError } from '../app/http-error.ts';

export type Reader = Pick<Database, 'query'>;

/** Reads from the replicas in turn; where one is out of order from the next, and in the end from the primary. */
export function readFrom(replicas: readonly Reader[], primary: Reader): Reader {
  let turn = 0;
  return {
    async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> {
      turn = (turn + 1) % Math.max(1, replicas.length);
      for (const replica of [...replicas.slice(turn), ...replicas.slice(0, turn)]) {
        try {
          return await replica.query<Row>(text, values);
        } catch (error) {
          // A replica that is busy would only make the primary busy as well.
          if (error instanceof HttpError) throw error;
        }
      }
      return primary.query<Row>(text, values);
    },
  };
}
