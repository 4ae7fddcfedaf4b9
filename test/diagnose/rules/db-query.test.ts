import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dbQuery } from '../../../src/diagnose/rules/db-query.ts';
import { confidenceOf, isNamed, situation, textsOf } from '../situation-builder.ts';

const slow = { 'postgres.query_time': [20, 300], 'postgres.pool_acquires': 20, 'node.requests': 20, 'node.request_time': [30, 330], 'postgres.active': [0.4, 6], 'postgres.pool_acquire_time': 1 } as const;

describe('database queries', () => {
  it('are named when statements are most of the time requests take', () => {
    const finding = dbQuery.evaluate(situation(slow));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /a statement takes 300 ms, 20 ms at a quarter.*91 % of the time requests take/);
  });

  it('are named where they were slow from the first second, by their share of the time', () => {
    assert.ok(isNamed(dbQuery.evaluate(situation({ ...slow, 'postgres.query_time': 300, 'node.request_time': 330 }))));
  });

  it('are not named while fast, however large their share', () => {
    assert.equal(confidenceOf(dbQuery.evaluate(situation({ ...slow, 'postgres.query_time': 8, 'node.request_time': 10 }))), 0);
  });

  it('are not blamed for the pool, a lock, a late clock, a cache that sends them, or time spent outside the server', () => {
    for (const [courses, text] of [
      [{ 'postgres.pool_acquire_time': 900 }, /it is the pool/],
      [{ 'postgres.lock_waiting': 4 }, /statements are 30 % of the time/],
      [{ 'node.event_loop_lag': 400, 'postgres.active': () => Number.NaN }, /times its own event loop/],
      [{ 'postgres.active': 0.2 }, /statements are 3 % of the time/],
      [{ 'cache.hits': 10, 'cache.misses': 20, 'redis.evictions': 9 }, /the cache sends the statements/],
    ] as const) {
      const finding = dbQuery.evaluate(situation({ ...slow, ...courses }));
      assert.ok(confidenceOf(finding) < 0.5, String(text));
      assert.match(textsOf(finding, false), text);
    }
  });

  it('are named by the statements under way, without the application’s clock', () => {
    const server = { 'postgres.active': [0.4, 6], 'http.throughput': 20, 'http.mean': [30, 330] } as const;
    assert.ok(isNamed(dbQuery.evaluate(situation({ ...server, 'redis.hits': 30, 'redis.misses': 2 }))));
    assert.equal(confidenceOf(dbQuery.evaluate(situation(server))), 0.5, 'a cache that nobody looked at may send them');
  });

  it('are named when the database has no CPU, disk or latches left, even where the pool in front of it is full', () => {
    for (const full of [{ 'postgres.active_on_cpu': 6 }, { 'postgres.io_waiting': 5 }, { 'postgres.latch_waiting': 3 }] as const) {
      assert.ok(isNamed(dbQuery.evaluate(situation({ ...slow, ...full, 'postgres.pool_acquire_time': 900 }))), Object.keys(full).join());
    }
  });

  it('are many short statements as well as one long one', () => {
    const many = { 'postgres.query_time': 6, 'postgres.pool_acquires': 1000, 'postgres.active': 6, 'http.throughput': 20, 'http.mean': 330 } as const;
    assert.ok(isNamed(dbQuery.evaluate(situation(many))));
  });

  it('cannot be judged without statements', () => {
    assert.equal(dbQuery.evaluate(situation({ 'postgres.connections': 3 })).status, 'not-enough-data');
  });
});
