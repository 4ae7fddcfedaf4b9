import { Redis } from 'ioredis';
import type { System } from './system.ts';
import type { Truth } from './truth.ts';

const MOST_USERS = 1500;
/** What a user's visit leaves in the cache: a dashboard, a summary, and with three others a list and one of its texts. */
const PATHS = (user: number): readonly string[] => [`/api/dashboard?userId=${user}`, `/api/finance/summary?userId=${user}`, `/api/contents?ventureId=${ventureOf(user)}`];

/** Users are let in one after the other until the cache drops the first key for want of memory: so many it holds. */
export async function findCacheTruth(system: System): Promise<Truth> {
  await emptyCache(system);
  const redis = cacheOf(system);
  try {
    const before = await evicted(redis);
    for (let user = 1; user <= MOST_USERS; user += 1) {
      await visit(system.demo.url, user);
      if (await evicted(redis) > before) return { at: user, stages: [{ load: user, broke: true, told: `${await redis.dbsize()} keys` }] };
    }
    return { at: Number.NaN, stages: [] };
  } finally {
    redis.disconnect();
  }
}

/** As the first user of a day finds it. */
export async function emptyCache(system: System): Promise<void> {
  const redis = cacheOf(system);
  await redis.flushall();
  redis.disconnect();
}

function cacheOf({ demo }: System): Redis {
  return new Redis(demo.probes.find(({ kind }) => kind === 'redis')?.address ?? '');
}

async function visit(url: string, user: number): Promise<void> {
  for (const path of PATHS(user)) {
    const answer = await fetch(`${url}${path}`);
    const body: unknown = await answer.json();
    const first = path.startsWith('/api/contents?') && typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) ? body.items[0] : null;
    if (first !== null) await (await fetch(`${url}/api/contents/${first.id}`)).arrayBuffer();
  }
}

async function evicted(redis: Redis): Promise<number> {
  return Number(/evicted_keys:(\d+)/.exec(await redis.info('stats'))?.[1] ?? 0);
}

/** Four users share a venture, as the reference application is filled. */
export function ventureOf(user: number): number {
  return Math.floor((user - 1) / 4) + 1;
}
