import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { sketchFromHar } from '../../src/init/from-har.ts';
import { sketchFromOpenApi } from '../../src/init/from-openapi.ts';

const DATA = join(import.meta.dirname, 'data');
const har = (more: Partial<Parameters<typeof sketchFromHar>[1]> = {}) => sketchFromHar(join(DATA, 'visit.har'), { writes: false, origin: null, ...more });

describe('routes from a recording of Chromium', () => {
  it('takes reads of the application in their order, without images and scripts, with the pauses of the user', async () => {
    const { journeys, notes } = await har();
    const requests = journeys[0]?.requests ?? [];
    assert.deepEqual(requests.map(({ name }) => name), ['GET-/', 'GET-/api/items', 'GET-/api/items/:id', 'GET-/api/filter']);
    assert.deepEqual(requests[1]?.qs, { page: '2', q: 'red shoes' });
    const think = requests[1]?.thinkSeconds ?? 0;
    assert.ok(think >= 0.8 && think < 5, String(think));
    assert.match(notes.join('\n'), /3 requests \(scaleplan init --writes/);
  });

  it('keeps a parameter that stands twice', async () => {
    const requests = (await har()).journeys[0]?.requests ?? [];
    assert.equal(requests.at(-1)?.url, '/api/filter?tag=a&tag=b');
    assert.deepEqual(requests.at(-1)?.qs, {});
  });

  it('takes writes over when asked, and no password, token or cookie with them', async () => {
    const sketch = await har({ writes: true });
    const requests = sketch.journeys[0]?.requests ?? [];
    assert.deepEqual(requests.filter(({ method }) => method !== 'get').map(({ method }) => method), ['post', 'post', 'delete']);
    assert.deepEqual(requests.find(({ name }) => name === 'POST-/api/login')?.body, { kind: 'json', value: { email: 'a@example.org', password: '{{ $env.PASSWORD }}' } });
    assert.deepEqual(requests.find(({ name }) => name === 'POST-/api/basket')?.body, { kind: 'form', value: { item: '4711', count: '2' } });
    assert.doesNotMatch(JSON.stringify(sketch), /hunter2|s3cr3tt0ken|abcdef123456|verysecretcookie/);
    assert.match(sketch.notes.join('\n'), /set PASSWORD, TOKEN in the environment/);
  });
});

describe('routes from an OpenAPI description', () => {
  it('has a journey for each tag, else for the first part of the path, under the path of the server', async () => {
    const { journeys, variables } = await sketchFromOpenApi(join(DATA, 'openapi.yaml'), { writes: false });
    assert.deepEqual(journeys.map(({ name, requests }) => [name, requests.map(({ url }) => url)]), [
      ['browsing', ['/v1/items', '/v1/items/{{ itemsId }}']],
      ['users', ['/v1/users/{{ usersId }}/orders/{{ orderNumber }}']],
    ]);
    assert.deepEqual(variables, { itemsId: ['42'], usersId: ['example'], orderNumber: ['A1'] });
    assert.deepEqual(journeys[0]?.requests[0]?.qs, { page: '1' });
    assert.deepEqual(journeys[0]?.requests[0]?.headers, { 'x-tenant': 'main' });
  });

  it('makes bodies of writes from schemas, also of one that names itself', async () => {
    const { journeys } = await sketchFromOpenApi(join(DATA, 'openapi.yaml'), { writes: true });
    const order = journeys.flatMap(({ requests }) => requests).find(({ name }) => name === 'create-order');
    assert.deepEqual(order?.body, { kind: 'json', value: { item: '00000000-0000-4000-8000-000000000000', count: 2, gift: true } });
  });

  it('reads Swagger 2, too', async () => {
    const { journeys, variables } = await sketchFromOpenApi(join(DATA, 'swagger.json'), { writes: true });
    assert.deepEqual(journeys[0]?.requests.map(({ url, body }) => [url, body?.value ?? null]), [['/api/pets/{{ petId }}', null], ['/api/pets', { name: 'example' }]]);
    assert.deepEqual(variables, { petId: ['7'] });
  });
});
