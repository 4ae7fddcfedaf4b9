import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBalancer } from '../../../src/demo/balancer/balancer.ts';
import { freePort } from '../../../src/process/free-port.ts';

interface Instance {
  readonly port: number;
  readonly seen: string[];
  isHealthy: boolean;
  /** Dies, as a process does: nobody listens any more, what is open is cut. */
  die(): void;
  revive(): Promise<void>;
}

/** An instance that tells its name; `/cut` cuts its own connection after it has seen the request. */
async function startInstance(t: TestContext, name: string): Promise<Instance> {
  const port = await freePort();
  const seen: string[] = [];
  const make = (): Server => createServer((request, response) => {
    if (request.url === '/health') return void response.writeHead(instance.isHealthy ? 200 : 503).end();
    seen.push(`${request.method} ${request.url}`);
    if (request.url === '/cut') return void request.socket.destroy();
    let body = '';
    request.on('data', (chunk) => { body += String(chunk); });
    request.on('end', () => response.writeHead(201, { 'x-name': name }).end(`${name}:${body}`));
  });
  let server = make();
  const instance: Instance = {
    port, seen, isHealthy: true,
    die() {
      server.close();
      server.closeAllConnections();
    },
    async revive() {
      server = make();
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
  await instance.revive();
  t.after(() => instance.die());
  return instance;
}

async function startBalancer(t: TestContext, instances: readonly Instance[]): Promise<string> {
  const { server, stop } = createBalancer(instances.map(({ port }) => port));
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
    stop();
  });
  return `http://127.0.0.1:${port}`;
}

async function names(url: string, times: number): Promise<string[]> {
  const found: string[] = [];
  for (let i = 0; i < times; i++) found.push((await fetch(url)).headers.get('x-name') ?? 'none');
  return found;
}

test('requests go round, with their method, body, status and headers', async (t) => {
  const [a, b] = [await startInstance(t, 'a'), await startInstance(t, 'b')];
  const url = await startBalancer(t, [a, b]);
  assert.deepEqual((await names(url, 4)).toSorted(), ['a', 'a', 'b', 'b']);
  const answer = await fetch(`${url}/some?x=1`, { method: 'POST', body: 'hello' });
  assert.equal(answer.status, 201);
  assert.match(await answer.text(), /^[ab]:hello$/);
  assert.ok([...a.seen, ...b.seen].includes('POST /some?x=1'));
});

test('a dead instance costs nobody an error, and gets requests again once it lives', async (t) => {
  const [a, b] = [await startInstance(t, 'a'), await startInstance(t, 'b')];
  const url = await startBalancer(t, [a, b]);
  await names(url, 4);
  a.die();
  assert.deepEqual(await names(url, 6), Array<string>(6).fill('b'));
  assert.equal((await fetch(url, { method: 'POST', body: 'x' })).status, 201);
  await a.revive();
  const found = new Set<string>();
  for (let i = 0; i < 50 && !found.has('a'); i++, await sleep(100)) for (const name of await names(url, 2)) found.add(name);
  assert.ok(found.has('a'));
});

test('an instance whose health check fails is left out, though it would answer', async (t) => {
  const [a, b] = [await startInstance(t, 'a'), await startInstance(t, 'b')];
  const url = await startBalancer(t, [a, b]);
  a.isHealthy = false;
  let found: string[] = [];
  for (let i = 0; i < 50 && (i === 0 || found.includes('a')); i++, await sleep(100)) found = await names(url, 4);
  assert.deepEqual(found, Array<string>(4).fill('b'));
});

test('what an instance may have done already is not sent to another: a POST that broke off is 502, a GET is asked again', async (t) => {
  const [a, b] = [await startInstance(t, 'a'), await startInstance(t, 'b')];
  const url = await startBalancer(t, [a, b]);
  assert.equal((await fetch(`${url}/cut`, { method: 'POST', body: 'x' })).status, 502);
  assert.equal([...a.seen, ...b.seen].length, 1);
  assert.equal((await fetch(`${url}/cut`)).status, 502);
  assert.deepEqual([...a.seen, ...b.seen].filter((each) => each === 'GET /cut').length, 2);
});

test('where no instance answers, that is said, and it is over once one does', async (t) => {
  const a = await startInstance(t, 'a');
  const url = await startBalancer(t, [a]);
  a.die();
  assert.deepEqual([(await fetch(url)).status, await (await fetch(url)).json()], [502, { error: 'no instance answered' }]);
  await a.revive();
  assert.deepEqual(await names(url, 1), ['a']);
});
