import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cache } from '../../../src/diagnose/rules/cache.ts';
import { confidenceOf, isConfirmed, isNamed, situation, textsOf, type Course } from '../situation-builder.ts';

const tooSmall: Record<string, Course> = { 'redis.hits': [15, 8], 'redis.misses': [1, 20], 'redis.evictions': [0, 18], 'redis.memory_used': 99 };

describe('the cache', () => {
  it('is named when it misses and evicts', () => {
    const finding = cache.evaluate(situation(tooSmall));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /hit ratio 0\.29 over 1,680 look-ups · 1,080 keys evicted · 99 % of maxmemory/);
  });

  it('is surest when Redis refuses writes', () => {
    assert.ok(isConfirmed(cache.evaluate(situation({ ...tooSmall, 'redis.oom_errors': [0, 3] }))));
  });

  it('is named by its one thread, occupied by Redis’ own clock, where a crowded host gives it half of a core', () => {
    const crowded: Record<string, Course> = { 'redis.hits': 10, 'redis.misses': 1, 'redis.commands': 40, 'redis.command_time': [0.02, 23.5], 'redis.main_thread_cpu': [1, 56], 'host.cpu': 100, 'host.cpu_pressure': 99 };
    const finding = cache.evaluate(situation(crowded));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /40 commands a second × 24 ms: its one thread is occupied 94 % of the time/);
    assert.ok(isNamed(cache.evaluate(situation({ ...crowded, 'redis.main_thread_cpu': 30 }))));
    // Six nodes of a cluster with a little to do each.
    assert.equal(confidenceOf(cache.evaluate(situation({ ...crowded, 'redis.main_thread_cpu': 16 }))), 0);
    assert.equal(confidenceOf(cache.evaluate(situation({ ...crowded, 'redis.main_thread_cpu': 30, 'host.cpu': 60 }))), 0);
    assert.equal(confidenceOf(cache.evaluate(situation({ ...crowded, 'redis.command_time': 12 }))), 0);
  });

  it('is not named at a good hit ratio', () => {
    const finding = cache.evaluate(situation({ 'redis.hits': 30, 'redis.misses': 1 }));
    assert.equal(confidenceOf(finding), 0);
    assert.match(textsOf(finding, false), /hit ratio 0\.97/);
  });

  it('is not named while it is only cold: misses fall, nothing is evicted', () => {
    const warming = situation({ 'redis.hits': (second) => second / 6, 'redis.misses': (second) => Math.max(0, 24 - second / 3), 'redis.evictions': 0 });
    const finding = cache.evaluate(warming);
    assert.ok(confidenceOf(finding) < 0.7);
    assert.match(textsOf(finding, false), /warming up/);
  });

  it('is only suspected where job queues share the instance and count as misses', () => {
    const finding = cache.evaluate(situation({ ...tooSmall, 'redis.queue_keys': 1 }));
    assert.ok(confidenceOf(finding) < 0.7);
  });

  it('trusts the application’s own count over that of Redis', () => {
    const finding = cache.evaluate(situation({ ...tooSmall, 'redis.queue_keys': 1, 'cache.hits': 30, 'cache.misses': 1 }));
    assert.equal(confidenceOf(finding), 0);
  });

  it('does not form a ratio of a handful of look-ups', () => {
    assert.equal(cache.evaluate(situation({ 'redis.hits': 0.2, 'redis.misses': 0.4 })).status, 'not-enough-data');
  });
});
