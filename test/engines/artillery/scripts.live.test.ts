import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { freePort } from '../../../src/process/free-port.ts';
import { startBehavingServer } from '../behaving-server.ts';
import { constant, runScript, script } from './run-script.ts';

const GET = '      - get: {url: "/a"}';

describe('scripts run as they are', { concurrency: 3 }, () => {
  test('a processor, its own hooks and a capture work as under bare artillery', async () => {
    await using server = await startBehavingServer();
    const processor = 'export function mark(params, context, events, done) {\n  params.headers = { ...params.headers, "x-mark": "yes" };\n  done();\n}\n';
    const flow = '      - get: {url: "/items", capture: {json: "$.items[0].id", as: id}}\n      - get: {url: "/items/{{ id }}", name: item, beforeRequest: mark}';
    const run = await runScript(script(flow, '  processor: ./own.mjs\n'), { target: server.url, files: { 'own.mjs': processor } });
    const seen = await server.record();
    assert.deepEqual(run.errors, {});
    assert.equal(seen.filter(({ url, headers }) => url === '/items/100' && headers['x-mark'] === 'yes').length, 40);
    assert.equal(run.requests, 80);
  });

  test('a TypeScript script runs, measured the same', async () => {
    await using server = await startBehavingServer({ delayMs: 10 });
    const source = `export const config: { target: string } = { target: 'http://127.0.0.1:9' };\nexport const scenarios = [{ name: 'typed', flow: [{ get: { url: '/a' } }] }];\n`;
    const run = await runScript(source, { target: server.url, fileName: 'journeys.ts' });
    assert.deepEqual([...new Set(run.rows.map(({ journey, step }) => `${journey}: ${step}`))], ['typed: GET /a']);
    assert.equal(run.requests, (await server.record()).length);
  });

  test('journeys come by weight, `before` runs once and is in no row', async () => {
    await using server = await startBehavingServer();
    const text = `config:\n  target: http://127.0.0.1:9\n  phases: [{duration: 600, arrivalRate: 1}]\nbefore:\n  flow:\n    - get: {url: "/before"}\nscenarios:\n  - name: often\n    weight: 9\n    flow:\n      - get: {url: "/often"}\n  - weight: 1\n    flow:\n      - get: {url: "/seldom"}\n`;
    const run = await runScript(text, { target: server.url, stages: [constant(100, 2)] });
    const seen = await server.record();
    assert.equal(seen.filter(({ url }) => url === '/before').length, 1);
    assert.equal(run.requests, seen.length - 1);
    const often = run.rows.filter(({ journey }) => journey === 'often').reduce((sum, row) => sum + row.requests, 0);
    assert.ok(often > 160 && often < 200, `${often} of 200`);
    assert.ok(run.rows.some(({ journey }) => journey === 'scenario 2'));
  });

  test('a redirect that is followed is one request', async () => {
    await using server = await startBehavingServer({ answers: { '/old': { status: 302, headers: { location: '/items' }, body: '' } } });
    const run = await runScript(script('      - get: {url: "/old"}'), { target: server.url, stages: [constant(10, 1)] });
    assert.equal(run.requests, 10);
    assert.equal(run.sent, 10);
    assert.deepEqual(run.statuses, { 200: 10 });
    assert.equal((await server.record()).length, 20);
  });

  test('our headers are on every request, over those of the script, of which none is lost', async () => {
    await using server = await startBehavingServer();
    const defaults = '  defaults:\n    headers: {x-own: mine, x-both: script}\n';
    await runScript(script(GET, defaults), { target: server.url, headers: { 'X-Both': 'ours', authorization: 'Bearer abc' } });
    const seen = await server.record();
    assert.equal(seen.length, 40);
    for (const { headers } of seen) assert.deepEqual([headers['x-own'], headers['x-both'], headers['authorization']], ['mine', 'ours', 'Bearer abc']);
  });

  test('artillery’s own expect plugin, where a script switches it on, is listened to', async () => {
    await using server = await startBehavingServer();
    const flow = '      - get: {url: "/items", expect: [{statusCode: 200}, {hasHeader: x-missing}]}';
    const run = await runScript(script(flow, '  plugins: {expect: {formatter: json}}\n'), { target: server.url, stages: [constant(10, 1)] });
    assert.deepEqual(run.errors, { expect: 10 });
  });

  test('the connection is kept within a virtual user and new for the next one, as in bare artillery', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    let connections = 0;
    server.on('connection', () => { connections += 1; });
    const port = await freePort();
    await once(server.listen(port, '127.0.0.1'), 'listening');
    try {
      const run = await runScript(script(`${GET}\n${GET}`), { target: `http://127.0.0.1:${port}`, stages: [constant(10, 1)] });
      assert.equal(run.requests, 20);
      assert.equal(connections, 10);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('scripts that cannot run', { concurrency: 3 }, () => {
  test('what artillery does not accept is a wrong scenario, in its own words', async () => {
    const run = runScript('config:\n  target: http://127.0.0.1:9\nscenarios:\n  - flow: 7\n    name: [1]\n', { target: 'http://127.0.0.1:9' });
    await assert.rejects(run, { code: 'wrong-scenario', message: /validation error.*name/i });
  });

  test('a processor that is not there is a wrong scenario (artillery’s exit code 11)', async () => {
    const run = runScript(script(GET, '  processor: ./missing.mjs\n'), { target: 'http://127.0.0.1:9' });
    await assert.rejects(run, { code: 'wrong-scenario', message: /missing\.mjs/ });
  });

  test('a `before` section that finds the target down is a failure before the load, with the reason', async () => {
    const text = `config:\n  target: http://127.0.0.1:9\nbefore:\n  flow:\n    - get: {url: "/before"}\nscenarios:\n  - flow:\n${GET}\n`;
    await assert.rejects(runScript(text, { target: 'http://127.0.0.1:9' }), { code: 'engine-failed', message: /before the load began.*ECONNREFUSED/ });
  });
});
