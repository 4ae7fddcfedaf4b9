import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RequestStep } from '../../../src/model/scenario.ts';
import { startBehavingServer } from '../behaving-server.ts';
import { journey, load, measure, request, scenario, stage } from './measure.ts';

const captureId = { kind: 'json', expression: '$.items[*].id', as: 'id' } as const;
const list = request('/items', { name: 'list', captures: [captureId] });
const item = request('/items/{{ id }}', { name: 'item' });
const short = { model: 'closed', stages: [stage(3, 1)] } as const;

test('a journey captures from JSON, header and text, and sends what it captured', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const flow = [
    request('/items', {
      name: 'list',
      captures: [captureId, { kind: 'header', expression: 'X-Token', as: 'token' }, { kind: 'regexp', expression: '"token":"[a-z]+"', as: 'text' }],
    }),
    request('/echo', {
      name: 'send', method: 'POST', qs: { id: '{{ id }}' }, headers: { 'X-Mine': '{{ token }}' },
      body: { type: 'json', value: { id: '{{ id }}', text: '{{ text }}' } },
    }),
  ];
  const measured = await measure(load(server.url, { scenario: scenario({ journeys: [journey('j', flow)] }), shape: short, headers: { authorization: 'Bearer x' } }));
  assert.deepEqual(measured.errors, {});
  const sent = (await server.record()).filter(({ method }) => method === 'POST');
  assert.ok(sent.length > 10);
  const ids = new Set<number>();
  for (const { url, headers, body } of sent) {
    const read = JSON.parse(body) as { id: number; text: string };
    ids.add(read.id);
    assert.equal(url, `/echo?id=${read.id}`);
    assert.equal(read.text, '"token":"abc"');
    assert.equal(headers['x-mine'], 'token-7');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['authorization'], 'Bearer x');
  }
  assert.ok(ids.size > 3, 'one of the matches by chance, as artillery takes them');
  assert.deepEqual(new Set(measured.rows.map((row) => row.step)), new Set(['list', 'send']));
});

test('a capture that finds nothing is an error of its step and ends the journey', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const broken = request('/items', { name: 'list', captures: [{ kind: 'json', expression: '$.nothing', as: 'id' }] });
  const measured = await measure(load(server.url, { scenario: scenario({ journeys: [journey('j', [broken, item])] }), shape: short }));
  assert.deepEqual(measured.errors, { capture: measured.requests });
  assert.deepEqual(new Set(measured.rows.map((row) => row.step)), new Set(['list']));
});

test('expectations: an expected 404 is a success, a wrong type, a missing property and an unexpected status are not', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const expect = { statusCode: null, contentType: null, hasProperty: [] };
  const flow: RequestStep[] = [
    request('/items/1', { name: '404 expected', expect: { ...expect, statusCode: [404] } }),
    request('/items/1', { name: '404 unexpected' }),
    request('/items', { name: 'json', expect: { ...expect, statusCode: [200], contentType: 'json', hasProperty: ['items[0].id'] } }),
    request('/', { name: 'no json', expect: { ...expect, contentType: 'json' } }),
    request('/items', { name: 'no property', expect: { ...expect, hasProperty: ['items[0].name'] } }),
    request('/items', { name: 'other status', expect: { ...expect, statusCode: [201] } }),
  ];
  const measured = await measure(load(server.url, { scenario: scenario({ journeys: [journey('j', flow)] }), shape: short }));
  const kinds: Record<string, string[]> = {};
  for (const row of measured.rows) kinds[row.step] = Object.keys(row.errors);
  assert.deepEqual(kinds, {
    '404 expected': [], '404 unexpected': ['http-4xx'], json: [], 'no json': ['expect'], 'no property': ['expect'], 'other status': ['expect'],
  });
});

test('cookies are kept within a journey and gone in the next', async () => {
  await using server = await startBehavingServer({ delayMs: 2 });
  const flow = [request('/session'), request('/echo', { name: 'a', cookie: { mine: 'm' } }), request('/echo', { name: 'b' })];
  await measure(load(server.url, { scenario: scenario({ journeys: [journey('j', flow)] }), shape: { model: 'closed', stages: [stage(1, 1)] } }));
  const record = await server.record();
  assert.ok(record.length > 20);
  record.forEach(({ url, headers }, at) => {
    const session = `session=s${at - (at % 3) + 1}`;
    assert.equal(headers['cookie'], url === '/session' ? undefined : `${session}; mine=m`);
  });
});

test('journeys are mixed by weight, loops written out, think time left out', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const { place } = list;
  const measured = await measure(load(server.url, {
    scenario: scenario({
      journeys: [
        journey('often', [request('/a'), { type: 'think', seconds: 30, place }], 3),
        journey('seldom', [{ type: 'loop', count: 2, flow: [request('/b')], place }], 1),
      ],
    }),
    shape: short,
  }));
  const requests = (name: string): number => measured.rows.filter((row) => row.journey === name).reduce((sum, row) => sum + row.requests, 0);
  const ratio = requests('often') / requests('seldom');
  assert.ok(ratio > 1.3 && ratio < 1.7, `3 journeys of 1 request to 1 journey of 2: ${ratio}`);
});

test('an endpoint behind a capture is measured alone: the way to it is unmeasured, a write gets a capture of its own', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const journeys = [journey('read', [list, item]), journey('write', [list, { ...item, name: 'publish', method: 'POST' }])];
  for (const [endpoint, readsPerList] of [[{ journey: 'read', step: 'item' }, 20], [{ journey: 'write', step: 'publish' }, 1]] as const) {
    const before = (await server.record()).length;
    const measured = await measure(load(server.url, { scenario: scenario({ journeys }), shape: short, endpoint }));
    const record = (await server.record()).slice(before);
    const lists = record.filter(({ url }) => url === '/items').length;
    assert.deepEqual(new Set(measured.rows.map((row) => `${row.journey}/${row.step}`)), new Set([`${endpoint.journey}/${endpoint.step}`]));
    assert.deepEqual(measured.errors, {});
    assert.equal(measured.requests, record.length - lists);
    assert.equal(measured.sent, measured.requests);
    const ratio = measured.requests / lists;
    assert.ok(ratio > readsPerList * 0.7 && ratio <= readsPerList, `${ratio} per set-up`);
  }
});

test('an endpoint whose set-up fails is not silent: each failed set-up is one failed request of it', async () => {
  await using server = await startBehavingServer({ delayMs: 5, answers: { '/items': { status: 500, body: '{}' } } });
  const measured = await measure(load(server.url, { scenario: scenario({ journeys: [journey('read', [list, item])] }), shape: short, endpoint: { journey: 'read', step: 'item' } }));
  assert.equal(measured.successes, 0);
  assert.ok(measured.requests > 0);
  assert.deepEqual(measured.errors, { 'http-5xx': measured.requests });
  assert.equal((await server.record()).length, measured.requests);
});

test('before runs once, unmeasured, and what it captures is there for all; payload rows come in turn', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'autocannon-payload-'));
  try {
    const file = join(folder, 'users.csv');
    await writeFile(file, 'id\n7\n8\n');
    await using server = await startBehavingServer({ delayMs: 5 });
    const before = [request('/items', { captures: [{ kind: 'json', expression: '$.token', as: 'token' }] })];
    const measured = await measure(load(server.url, {
      scenario: scenario({
        before, payloads: [{ file, fields: ['user'], order: 'sequence', skipHeader: true, delimiter: ',' }],
        journeys: [journey('j', [request('/u/{{ user }}?t={{ token }}', { name: 'u' })])],
      }),
      shape: { model: 'closed', stages: [stage(1, 1)] },
    }));
    const [first, ...others] = (await server.record()).map(({ url }) => url);
    assert.equal(first, '/items');
    assert.equal(others.length, measured.requests);
    assert.equal(others.filter((url) => url === '/u/7?t=abc').length + others.filter((url) => url === '/u/8?t=abc').length, others.length);
    assert.notEqual(others[0], others[1]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('stages follow one another: users rise and fall, seconds are counted through', async () => {
  await using server = await startBehavingServer({ delayMs: 50 });
  const measured = await measure(load(server.url, { shape: { model: 'closed', stages: [stage(1, 1), stage(6, 1), stage(2, 1)] } }));
  const sent = measured.intervals.map((interval) => interval.sent);
  assert.ok((sent[1] ?? 0) > 3 * (sent[0] ?? 0), sent.join(' '));
  assert.ok((sent[2] ?? 0) < 0.6 * (sent[1] ?? 0), sent.join(' '));
  assert.equal((await server.record()).length, measured.requests);
  assert.deepEqual(measured.errors, {});
});

test('a count of requests is sent to the last one and not one more, and the load ends with it', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const measured = await measure(load(server.url, { shape: { model: 'closed', stages: [stage(20, 60, { exactly: 500 })] } }));
  assert.deepEqual([measured.requests, measured.sent, (await server.record()).length], [500, 500, 500]);
  assert.ok(measured.intervals.length < 30);
});
