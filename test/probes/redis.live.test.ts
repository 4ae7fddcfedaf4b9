import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { startRedis } from '../../src/demo/servers/redis.ts';
import { ScaleplanError } from '../../src/errors.ts';
import { bullmqProbe } from '../../src/probes/bullmq.ts';
import { redisProbe } from '../../src/probes/redis.ts';
import { openProbe, readTwice } from './reading.ts';

type Server = Awaited<ReturnType<typeof startRedis>>;

describe('the Redis probe on a real server', () => {
  let dir: string;
  let server: Server;
  let redis: Redis;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    server = await startRedis({ dir, maxMemoryBytes: 3_000_000, policy: 'noeviction', name: 'cache' });
    redis = new Redis(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('takes the hit ratio of the interval: the life-time ratio still looks well while the cache is lost', async (t) => {
    await redis.set('k', 'v');
    await many(400, () => redis.get('k'));
    const probe = await openProbe(t, redisProbe, server.url);
    const readings = await readTwice(probe, async () => {
      await many(20, () => redis.get('k'));
      await many(80, (index) => redis.get(`absent${index}`));
    });
    assert.equal(Math.round(readings['redis.hit_ratio'] ?? -1), 20);
    assert.ok((readings['redis.misses'] ?? 0) > 0);
    const info = await redis.info('stats');
    assert.ok(Number(/keyspace_hits:(\d+)/.exec(info)?.[1]) / (Number(/keyspace_misses:(\d+)/.exec(info)?.[1]) + 1) > 4);
  });

  it('gives no hit ratio under 50 look-ups', async (t) => {
    const probe = await openProbe(t, redisProbe, server.url);
    const readings = await readTwice(probe, () => many(49, () => redis.get('k')));
    assert.equal(readings['redis.hit_ratio'], undefined);
    assert.ok((readings['redis.hits'] ?? 0) > 0);
  });

  it('leaves itself out: no look-ups, no misses, no commands, no client of its own; under 2 ms of server time', async (t) => {
    const probe = await openProbe(t, redisProbe, server.url);
    const usec = async (): Promise<{ calls: number; usec: number }> => {
      const line = /cmdstat_info:calls=(\d+),usec=(\d+)/.exec(await redis.info('commandstats'));
      return { calls: Number(line?.[1] ?? 0), usec: Number(line?.[2] ?? 0) };
    };
    const first = await usec();
    for (let index = 0; index < 20; index += 1) await probe.read(1, AbortSignal.timeout(2000));
    const last = await usec();
    const cost = (last.usec - first.usec) / (last.calls - first.calls);
    t.diagnostic(`INFO everything: ${cost.toFixed(0)} µs of server time`);
    assert.ok(cost < 2000, `${cost} µs`);
    const readings = await readTwice(probe, async () => {});
    assert.deepEqual([readings['redis.hits'], readings['redis.misses'], readings['redis.commands']], [0, 0, 0]);
    assert.equal(readings['redis.clients'], 1);
    assert.equal(readings['redis.queue_keys'], 0);
  });

  it('counts writes refused for want of memory, and memory against maxmemory', async (t) => {
    const probe = await openProbe(t, redisProbe, server.url);
    const readings = await readTwice(probe, async () => {
      for (let index = 0; index < 60; index += 1) await redis.set(`big${index}`, 'x'.repeat(100_000)).catch(() => {});
    });
    assert.ok((readings['redis.oom_errors'] ?? 0) > 0);
    assert.ok((readings['redis.memory_used'] ?? 0) > 80);
    await redis.flushall();
  });

  it('counts evictions, and has no share of memory where there is no limit', async (t) => {
    const probe = await openProbe(t, redisProbe, server.url);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const readings = await readTwice(probe, async () => {
      for (let index = 0; index < 60; index += 1) await redis.set(`big${index}`, 'x'.repeat(100_000));
    });
    assert.ok((readings['redis.evictions'] ?? 0) > 0);
    await redis.config('SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '0');
    const unlimited = await readTwice(probe, async () => {});
    assert.equal(unlimited['redis.memory_used'], undefined);
    assert.ok((unlimited['redis.memory'] ?? 0) > 0);
    await redis.flushall();
  });

  it('tells from its commands that job queues share the instance and pollute its misses; the queue’s probe sees the jobs', async (t) => {
    const url = new URL(server.url);
    const connection = { host: url.hostname, port: Number(url.port), password: url.password, maxRetriesPerRequest: null };
    const queue = new Queue('mail', { connection });
    t.after(() => queue.close());
    for (let index = 0; index < 12; index += 1) await queue.add('send', { index }, { removeOnComplete: true });
    const jobs = await openProbe(t, bullmqProbe, `${server.url}?queue=mail`);
    const cache = await openProbe(t, redisProbe, server.url);
    const waiting = await readTwice(jobs, async () => {});
    assert.equal(waiting['queue.depth'], 12);
    assert.ok((waiting['queue.age'] ?? 0) > 50);
    const worker = new Worker('mail', async (job) => {
      await sleep(20);
      if (job.data.index === 3) throw new Error('bounced');
    }, { connection, concurrency: 4 });
    t.after(() => worker.close());
    const polluted = await readTwice(cache, async () => {
      const worked = await readTwice(jobs, () => sleep(500));
      assert.equal(worked['queue.depth'], 0);
      assert.ok((worked['queue.processing_rate'] ?? 0) > 0);
      assert.ok((worked['queue.worker_failures'] ?? 0) > 0);
      assert.ok((worked['queue.job_time'] ?? 0) >= 19 && (worked['queue.job_time'] ?? 0) < 300, String(worked['queue.job_time']));
    });
    assert.equal(polluted['redis.queue_keys'], 1);
    assert.ok((polluted['redis.misses'] ?? 0) > 0, 'nobody looked up a key of a cache');
  });

  it('refuses a wrong password without repeating it, and says what to write', async () => {
    const probe = redisProbe({ address: server.url.replace(/:[^:@/]+@/, ':wrong-secret@'), timeoutMs: 2000, metricNames: {} });
    await assert.rejects(probe.open(AbortSignal.timeout(3000)), (error: unknown) => {
      assert.ok(error instanceof ScaleplanError && error.code === 'probe-refused');
      assert.doesNotMatch(error.message + (error.hint ?? ''), /wrong-secret/);
      assert.match(error.hint ?? '', /password/);
      return true;
    });
    await probe.close();
  });
});

async function many(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}
