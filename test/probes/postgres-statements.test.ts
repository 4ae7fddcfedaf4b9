import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Client } from 'pg';
import { PreparedQueries } from '../../src/probes/postgres-prepared.ts';
import { StatementTimes } from '../../src/probes/postgres-statements.ts';

/** What a PostgreSQL 16.2 tells of its own running statement: the id of one sent in full, nothing of one that is prepared. */
class OldServer {
  readonly texts: { readonly text: string; readonly isPrepared: boolean }[] = [];

  async query(asked: string | { readonly text: string }): Promise<{ rows: readonly unknown[] }> {
    const [text, isPrepared] = typeof asked === 'string' ? [asked, false] : [asked.text, true];
    this.texts.push({ text, isPrepared });
    if (text.includes('pg_extension')) return { rows: [{ schema: 'public' }] };
    const id = text.includes('pg_stat_statements(false)') ? '-42' : '77';
    return { rows: [{ calls: 10 * this.texts.length, total_ms: 50, own_query_id: isPrepared ? null : id }] };
  }
}

it('trap: PostgreSQL 14 to 16.4 do not tell the id of a prepared statement that runs: both of our own are asked for in full, once, and left out', async () => {
  const server = new OldServer();
  const client = server as unknown as Client; // of which nothing but this method is used
  const queries = new PreparedQueries(client);
  const [row] = await queries.rows<{ own_query_id: string | null }>('tick', 'select tick');
  assert.equal(row?.own_query_id, null);
  const times = await StatementTimes.open(client, queries, await queries.idOf('select tick'));
  assert.ok(times);
  const readAt = async (seconds: number): Promise<number> => (await times.read(seconds))?.length ?? -1;
  assert.deepEqual([await readAt(0), await readAt(1), await readAt(5)], [0, -1, 2]);
  const read = server.texts.filter(({ text, isPrepared }) => isPrepared && text.includes('pg_stat_statements(false)'));
  assert.equal(read.length, 2);
  for (const { text } of read) assert.match(text, /queryid <> all\('\{77,-42\}'::bigint\[\]\)/);
});

it('an id that is none is not put into a statement', async () => {
  const server = new OldServer();
  const client = server as unknown as Client; // of which nothing but this method is used
  const times = await StatementTimes.open(client, new PreparedQueries(client), "1}'; drop table users");
  await times?.read(0);
  assert.ok(server.texts.every(({ text }) => !text.includes('drop')));
});
