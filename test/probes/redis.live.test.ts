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
import { byMetric, openProbe, readTwice } from './reading.ts';

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
    await redis.call('ACL', 'SETUSER', 'queues', 'on', '>queues-secret', '-@all', '~bull:mail:*', '+llen', '+zcard', '+lindex', '+hget', '+hexists', '+exists', '+time', '+xrange', '+xrevrange', '+client|list');
    const place = server.url.replace(/\/\/:[^@]+@/, '//queues:queues-secret@');
    const jobs = await openProbe(t, bullmqProbe, `${place}?queue=mail&concurrency=4`);
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
    const busy = byMetric(await (await openProbe(t, bullmqProbe, `${place}?queue=mail&concurrency=4`)).read(0, AbortSignal.timeout(2000)));
    assert.ok(busy['queue.worker_utilization'] !== undefined && busy['queue.worker_utilization'] >= 0 && busy['queue.worker_utilization'] <= 100, JSON.stringify(busy));
    assert.equal(busy['queue.workers'], 1);
    const untold = byMetric(await (await openProbe(t, bullmqProbe, `${place}?queue=mail`)).read(0, AbortSignal.timeout(2000)));
    assert.equal(untold['queue.worker_utilization'], undefined, 'how many jobs a worker takes at a time is not in Redis');
  });

  it('reads a queue for less than 2 ms of server time a tick, and asks for no key by a pattern', async (t) => {
    const probe = await openProbe(t, bullmqProbe, `${server.url}?queue=mail`);
    await redis.call('CONFIG', 'RESETSTAT');
    for (let index = 0; index < 20; index += 1) await probe.read(index, AbortSignal.timeout(2000));
    const lines = (await redis.info('commandstats')).split('\r\n').filter((line) => line.startsWith('cmdstat_'));
    const micros = lines.reduce((sum, line) => sum + Number(/usec=(\d+)/.exec(line)?.[1] ?? 0), 0);
    t.diagnostic(`a queue: ${(micros / 20).toFixed(0)} µs of server time a tick`);
    assert.ok(micros / 20 < 2000, `${micros / 20} µs`);
    assert.doesNotMatch(lines.join('\n'), /cmdstat_(keys|scan|sscan|hgetall|smembers|lrange):/);
  });

  it('counts slow commands and the time of commands, its own left out', async (t) => {
    await redis.config('SET', 'slowlog-log-slower-than', '200000');
    const probe = await openProbe(t, redisProbe, server.url);
    const slow = await readTwice(probe, () => redis.eval('local till = redis.call("TIME") repeat local now = redis.call("TIME") until (now[1] - till[1]) * 1000000 + now[2] - till[2] > 300000', 0));
    assert.ok((slow['redis.slow_commands'] ?? 0) > 0);
    const quick = await readTwice(probe, () => many(100, () => redis.get('k')));
    assert.equal(quick['redis.slow_commands'], 0);
    assert.ok((quick['redis.command_time'] ?? 9) < 1, `${quick['redis.command_time']} ms`);
    await redis.call('SLOWLOG', 'RESET');
    const emptied = await readTwice(probe, async () => {});
    assert.equal(emptied['redis.slow_commands'] ?? Number.NaN, Number.NaN, 'nobody knows how many there were, and NaN is dropped');
  });

  it('needs no more than the line it prints, and reads the rest where the slow log is not allowed', async (t) => {
    await redis.call('ACL', 'SETUSER', 'least', 'on', '>least-secret', '-@all', '+info', '+slowlog|get');
    await redis.call('ACL', 'SETUSER', 'less', 'on', '>less-secret', '-@all', '+info');
    await redis.call('ACL', 'SETUSER', 'none', 'on', '>none-secret', '-@all');
    const as = (user: string): string => server.url.replace(/\/\/:[^@]+@/, `//${user}:${user}-secret@`);
    const least = await readTwice(await openProbe(t, redisProbe, as('least')), () => redis.get('k'));
    assert.equal(least['redis.commands'], least['redis.misses'], 'one command that is not ours');
    const limited = await openProbe(t, redisProbe, as('less'));
    assert.deepEqual(limited.shortfalls?.(), [{ what: 'slow commands', remedy: 'ACL SETUSER less +slowlog|get' }]);
    const less = await readTwice(limited, () => redis.get('k'));
    assert.ok((less['redis.misses'] ?? 0) > 0);
    assert.ok(Number.isNaN(less['redis.slow_commands'] ?? Number.NaN));
    await assert.rejects(openProbe(t, redisProbe, as('none')), (error: unknown) => error instanceof ScaleplanError && /\+info/.test(error.hint ?? ''));
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
