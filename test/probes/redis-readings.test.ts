import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Counters } from '../../src/probes/counters.ts';
import { RedisInfo } from '../../src/probes/redis-info.ts';
import type { NodeFigures, RedisCounter } from '../../src/probes/redis-node.ts';
import { redisReadings } from '../../src/probes/redis-readings.ts';
import { byMetric } from './reading.ts';

const NOTHING: Readonly<Record<RedisCounter, number>> = { hits: 0, misses: 0, evicted: 0, expired: 0, rejected: 0, commands: 0, oom: 0, mainThreadSeconds: 0, calls: 0, micros: 0, slow: 0 };

/** What a server tells after a second in which it did this. */
function after(info: string, done: Partial<Record<RedisCounter, number>>): NodeFigures {
  const counters = new Counters<RedisCounter>();
  const at = (figures: object): Map<RedisCounter, number> => new Map(Object.entries(figures) as [RedisCounter, number][]); // keys of the record above
  counters.advance(at(NOTHING), 10);
  return { info: new RedisInfo(info), growth: counters.advance(at({ ...NOTHING, ...done }), 11), own: 2 };
}

const seenOf = (...nodes: readonly NodeFigures[]): Partial<Record<string, number>> => byMetric(redisReadings(nodes, nodes.length > 1));

describe('a second of Redis', () => {
  it('has the CPU of the main thread, which does the commands, not that of all its threads', () => {
    assert.equal(seenOf(after('used_cpu_sys:900\nused_cpu_user:900\n', { mainThreadSeconds: 0.93 }))['redis.main_thread_cpu'], 93);
    assert.equal(seenOf(after('', { mainThreadSeconds: 0.2 }), after('', { mainThreadSeconds: 0.9 }))['redis.main_thread_cpu'], 90, 'of a cluster, the master that is worst off');
  });

  it('has no hit ratio of fewer than 50 look-ups, and one that says on how many it rests', () => {
    assert.equal(seenOf(after('', { hits: 40, misses: 9 }))['redis.hit_ratio'], undefined);
    const [ratio] = redisReadings([after('', { hits: 40, misses: 10 })], false).filter(({ metric }) => metric === 'redis.hit_ratio');
    assert.deepEqual([ratio?.value, ratio?.weight], [80, 50]);
  });

  it('has a share of memory only where there is a limit; fragmentation is none of it, nor are buffers for replicas', () => {
    assert.equal(seenOf(after('used_memory:900\nmaxmemory:0\n', {}))['redis.memory_used'], undefined, 'maxmemory 0 means no limit');
    const seen = seenOf(after('used_memory:900\nused_memory_rss:90000\nmem_fragmentation_ratio:100\nmem_not_counted_for_evict:100\nmaxmemory:1000\n', {}));
    assert.equal(seen['redis.memory_used'], 80);
  });

  it('has its own commands and its own connection taken away, and never becomes negative by that', () => {
    const seen = seenOf(after('connected_clients:5\n', { commands: 10 }));
    assert.deepEqual([seen['redis.clients'], seen['redis.commands']], [4, 8]);
    assert.equal(seenOf(after('', { commands: 1 }))['redis.commands'], 0);
  });

  it('has no rate at all of a cluster in which one master’s counters are not known', () => {
    const seen = seenOf(after('used_memory:10\n', { hits: 100 }), { ...after('used_memory:20\n', {}), growth: null });
    assert.equal(seen['redis.hits'], undefined);
    assert.equal(seen['redis.memory'], 30, 'states are there all the same');
  });
});
