import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { HttpError } from '../../../src/demo/app/http-error.ts';
import { escapeHtml, layOut } from '../../../src/demo/exchange/html.ts';
import { readFrom } from '../../../src/demo/exchange/reader.ts';
import type { Reader } from '../../../src/demo/exchange/reader.ts';

/** A database that only counts; `failure` is what it answers with. */
function database(failure: Error | null): Reader & { asked: number } {
  return {
    asked: 0,
    async query<Row extends pg.QueryResultRow>(): Promise<Row[]> {
      this.asked += 1;
      if (failure !== null) throw failure;
      return [];
    },
  };
}

test('text with markup is shown, not obeyed', () => {
  assert.equal(escapeHtml(`<b onclick="x('&')">`), '&lt;b onclick=&quot;x(&#39;&amp;&#39;)&quot;&gt;');
  assert.ok(layOut('a < b', '').includes('<h1>a &lt; b</h1>'));
});

test('replicas are read in turn, the primary only without them', async () => {
  const [first, second, primary] = [database(null), database(null), database(null)];
  const reader = readFrom([first, second], primary);
  for (let i = 0; i < 10; i++) await reader.query('select', []);
  assert.deepEqual([first.asked, second.asked, primary.asked], [5, 5, 0]);
  await readFrom([], primary).query('select', []);
  assert.equal(primary.asked, 1);
});

test('a replica that is gone is passed over; one that is only busy is not, for the primary would be busy next', async () => {
  const [gone, primary] = [database(new Error('connect ECONNREFUSED')), database(null)];
  await readFrom([gone], primary).query('select', []);
  assert.deepEqual([gone.asked, primary.asked], [1, 1]);
  await assert.rejects(readFrom([database(new HttpError(503, 'no connection'))], primary).query('select', []), { status: 503 });
  assert.equal(primary.asked, 1);
});
