import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAutocannon } from '../../../src/engines/autocannon/driver.ts';
import { startBehavingServer } from '../behaving-server.ts';
import { journey, load, measure, request, scenario, stage } from './measure.ts';

const engine = createAutocannon({ workers: 2 });

test('autocannon’s own workers tell no responses, never stop and each make the whole rate: two of ours are one generator, whose count is exact and whose every second holds the requests of both', async () => {
  await using server = await startBehavingServer({ delayMs: 10 });
  const measured = await measure(load(server.url, { shape: { model: 'closed', stages: [stage(11, 30, { exactly: 401 })] } }), { engine });
  assert.deepEqual([measured.requests, measured.sent, (await server.record()).length], [401, 401, 401]);
  assert.deepEqual(measured.intervals.map(({ second }) => second), measured.intervals.map((_, at) => at));
  assert.ok(measured.quantileMs(0.5) >= 9 && measured.quantileMs(0.5) < 100, String(measured.quantileMs(0.5)));
});

test('two workers run `before` once, and every user of both has what it captured', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const login = request('/items', { name: 'login', captures: [{ kind: 'header', expression: 'x-token', as: 'token' }] });
  const asked = scenario({ before: [login], journeys: [journey('j', [request('/echo', { headers: { 'x-mine': '{{ token }}' } })])] });
  const measured = await measure(load(server.url, { scenario: asked, shape: { model: 'closed', stages: [stage(4, 1)] } }), { engine });
  assert.deepEqual(measured.errors, {});
  const record = await server.record();
  assert.equal(record.filter(({ url }) => url === '/items').length, 1);
  const tokens = new Set(record.filter(({ url }) => url === '/echo').map(({ headers }) => headers['x-mine']));
  assert.deepEqual([...tokens], ['token-7']);
});

test('two workers hand out every row once before any is repeated', async () => {
  await using server = await startBehavingServer({ delayMs: 5 });
  const folder = await mkdtemp(join(tmpdir(), 'rows-'));
  try {
    const file = join(folder, 'rows.csv');
    await writeFile(file, `id\n${Array.from({ length: 400 }, (_, at) => at).join('\n')}\n`);
    const asked = scenario({ payloads: [{ file, fields: ['id'], order: 'sequence', skipHeader: true, delimiter: ',' }], journeys: [journey('j', [request('/echo?id={{ id }}')])] });
    await measure(load(server.url, { scenario: asked, shape: { model: 'closed', stages: [stage(8, 30, { exactly: 300 })] } }), { engine });
    const urls = (await server.record()).map(({ url }) => url);
    assert.equal(urls.length, 300);
    assert.equal(new Set(urls).size, 300, 'no row twice');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('one of two workers that dies ends the step as a failure', async () => {
  await using server = await startBehavingServer({ delayMs: 10 });
  const folder = await mkdtemp(join(tmpdir(), 'worker-'));
  try {
    const workerFile = join(folder, 'worker.mjs');
    await writeFile(workerFile, `process.stdin.once('data', (text) => { if (JSON.parse(String(text).split('\\n')[0]).part.index === 1) process.exit(7); console.log(JSON.stringify({ type: 'ready', shared: {} })); });`);
    const broken = createAutocannon({ workers: 2, workerFile, silenceMs: 2000 });
    await assert.rejects(measure(load(server.url), { engine: broken }), { code: 'engine-failed', message: /ended with code 7/ });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
