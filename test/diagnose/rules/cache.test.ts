import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cache } from '../../../src/diagnose/rules/cache.ts';
import { confidenceOf, situation, textsOf, type Course } from '../situation-builder.ts';

const tooSmall: Record<string, Course> = { 'redis.hits': [15, 8], 'redis.misses': [1, 20], 'redis.evictions': [0, 18], 'redis.memory_used': 99 };

describe('the cache', () => {
  it('is named when it misses and evicts', () => {
    const finding = cache.evaluate(situation(tooSmall));
    assert.equal(confidenceOf(finding), 0.8);
    assert.match(textsOf(finding, true), /hit ratio 0\.29 over 1,680 look-ups · 1,080 keys evicted · 99 % of maxmemory/);
  });

  it('is surest when Redis refuses writes', () => {
    assert.equal(confidenceOf(cache.evaluate(situation({ ...tooSmall, 'redis.oom_errors': [0, 3] }))), 0.95);
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
