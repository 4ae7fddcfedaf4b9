import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { freePort } from '../../../src/process/free-port.ts';
import { createVectorService } from '../../../src/demo/vector/server.ts';

const server = createVectorService({ folder: '.', diskBytesPerSec: null });
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
});

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: { result?: unknown; status: unknown } }> {
  const response = await fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as { result?: unknown; status: unknown } };
}

test('collections are created once, filled, searched, queried and deleted with Qdrant\'s requests', async () => {
  assert.equal((await send('PUT', '/collections/docs', { vectors: { size: 2, distance: 'Cosine' } })).status, 200);
  assert.equal((await send('PUT', '/collections/docs', { vectors: { size: 2, distance: 'Cosine' } })).status, 409);
  const points = [{ id: 1, vector: [1, 0], payload: { a: 1 } }, { id: 2, vector: [0, 1] }];
  assert.equal((await send('PUT', '/collections/docs/points?wait=true', { points })).status, 200);
  const nearest = [{ id: 2, version: 0, score: 1, payload: {} }];
  assert.deepEqual((await send('POST', '/collections/docs/points/search', { vector: [0, 3], limit: 1 })).body.result, nearest);
  assert.deepEqual((await send('POST', '/collections/docs/points/query', { query: [0, 3], limit: 1 })).body.result, { points: nearest });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^collection_points\{id="docs"\} 2$/m);
  assert.match(metrics, /^rest_responses_total\{method="POST",endpoint="\/collections\/\{collection_name\}\/points\/query",status="200"\} 1$/m);
  assert.equal((await send('DELETE', '/collections/docs')).status, 200);
  assert.equal((await send('POST', '/collections/docs/points/search', { vector: [0, 3] })).status, 404);
});

test('a vector of the wrong length, a body that is none and an unknown collection are refused and counted, not timed', async () => {
  await send('PUT', '/collections/small', { vectors: { size: 2, distance: 'Cosine' } });
  const wrong = await send('POST', '/collections/small/points/search', { vector: [1, 2, 3] });
  assert.equal(wrong.status, 400);
  assert.deepEqual(wrong.body.status, { error: 'Wrong input: Vector dimension error: expected dim: 2, got 3' });
  assert.equal((await send('PUT', '/collections/small/points', { points: [{ id: 1, vector: [1] }] })).status, 400);
  assert.equal((await send('POST', '/collections/small/points/search', 'nothing')).status, 400);
  assert.equal((await send('POST', '/collections/none/points/search', { vector: [1, 2] })).status, 404);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^rest_responses_total\{.*points\/search",status="400"\} 2$/m);
  assert.doesNotMatch(metrics, /duration_seconds.*status="4/);
});
