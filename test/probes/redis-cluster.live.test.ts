import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { redisProbe } from '../../src/probes/redis.ts';
import { byMetric, openProbe, readTwice } from './reading.ts';
import { startRedisCluster } from './start-redis-cluster.ts';
import type { ClusterNode } from './start-redis-cluster.ts';

describe('the Redis probe on a real cluster', () => {
  let dir: string;
  let nodes: readonly ClusterNode[];
  let cluster: Cluster;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    nodes = await startRedisCluster(dir);
    cluster = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
    cluster.on('error', () => {});
  });
  after(async () => {
    cluster?.disconnect();
    await Promise.all((nodes ?? []).map(({ stop }) => stop()));
    await rm(dir, { recursive: true, force: true });
  });

  it('follows one node to all masters, adds up what they did, and takes the memory of the one that is worst off', async (t) => {
    const [first, second] = nodes;
    for (let index = 0; index < 60; index += 1) await cluster.set(`k${index}`, 'v');
    const limited = new Redis(second?.port ?? 0, '127.0.0.1');
    t.after(() => limited.disconnect());
    await limited.config('SET', 'maxmemory', '20mb');
    const probe = await openProbe(t, redisProbe, `redis://127.0.0.1:${first?.port}`);
    const startedMs = performance.now();
    const seen = await readTwice(probe, async () => {
      await Promise.all(Array.from({ length: 60 }, (_, index) => cluster.get(`k${index}`)));
      await Promise.all(Array.from({ length: 20 }, (_, index) => cluster.get(`absent${index}`)));
    });
    const seconds = (performance.now() - startedMs) / 1000;
    assert.equal(seen['redis.nodes'], 3);
    assert.equal(seen['redis.keys'], 60);
    assert.equal(seen['redis.hit_ratio'], 75);
    assert.ok((seen['redis.hits'] ?? 0) >= 60 / seconds, `${seen['redis.hits']} hits/s: of all three`);
    assert.ok((seen['redis.memory_used'] ?? 0) > 3 && (seen['redis.memory_used'] ?? 0) < 60, 'of the one with a limit');
  });

  it('goes on with the others, without a wrong rate, when a master is lost', async (t) => {
    const [first, , third] = nodes;
    const probe = await openProbe(t, redisProbe, `redis://127.0.0.1:${third?.port}`);
    await probe.read(0, AbortSignal.timeout(2000));
    await third?.stop();
    const rates: number[] = [];
    let left: number | undefined;
    for (let tries = 0; tries < 40 && left !== 2; tries += 1) {
      await sleep(200);
      const seen = byMetric(await probe.read(0.2, AbortSignal.timeout(2000)).catch(() => []));
      if (seen['redis.commands'] !== undefined) rates.push(seen['redis.commands']);
      left = seen['redis.nodes'];
    }
    assert.equal(left, 2, 'found again through the masters that are left, though the one that was named is gone');
    assert.ok(rates.every((rate) => rate >= 0 && rate < 500), String(rates));
    await assert.rejects(openProbe(t, redisProbe, `redis://127.0.0.1:${third?.port}`));
    await openProbe(t, redisProbe, `redis://127.0.0.1:${first?.port}`);
  });
});
