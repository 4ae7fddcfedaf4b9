import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { freePort } from '../../../src/process/free-port.ts';
import { HttpError } from '../../../src/demo/app/http-error.ts';
import { createMetrics } from '../../../src/demo/app/metrics.ts';
import { createAppServer } from '../../../src/demo/app/server.ts';
import type { Route } from '../../../src/demo/app/route.ts';

const routes: Route[] = [
  { name: '/health', method: 'GET', status: 200, answer: async () => ({ status: 'ok' }) },
  { name: '/api/contents/:id/publish', method: 'POST', status: 200, answer: async ({ id, body }) => ({ id, body }) },
  { name: '/full', method: 'GET', status: 200, answer: async () => { throw new HttpError(503, 'no database connection was free in time'); } },
];
const metrics = createMetrics();
let isOverloaded = false;
const server = createAppServer(routes, metrics, { isOverloaded: () => isOverloaded, stop: () => {} });
let url = '';

before(async () => {
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
  metrics.stop();
});

async function answerTo(path: string, options: RequestInit = {}): Promise<[number, unknown]> {
  const response = await fetch(`${url}${path}`, options);
  return [response.status, await response.json()];
}

test('the number in a path reaches the route, with the parsed body', async () => {
  assert.deepEqual(await answerTo('/api/contents/12/publish', { method: 'POST', body: '{"a":1}' }), [200, { id: 12, body: { a: 1 } }]);
  assert.deepEqual(await answerTo('/api/contents/12/publish', { method: 'POST' }), [200, { id: 12, body: null }]);
});

test('an unknown path and a wrong method are 404, a body that is no JSON 400, one that is too large 413', async () => {
  assert.deepEqual(await answerTo('/nothing'), [404, { error: 'there is no GET /nothing' }]);
  assert.equal((await answerTo('/health', { method: 'POST' }))[0], 404);
  assert.deepEqual(await answerTo('/api/contents/1/publish', { method: 'POST', body: '{bad' }), [400, { error: 'the body is not JSON' }]);
  assert.equal((await answerTo('/api/contents/1/publish', { method: 'POST', body: 'x'.repeat(1_000_001) }))[0], 413);
});

test('an overloaded event loop refuses work, and still tells that it lives and how it fares', async () => {
  isOverloaded = true;
  try {
    assert.deepEqual(await answerTo('/api/contents/1/publish', { method: 'POST' }), [503, { error: 'too busy' }]);
    assert.equal((await answerTo('/health'))[0], 200);
    assert.equal((await fetch(`${url}/metrics`)).status, 200);
  } finally {
    isOverloaded = false;
  }
});

test('an overloaded part is answered with its status, and every answer is counted by route and status', async () => {
  assert.deepEqual(await answerTo('/full'), [503, { error: 'no database connection was free in time' }]);
  const text = await (await fetch(`${url}/metrics`)).text();
  assert.match(text, /^http_request_duration_seconds_count\{route="\/full",status="503"\} 1$/m);
  assert.match(text, /^http_request_duration_seconds_count\{route="unknown",status="404"\} \d+$/m);
});
