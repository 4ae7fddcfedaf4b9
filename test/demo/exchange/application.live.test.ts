import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Architecture } from '../../../src/model/plan.ts';
import { measureFailover } from '../../../src/run/failover.ts';
import { startRunning } from '../running.ts';
import type { Json, Running } from '../running.ts';
import { page } from './page.ts';

const NONE: Architecture = { layers: [], instances: null, workers: {}, replicas: null, regions: null, poolPerInstance: null, maxConnections: null, source: null };

/** Asks until the mention is done, at most `limitMs`. */
async function replyTo(app: Running, id: unknown, limitMs: number): Promise<Json> {
  const startedAtMs = performance.now();
  for (;;) {
    const { body } = await app.ask(`/api/bot/mentions/${String(id)}`);
    if (body['status'] === 'done' || performance.now() - startedAtMs > limitMs) return body;
    await sleep(50);
  }
}

describe('PostgreSQL alone', { timeout: 60_000 }, () => {
  let app: Running;
  before(async () => {
    app = await startRunning({ application: 'exchange', bottleneck: null, architecture: { ...NONE, layers: ['postgres'] } });
  });
  after(() => app?.stop());
  const mention = (userId: number | string, kind: string, text: string) => app.ask('/api/bot/mentions', { userId, kind, text });

  test('has no Redis and no queue', () => {
    assert.deepEqual(Object.keys(app.demo.pids), ['app', 'postgres']);
    assert.deepEqual(app.demo.probes.map(({ kind }) => kind), ['postgres', 'node', 'host']);
    assert.equal(app.demo.failover, undefined);
  });

  test('a claim hands out an object once a day, and the collection shows it at once', async () => {
    const first = await mention('3', 'claim', 'what is my object of the day?');
    assert.equal(first.status, 200);
    const [, name] = /^Your object of the day: (.+)$/.exec(String(first.body['reply'])) ?? assert.fail(JSON.stringify(first.body));
    assert.ok((await page(app, '/users/3/collection')).html.includes(name ?? ''));
    assert.match(String((await mention(3, 'claim', 'again!')).body['reply']), /already/);
  });

  test('a gift and a request for help are accepted, and done right away without a queue', async () => {
    const gift = await mention(51, 'gift', '@exchange give object 21 to user 2576');
    assert.deepEqual([gift.status, Object.keys(gift.body)], [202, ['id']]);
    const status = await app.ask(`/api/bot/mentions/${String(gift.body['id'])}`);
    assert.deepEqual([status.body['status'], String(status.body['reply']).startsWith('You gave away')], ['done', true]);
    assert.match((await page(app, '/users/2576/collection')).html, /href="\/objects\/21"/);
    for (const [text, reply] of [['give object 1999 to user 2576', 'You cannot give that to them.'], ['give it to them', 'Write: give object 12 to user 34.']] as const) {
      const { body } = await mention(51, 'gift', text);
      assert.equal((await app.ask(`/api/bot/mentions/${String(body['id'])}`)).body['reply'], reply);
    }
    assert.equal((await mention(51, 'help', 'how?')).status, 202);
  });

  test('pages are HTML with links that lead on', async () => {
    const list = await page(app, '/objects?page=3');
    assert.match(list.type, /^text\/html/);
    const [, id] = /href="\/objects\/(\d+)"/.exec(list.html) ?? [];
    assert.equal(id, '41');
    const object = await page(app, `/objects/${id}`);
    const [owner] = /\/users\/\d+\/collection/.exec(object.html) ?? assert.fail(object.html);
    assert.equal((await page(app, owner ?? '')).status, 200);
    assert.match((await page(app, '/')).html, /href="\/objects\?page=1"/);
  });

  test('nonsense is refused: 400 for a bad request, 404 for what is not there', async () => {
    assert.equal((await mention(1, 'dance', 'x')).status, 400);
    assert.equal((await page(app, '/objects?page=0')).status, 400);
    assert.equal((await mention(5001, 'claim', 'x')).status, 404);
    for (const path of ['/objects?page=101', '/objects/2001', '/users/5001/collection', '/api/bot/mentions/999999']) assert.equal((await page(app, path)).status, 404, path);
  });
});

describe('Redis, a queue with two workers, and two read replicas', { timeout: 90_000 }, () => {
  let app: Running;
  before(async () => {
    const architecture: Architecture = { ...NONE, layers: ['cdn', 'redis', 'postgres'], replicas: { min: 2, max: 2 }, workers: { all: { min: 3, max: 5 } } };
    app = await startRunning({ application: 'exchange', bottleneck: null, architecture });
  });
  after(() => app?.stop());
  const mention = (userId: number, kind: string, text: string) => app.ask('/api/bot/mentions', { userId, kind, text });

  test('every database has its probe, and what the machine cannot give is said', () => {
    assert.deepEqual(app.demo.probes.map(({ kind }) => kind), ['postgres', 'postgres', 'postgres', 'redis', 'bullmq', 'node', 'host']);
    assert.match(app.demo.probes[4]?.address ?? '', /\?queue=bot$/);
    assert.match(app.demo.adjustments.join('\n'), /no delivery network[^]*2 workers stand for 3/);
  });

  test('a claim is answered when a worker has done it; a gift waits two seconds, help five', async () => {
    const claim = await mention(4, 'claim', 'my object, please');
    assert.deepEqual([claim.status, Object.keys(claim.body)], [200, ['id', 'kind', 'reply']]);
    assert.match(String(claim.body['reply']), /^Your object of the day/);
    const askedAtMs = performance.now();
    const [help, gift] = [await mention(4, 'help', 'how?'), await mention(101, 'gift', 'give object 41 to user 2626')];
    const status = await app.ask(`/api/bot/mentions/${String(gift.body['id'])}`);
    assert.deepEqual(status.body, { id: gift.body['id'], status: 'waiting', reply: null });
    const given = await replyTo(app, gift.body['id'], 15_000);
    assert.match(String(given['reply']), /^You gave away/);
    const afterMs = performance.now() - askedAtMs;
    assert.ok(afterMs >= 2000, `${afterMs} ms`);
    assert.equal((await app.ask(`/api/bot/mentions/${String(help.body['id'])}`)).body['status'], 'waiting');
    assert.match(String((await replyTo(app, help.body['id'], 15_000))['reply']), /^Ask me/);
  });

  test('pages are read from the replicas and cached, and the application counts its jobs', async () => {
    const asked = async (): Promise<number[]> => Promise.all(app.demo.probes.slice(0, 3).map(({ address }) => pagesReadFrom(address)));
    for (let id = 1; id <= 10; id++) assert.equal((await page(app, `/objects/${id}`)).status, 200);
    assert.equal((await page(app, '/objects/1')).status, 200);
    const [primary, ...replicas] = await asked();
    assert.equal(primary, 0);
    assert.ok(replicas.every((sessions) => sessions > 0), replicas.join());
    const metrics = await (await fetch(`${app.demo.url}/metrics`)).text();
    assert.match(metrics, /^cache_requests_total\{result="hit"\} 1$/m);
    assert.match(metrics, /^queue_jobs_completed_total 3$/m);
    // Of three databases, ten each.
    assert.match(metrics, /^db_client_connection_max 30$/m);
  });

  test('when a replica dies, pages are read from the other one', async () => {
    const { failover, url, pids } = app.demo;
    assert.ok(failover);
    const { ms, failed } = await measureFailover(url, failover, AbortSignal.timeout(30_000));
    assert.throws(() => process.kill(pids['replica-1'] ?? 0, 0), { code: 'ESRCH' });
    assert.ok(ms !== null && ms < 5000 && failed < 20, `${ms} ms, ${failed}`);
  });
});

/** Sessions of the application that have read a page. */
async function pagesReadFrom(address: string): Promise<number> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    const { rows } = await client.query<{ sessions: number }>(`select count(*)::int as sessions from pg_stat_activity where application_name = 'exchange' and query like '%storage_wait%'`);
    return rows[0]?.sessions ?? 0;
  } finally {
    await client.end();
  }
}
