import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Redis } from 'ioredis';
import { findRedis } from '../../../src/demo/servers/find-redis.ts';
import { startRedis } from '../../../src/demo/servers/redis.ts';
import { ScaleplanError } from '../../../src/errors.ts';
import { makeTempFolder } from '../../../src/process/temp-folder.ts';
import type { TempFolder } from '../../../src/process/temp-folder.ts';
import { goneWithin } from '../../process/gone-within.ts';

let folder: TempFolder;
let missing: string | false = false;
before(async () => {
  folder = await makeTempFolder('redis-test');
});
after(() => folder.dispose());
await findRedis().catch((error: Error) => (missing = error.message));

test('Redis starts on loopback with its limit and a password, keeps nothing, and stops', { skip: missing }, async () => {
  const server = await startRedis({ dir: folder.path, name: 'cache', maxMemoryBytes: 5_000_000, policy: 'allkeys-lru' });
  const client = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  try {
    assert.ok(server.port < 32_768);
    assert.deepEqual(await client.config('GET', 'maxmemory'), ['maxmemory', '5000000']);
    assert.deepEqual(await client.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'allkeys-lru']);
    assert.deepEqual(await client.config('GET', 'save'), ['save', '']);
    assert.deepEqual(await client.config('GET', 'bind'), ['bind', '127.0.0.1']);
    assert.ok((await client.info('server')).includes(`redis_version:${server.version}`));
    const stranger = new Redis(server.port, '127.0.0.1', { maxRetriesPerRequest: 0, retryStrategy: () => null });
    stranger.on('error', () => {});
    await assert.rejects(stranger.get('x'), /NOAUTH/);
    stranger.disconnect();
  } finally {
    client.disconnect();
    await server.stop();
  }
  await goneWithin(server.pid, 1_000);
});

test('two at a time keep apart', { skip: missing }, async () => {
  const servers = await Promise.all(
    ['one', 'two'].map((name) => startRedis({ dir: folder.path, name, maxMemoryBytes: null, policy: 'noeviction' })),
  );
  assert.notEqual(servers[0]?.port, servers[1]?.port);
  await Promise.all(servers.map((server) => server.stop()));
});

test('a Redis that does not start says so with the end of its log', { skip: missing }, async () => {
  const options = { dir: folder.path, name: 'broken', maxMemoryBytes: -1, policy: 'noeviction' as const };
  await assert.rejects(startRedis(options), (error) => {
    assert.ok(error instanceof ScaleplanError && error.code === 'server-failed');
    assert.match(error.message, /ended with code 1[\s\S]*maxmemory/);
    return true;
  });
});

test('a named program that is no Redis is refused by name, with what to install on each system', async () => {
  process.env['SCALEPLAN_REDIS_SERVER'] = '/no/such/redis-server';
  try {
    await assert.rejects(findRedis(), (error) => {
      assert.ok(error instanceof ScaleplanError && error.code === 'server-missing');
      assert.match(error.message, /\/no\/such\/redis-server/);
      for (const word of ['apt-get', 'dnf', 'brew']) assert.ok(error.hint?.includes(word), word);
      return true;
    });
  } finally {
    delete process.env['SCALEPLAN_REDIS_SERVER'];
  }
});
