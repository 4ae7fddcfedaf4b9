import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Fault } from '../situation.ts';

/** Gives the cache less memory than its working set needs: what does not fit is evicted at once, or refused. */
export function shrinkCache(bytes: number, policy = 'allkeys-lru'): Fault {
  return onRedis('cacheUrl', async (redis) => {
    const [, before = '0'] = await redis.config('GET', 'maxmemory');
    await redis.config('SET', 'maxmemory-policy', policy);
    await redis.config('SET', 'maxmemory', String(bytes));
    return async () => {
      await redis.config('SET', 'maxmemory', before);
      await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    };
  });
}

export const emptyCache: Fault = onRedis('cacheUrl', async (redis) => {
  await redis.flushall();
  return async () => {};
});

/** Somebody else keeps large values in the same cache: what users need has to go. */
export function crowdCache(valuesPerSec: number, bytes: number): Fault {
  return onRedis('cacheUrl', async (redis) => {
    const value = 'x'.repeat(bytes);
    let number = 0;
    const timer = setInterval(() => {
      const pipeline = redis.pipeline();
      for (let at = 0; at < valuesPerSec / 10; at += 1) pipeline.set(`report:${number++}`, value);
      void pipeline.exec();
    }, 100);
    return async () => {
      clearInterval(timer);
      await redis.flushall();
    };
  });
}

/** Somebody computes inside the cache, whose one thread then serves nobody. */
export function computeInCache(millionRounds: number, pauseMs: number): Fault {
  return onRedis('cacheUrl', async (redis) => {
    const stopping = new AbortController();
    const working = (async () => {
      while (!stopping.signal.aborted) {
        await redis.eval('local x = 0; for i = 1, tonumber(ARGV[1]) do x = x + i end; return x', 0, String(millionRounds * 1e6)).catch(() => {});
        await sleep(pauseMs);
      }
    })();
    return async () => {
      stopping.abort();
      await working;
    };
  });
}

/** Other programs' searches in the same collection, so many a second. */
export function searchToo(perSec: number): Fault {
  return async ({ addresses: { vectorUrl, collection } }) => {
    const body = JSON.stringify({ vector: Array.from({ length: 128 }, (_, at) => Math.sin(at)), limit: 5 });
    const timer = setInterval(() => {
      void fetch(`${vectorUrl}/collections/${collection}/points/search`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(7000) }).then((answer) => answer.text()).catch(() => {});
    }, 1000 / perSec);
    return async () => clearInterval(timer);
  };
}

/** Another program puts jobs into the queue, so many a second. */
export function enqueue(queueName: string, data: () => unknown, perSec: number): Fault {
  return async ({ addresses }) => {
    const url = new URL(addresses.queueUrl ?? '');
    const queue = new Queue(queueName, { connection: { host: url.hostname, port: Number(url.port), password: url.password } });
    queue.on('error', () => {});
    const timer = setInterval(() => {
      void queue.addBulk(Array.from({ length: Math.max(1, Math.round(perSec / 5)) }, () => ({ name: 'publish', data: data(), opts: { removeOnComplete: 200, removeOnFail: 200 } }))).catch(() => {});
    }, 200);
    return async () => {
      clearInterval(timer);
      await queue.obliterate({ force: true }).catch(() => {});
      await queue.close();
    };
  };
}

function onRedis(which: 'cacheUrl' | 'queueUrl', work: (redis: Redis) => Promise<() => Promise<void>>): Fault {
  return async ({ addresses }) => {
    const redis = new Redis(addresses[which] ?? '');
    redis.on('error', () => {});
    const undo = await work(redis);
    return async () => {
      await undo();
      redis.disconnect();
    };
  };
}
