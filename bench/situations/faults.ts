import { Redis } from 'ioredis';
import { spawnChild } from '../../src/process/child.ts';
import type { Fault } from './situation.ts';

/** Gives the cache less memory than its working set needs: what does not fit is evicted at once. */
export function shrinkCache(bytes: number): Fault {
  return async ({ probes }) => {
    const address = probes.find(({ kind }) => kind === 'redis')?.address;
    if (address === undefined) throw new Error('the application has no cache');
    const redis = new Redis(address);
    await redis.config('SET', 'maxmemory', String(bytes));
    return async () => {
      redis.disconnect();
    };
  };
}

/** Other work on the same cores: so many processes that never rest. */
export function fillHost(processes: number): Fault {
  return async () => {
    const children = Array.from({ length: processes }, () => spawnChild(process.execPath, ['-e', 'for (;;) Math.sqrt(2)']));
    return async () => {
      await Promise.all(children.map((child) => child.stop(0)));
    };
  };
}
