import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { ScaleplanError } from '../../src/errors.ts';
import { freePort } from '../../src/process/free-port.ts';
import { connectOnce } from '../../src/run/preflight.ts';
import { assertAllowedTarget } from '../../src/run/safety.ts';

const code = (expected: string) => (error: unknown): boolean => error instanceof ScaleplanError && error.code === expected;

describe('a target', () => {
  for (const target of ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000', 'https://10.1.2.3', 'http://172.31.0.1', 'http://192.168.1.5', 'http://[fd00::1]']) {
    it(`${target} may be loaded`, async () => assert.ok(await assertAllowedTarget(target, [])));
  }
  for (const target of ['http://192.0.2.1', 'http://172.32.0.1', 'https://[2001:db8::1]', 'http://0x7f.example.invalid']) {
    it(`${target} may not`, () => assert.rejects(assertAllowedTarget(target, []), (error) => code('target-not-allowed')(error) || code('target-down')(error)));
  }
  it('may be loaded when its host is allowed by name', async () => assert.ok(await assertAllowedTarget('http://192.0.2.1:8080', ['192.0.2.1'])));
  it('is a URL of http or https', async () => {
    for (const target of ['localhost:3000', 'ftp://127.0.0.1', '']) await assert.rejects(assertAllowedTarget(target, []), code('wrong-usage'));
  });
});

describe('the preflight', () => {
  it('opens one connection and sends nothing', async () => {
    const port = await freePort();
    const seen: number[] = [];
    const server = createServer((socket) => { socket.on('data', (data) => seen.push(data.length)).on('error', () => {}); });
    await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
    await connectOnce(new URL(`http://127.0.0.1:${port}`));
    await new Promise((resolve) => { server.close(resolve); });
    assert.deepEqual(seen, []);
  });

  it('says at once that nobody listens', async () => {
    const started = performance.now();
    await assert.rejects(connectOnce(new URL(`http://127.0.0.1:${await freePort()}`)), code('target-down'));
    assert.ok(performance.now() - started < 2000);
  });

  it('gives up on TLS that is none within two seconds', async () => {
    const port = await freePort();
    const server = createServer((socket) => { socket.on('error', () => {}); });
    await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
    const started = performance.now();
    await assert.rejects(connectOnce(new URL(`https://127.0.0.1:${port}`)), code('target-down'));
    assert.ok(performance.now() - started < 2000);
    server.close();
  });
});
