import type { Reading } from './probe.ts';
import type { RedisInfo } from './redis-info.ts';
import type { NodeFigures, RedisCounter } from './redis-node.ts';

/** One server, or the masters of a cluster together: what they did is added up; of memory and CPU the one that is worst off counts. */
export function redisReadings(nodes: readonly NodeFigures[], isCluster: boolean): Reading[] {
  return [
    ...gaugesOf(nodes.map(({ info }) => info)),
    ...(isCluster ? [{ metric: 'redis.nodes', value: nodes.length } as const] : []),
    // With the growth of some alone the sum would look like a drop.
    ...(nodes.every(({ growth }) => growth !== null) ? ratesOf(nodes) : []),
  ];
}

function gaugesOf(infos: readonly RedisInfo[]): Reading[] {
  const sum = (of: (info: RedisInfo) => number): number => infos.reduce((total, info) => total + of(info), 0);
  const shares = infos.map(memoryShare).filter((share) => share !== null);
  return [
    { metric: 'redis.memory', value: sum((info) => info.number('used_memory')) },
    // maxmemory 0 means "no limit": then there is no share of it.
    ...(shares.length > 0 ? [{ metric: 'redis.memory_used', value: Math.max(...shares) } as const] : []),
    // Without ourselves.
    { metric: 'redis.clients', value: sum((info) => info.number('connected_clients') - 1) },
    { metric: 'redis.keys', value: sum((info) => info.keys()) },
    { metric: 'redis.queue_keys', value: infos.some((info) => info.hasQueues()) ? 1 : 0 },
  ];
}

function memoryShare(info: RedisInfo): number | null {
  const limit = info.number('maxmemory');
  // Buffers for replicas do not count towards the limit, so that they must not make it look nearer than it is.
  const counted = info.number('used_memory') - (info.number('mem_not_counted_for_evict') || 0);
  return limit > 0 ? (100 * counted) / limit : null;
}

function ratesOf(nodes: readonly NodeFigures[]): Reading[] {
  const of = (name: RedisCounter): number => nodes.reduce((sum, { growth }) => sum + (growth?.of(name) ?? Number.NaN), 0);
  const perSecond = (name: RedisCounter): number => nodes.reduce((sum, { growth }) => sum + (growth?.perSecond(name) ?? Number.NaN), 0);
  const [hits, misses, calls] = [of('hits'), of('misses'), of('calls')];
  return [
    { metric: 'redis.hits', value: perSecond('hits') },
    { metric: 'redis.misses', value: perSecond('misses') },
    // The life-time ratio hides what happens now; under 50 look-ups a ratio moves by more than its limit with one miss.
    ...(hits + misses >= 50 ? [{ metric: 'redis.hit_ratio', value: (100 * hits) / (hits + misses), weight: hits + misses } as const] : []),
    { metric: 'redis.evictions', value: perSecond('evicted') },
    { metric: 'redis.expired', value: perSecond('expired') },
    { metric: 'redis.rejected', value: perSecond('rejected') },
    { metric: 'redis.oom_errors', value: perSecond('oom') },
    { metric: 'redis.slow_commands', value: perSecond('slow') },
    { metric: 'redis.commands', value: nodes.reduce((sum, { growth, own }) => sum + Math.max(0, (growth?.of('commands') ?? Number.NaN) - own) / (growth?.seconds ?? 1), 0) },
    ...(calls > 0 ? [{ metric: 'redis.command_time', value: of('micros') / calls / 1000, weight: calls } as const] : []),
    { metric: 'redis.main_thread_cpu', value: Math.max(...nodes.map(({ growth }) => 100 * (growth?.perSecond('mainThreadSeconds') ?? Number.NaN))) },
  ];
}
