import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ACCEPT_ENCODING } from '../../../src/engines/accept-encoding.ts';
import { k6 as engine } from '../../../src/engines/k6/driver.ts';
import type { RequestStep } from '../../../src/model/scenario.ts';
import { constant } from '../artillery/run-script.ts';
import { journey, load, measure, request, scenario, stage } from '../autocannon/measure.ts';
import { startBehavingServer } from '../behaving-server.ts';
import { missingK6 } from './built.ts';

const skip = await missingK6();
const captureId = { kind: 'json', expression: '$.items[*].id', as: 'id' } as const;
const list = request('/items', { name: 'list', captures: [captureId] });
const item = request('/items/{{ id }}', { name: 'item' });
const short = { model: 'closed', stages: [stage(3, 1)] } as const;
const open = { model: 'open', stages: [constant(30, 1)] } as const;
const timeoutMs = 1000;

describe('journeys', { skip, concurrency: 4 }, () => {
  test('a journey captures from JSON, header and text, and sends what it captured; headers of ours are in no file', async () => {
    await using server = await startBehavingServer({ delayMs: 5 });
    const workDir = await mkdtemp(join(tmpdir(), 'k6-journey-'));
    try {
      const flow = [
        request('/items', {
          name: 'list',
          captures: [captureId, { kind: 'header', expression: 'x-token', as: 'token' }, { kind: 'regexp', expression: '"token":"[a-z]+"', as: 'text' }],
        }),
        request('/echo?old=1', {
          name: 'send', method: 'POST', qs: { id: '{{ id }}', q: "a b&c=d'é" }, headers: { 'X-Mine': '{{ token }}' },
          body: { type: 'json', value: { id: '{{ id }}', text: '{{ text }}' } },
        }),
        request('/form', { name: 'form', method: 'PUT', body: { type: 'form', value: { a: '{{ id }}', b: 'x y' } } }),
        request('/text', { name: 'text', method: 'POST', body: { type: 'text', value: 'plain {{ id }}' } }),
        request('/gone', { name: 'gone', method: 'DELETE' }),
        request('/empty', { name: 'empty', method: 'POST' }),
      ];
      const asked = load(server.url, { workDir, timeoutMs, scenario: scenario({ journeys: [journey('j', flow)], defaultHeaders: { 'X-Default': 'd', 'X-Mine': 'no' } }), shape: open, headers: { authorization: 'Bearer s3cret' } });
      for await (const { rows } of engine.run(asked, new AbortController().signal)) for (const row of rows) assert.deepEqual(row.errors, {});
      const record = await server.record();
      assert.equal(record.length, 6 * 30);
      const ids = new Set<number>();
      for (const { url, headers, body } of record.filter(({ url: path }) => path.startsWith('/echo'))) {
        const read = JSON.parse(body) as { id: number; text: string };
        ids.add(read.id);
        assert.equal(url, `/echo?id=${read.id}&q=a+b%26c%3Dd%27%C3%A9`);
        assert.equal(read.text, '"token":"abc"');
        assert.equal(headers['x-mine'], 'token-7');
        assert.equal(headers['x-default'], 'd');
        assert.equal(headers['content-type'], 'application/json');
        assert.equal(headers['authorization'], 'Bearer s3cret');
        assert.equal(headers['accept-encoding'], ACCEPT_ENCODING);
      }
      assert.ok(ids.size > 3, 'one of the matches by chance, as artillery takes them');
      assert.match(record.find(({ url }) => url === '/form')?.body ?? '', /^a=10\d&b=x\+y$/);
      assert.match(record.find(({ url }) => url === '/text')?.body ?? '', /^plain 10\d$/);
      assert.equal(record.find(({ url }) => url === '/empty')?.headers['content-length'], '0');
      const files = await readdir(workDir);
      assert.ok(files.includes('k6-script.js'));
      for (const file of files) assert.ok(!(await readFile(join(workDir, file), 'utf8')).includes('s3cret'), file);
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
  });

  test('a capture that finds nothing is an error of its step and ends the journey; expectations decide what is a success', async () => {
    await using server = await startBehavingServer({ delayMs: 2 });
    const expect = { statusCode: null, contentType: null, hasProperty: [] };
    const flow: RequestStep[] = [
      request('/items/1', { name: '404 expected', expect: { ...expect, statusCode: [404] } }),
      request('/items/1', { name: '404 unexpected' }),
      request('/items', { name: 'json', expect: { ...expect, statusCode: [200], contentType: 'json', hasProperty: ['items[0].id'] } }),
      request('/', { name: 'no json', expect: { ...expect, contentType: 'json' } }),
      request('/items', { name: 'no property', expect: { ...expect, hasProperty: ['items[0].name'] } }),
      request('/items', { name: 'other status', expect: { ...expect, statusCode: [201] } }),
      request('/items', { name: 'nothing', captures: [{ kind: 'json', expression: '$.nothing', as: 'id' }] }),
      request('/items/{{ id }}', { name: 'never' }),
    ];
    const measured = await measure(load(server.url, { timeoutMs, scenario: scenario({ journeys: [journey('j', flow)] }), shape: short }), { engine });
    const kinds: Record<string, string[]> = {};
    for (const row of measured.rows) kinds[row.step] = Object.keys(row.errors);
    assert.deepEqual(kinds, {
      '404 expected': [], '404 unexpected': ['http-4xx'], json: [], 'no json': ['expect'], 'no property': ['expect'], 'other status': ['expect'], nothing: ['capture'],
    });
  });

  test('cookies are kept within a journey and gone in the next', async () => {
    await using server = await startBehavingServer({ delayMs: 2 });
    const flow = [request('/session'), request('/echo', { name: 'a', cookie: { mine: 'm' } }), request('/echo', { name: 'b' })];
    await measure(load(server.url, { timeoutMs, scenario: scenario({ journeys: [journey('j', flow)] }), shape: { model: 'closed', stages: [stage(1, 1)] } }), { engine });
    const record = await server.record();
    assert.ok(record.length > 20);
    record.forEach(({ url, headers }, at) => {
      const cookies = (headers['cookie'] ?? '').split('; ').sort();
      assert.deepEqual(cookies, url === '/session' ? [''] : ['mine=m', `session=s${at - (at % 3) + 1}`]);
    });
  });

  test('journeys are mixed by weight at any time, a loop goes round, think time is taken, redirects belong to their request', async () => {
    await using server = await startBehavingServer({
      answers: { '/moved': { status: 302, headers: { location: '/there' }, body: '' }, '/there': { body: '{"at":"there"}' } },
    });
    const { place } = list;
    const asked = load(server.url, {
      timeoutMs, shape: { model: 'open', stages: [constant(40, 1)] },
      scenario: scenario({
        journeys: [
          journey('often', [request('/moved', { name: 'moved', captures: [{ kind: 'json', expression: '$.at', as: 'at' }] })], 3),
          journey('seldom', [{ type: 'loop', count: 2, flow: [request('/b'), { type: 'think', seconds: 0.2, place }], place }], 1),
        ],
      }),
    });
    const measured = await measure(asked, { engine });
    const requests = (name: string): number => measured.rows.filter((row) => row.journey === name).reduce((sum, row) => sum + row.requests, 0);
    assert.deepEqual(measured.errors, {});
    assert.ok(requests('often') >= 29 && requests('often') <= 31, `${requests('often')} of 40`);
    assert.equal(requests('seldom'), 2 * (40 - requests('often')));
    const record = await server.record();
    assert.equal(record.filter(({ url }) => url === '/there').length, requests('often'));
    const seldom = record.filter(({ url }) => url === '/b').map(({ arrivedAtMs }) => arrivedAtMs).sort((a, b) => a - b);
    assert.ok((seldom.at(-1) ?? 0) - (seldom[0] ?? 0) > 900, 'the last journey thinks between its rounds');
  });

  test('an endpoint behind a capture is measured alone: the way to it is unmeasured, a write gets a capture of its own', async () => {
    await using server = await startBehavingServer({ delayMs: 5 });
    const journeys = [journey('read', [list, item]), journey('write', [list, { ...item, name: 'publish', method: 'POST' }])];
    for (const [endpoint, readsPerList] of [[{ journey: 'read', step: 'item' }, 20], [{ journey: 'write', step: 'publish' }, 1]] as const) {
      const before = (await server.record()).length;
      const measured = await measure(load(server.url, { timeoutMs, scenario: scenario({ journeys }), shape: short, endpoint }), { engine });
      const record = (await server.record()).slice(before);
      const lists = record.filter(({ url }) => url === '/items').length;
      assert.deepEqual(new Set(measured.rows.map((row) => `${row.journey}/${row.step}`)), new Set([`${endpoint.journey}/${endpoint.step}`]));
      assert.deepEqual(measured.errors, {});
      assert.equal(measured.requests, record.length - lists);
      assert.equal(measured.sent, measured.requests);
      const ratio = measured.requests / lists;
      assert.ok(ratio > readsPerList * 0.6 && ratio <= readsPerList, `${ratio} per set-up`);
    }
  });

  test('an endpoint whose set-up fails is not silent: each failed set-up is one failed request of it', async () => {
    await using server = await startBehavingServer({ delayMs: 5, answers: { '/items': { status: 500, body: '{}' } } });
    const measured = await measure(load(server.url, { timeoutMs, scenario: scenario({ journeys: [journey('read', [list, item])] }), shape: short, endpoint: { journey: 'read', step: 'item' } }), { engine });
    assert.ok(measured.requests > 0);
    assert.deepEqual(measured.errors, { 'http-5xx': measured.requests });
    assert.equal((await server.record()).length, measured.requests);
  });

  test('before runs once, unmeasured, and every user has what it captures; payload rows come each once before any is repeated', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'k6-payload-'));
    try {
      const file = join(folder, 'users.csv');
      await writeFile(file, `id\n${Array.from({ length: 40 }, (_, id) => `u${id}`).join('\n')}\n`);
      await using server = await startBehavingServer({ delayMs: 5 });
      const before = [request('/items', { captures: [{ kind: 'json', expression: '$.token', as: 'token' }] })];
      const payloads = [{ file, fields: ['user'], order: 'sequence', skipHeader: true, delimiter: ',' }] as const;
      const measured = await measure(load(server.url, {
        timeoutMs, shape: { model: 'open', stages: [constant(60, 1)] },
        scenario: scenario({ before, payloads, variables: { of: ['x', 'y'] }, journeys: [journey('j', [request('/u/{{ user }}?t={{ token }}&o={{ of }}', { name: 'u' })])] }),
      }), { engine });
      const [first, ...others] = (await server.record()).map(({ url }) => url);
      assert.equal(first, '/items');
      assert.equal(others.length, 60);
      assert.equal(measured.requests, 60);
      assert.ok(others.every((url) => /^\/u\/u\d+\?t=abc&o=[xy]$/.test(url)), others[0]);
      const times = Object.values(Object.groupBy(others, (url) => url.split('?')[0] ?? '')).map((list_) => list_?.length ?? 0);
      assert.equal(times.length, 40);
      assert.ok(times.every((count) => count === 1 || count === 2), times.join());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a payload that is missing, empty or has nothing but its header is a fault of the scenario', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'k6-payload-'));
    try {
      await writeFile(join(folder, 'header.csv'), 'id\n');
      await writeFile(join(folder, 'empty.csv'), '');
      for (const [name, message] of [['nowhere.csv', /cannot be read/], ['header.csv', /has no rows/], ['empty.csv', /has no rows/]] as const) {
        const payloads = [{ file: join(folder, name), fields: ['id'], order: 'random', skipHeader: true, delimiter: ',' }] as const;
        await assert.rejects(measure(load('http://127.0.0.1:20000', { scenario: scenario({ payloads }) }), { engine }), { code: 'wrong-scenario', message });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a before that fails ends the load before it begins, and says which request it was', async () => {
    await using server = await startBehavingServer({ answers: { '/login': { status: 403, body: '{}' } } });
    const before = [request('/login', { name: 'log in' })];
    await assert.rejects(
      measure(load(server.url, { timeoutMs, scenario: scenario({ before }), shape: open }), { engine }),
      { code: 'engine-failed', message: /"before" failed: "log in" was answered with status 403 \(http-4xx\)/ },
    );
    assert.equal((await server.record()).length, 1);
  });
});
