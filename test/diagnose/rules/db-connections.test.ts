import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dbConnections } from '../../../src/diagnose/rules/db-connections.ts';
import { confidenceOf, isConfirmed, isNamed, situation, textsOf, type Course } from '../situation-builder.ts';

const starvedPool: Record<string, Course> = {
  'postgres.pool_waiting': [0, 45], 'postgres.pool_acquire_time': [1, 465], 'postgres.query_time': 52, 'postgres.pool_max': 5,
  'postgres.pool_acquires': [20, 96], 'postgres.connections_used': 6, 'postgres.active': 5, 'postgres.active_on_cpu': 0.5,
};

describe('database connections', () => {
  it('are named when requests wait for the pool longer than they use it', () => {
    const finding = dbConnections.evaluate(situation(starvedPool));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /45 requests wait.*acquiring takes 465 ms, using 52 ms/);
  });

  it('are confirmed by the utilisation law: connections ÷ hold time = rate', () => {
    const finding = dbConnections.evaluate(situation(starvedPool));
    assert.ok(finding.status === 'judged' && finding.signs.law);
    assert.ok(isConfirmed(finding));
    assert.match(textsOf(finding, true), /5 connections ÷ 52 ms = at most 96\/s; measured 96\/s/);
  });

  it('are surest when the pool gave up', () => {
    assert.ok(isConfirmed(dbConnections.evaluate(situation({ ...starvedPool, 'postgres.connection_errors': [0, 2] }))));
  });

  it('are not named for a healthy pool', () => {
    const finding = dbConnections.evaluate(situation({ ...starvedPool, 'postgres.pool_waiting': 0, 'postgres.pool_acquire_time': 0.2 }));
    assert.equal(confidenceOf(finding), 0);
    assert.match(textsOf(finding, false), /nobody waits/);
  });

  it('are not suspected for time-outs while nobody waits: a late event loop misses what it was given', () => {
    assert.equal(confidenceOf(dbConnections.evaluate(situation({ ...starvedPool, 'postgres.pool_waiting': 0, 'postgres.connection_errors': [0, 0.1] }))), 0);
  });

  it('are not named for a moment of waiting', () => {
    const blips = situation({ ...starvedPool, 'postgres.pool_waiting': (second) => (second % 10 < 2 ? 3 : 0) });
    assert.equal(confidenceOf(dbConnections.evaluate(blips)), 0);
  });

  for (const [rival, courses, words] of [
    ['a lock', { 'postgres.lock_waiting': 4 }, /wait for a lock/],
    ['transactions held open', { 'postgres.idle_in_transaction': 4 }, /held idle in a transaction/],
    ['the database’s CPU', { 'postgres.active_on_cpu': 4 }, /compete for 2 cores/],
  ] as const) {
    it(`stay below the line when it is ${rival}`, () => {
      const finding = dbConnections.evaluate(situation({ ...starvedPool, ...courses }));
      assert.ok(confidenceOf(finding) < 0.7);
      assert.match(textsOf(finding, false), words);
    });
  }

  it('cannot be judged from PostgreSQL alone: the pool’s queue is invisible to it', () => {
    const finding = dbConnections.evaluate(situation({ 'postgres.connections_used': 6, 'postgres.active': 5 }));
    assert.ok(finding.status === 'not-enough-data');
    assert.match(finding.missing, /--probe node=/);
  });

  it('are named from PostgreSQL alone when the server’s own slots are full and at work, and suspected while they stand idle', () => {
    const full = { 'postgres.connections_used': [10, 97], 'postgres.connections': [4, 58] } as const;
    assert.ok(isNamed(dbConnections.evaluate(situation({ ...full, 'postgres.active': [1, 56] }))));
    assert.equal(confidenceOf(dbConnections.evaluate(situation({ ...full, 'postgres.active': [1, 6] }))), 0.5);
  });

  it('are certain, whatever keeps the others busy, when the server refuses connections for want of slots', () => {
    const refusing = { 'postgres.connections_used': [10, 100], 'postgres.connection_errors': [0, 6], 'postgres.lock_waiting': 9, 'postgres.active': 10 } as const;
    assert.ok(isConfirmed(dbConnections.evaluate(situation(refusing))));
  });

  it('are suspected from PostgreSQL alone when its number of active statements never moves and a crowd is present', () => {
    const pinned = situation({ 'postgres.active': [1, 5], 'http.throughput': 33, 'http.mean': [20, 900] });
    const finding = dbConnections.evaluate(pinned);
    assert.equal(confidenceOf(finding), 0.5);
    assert.match(textsOf(finding, true), /5 statements are at work all the time, never more, while 30 requests are present.*--probe node=/);
    const moving = situation({ 'postgres.active': (second) => 3 + (second % 5), 'http.throughput': 33, 'http.mean': 900 });
    assert.equal(dbConnections.evaluate(moving).status, 'not-enough-data');
  });

  it('are not blamed where connections are handed out while the server sees them idle', () => {
    const finding = dbConnections.evaluate(situation({ ...starvedPool, 'postgres.pool_used': 5, 'postgres.active': 0.4 }));
    assert.match(textsOf(finding, false), /the application holds them for something else/);
  });

  it('are those of a pooler behind the application’s own pool, where requests wait there and nowhere else', () => {
    const pooler = situation({ ...starvedPool, 'postgres.active': [1, 5], 'postgres.pool_used': [1, 5] });
    const own: Record<string, Course> = { 'postgres.pool_waiting': 0, 'postgres.pool_acquire_time': 0.3, 'postgres.query_time': [60, 520], 'postgres.pool_max': 60, 'postgres.pool_used': [1, 50], 'postgres.active': [1, 5] };
    assert.equal(confidenceOf(dbConnections.evaluate(situation(own))), 0);
    const finding = dbConnections.evaluate(situation(own, { pooler: (metric) => (metric.startsWith('postgres.') ? pooler.series(metric) : null) }));
    assert.ok(isConfirmed(finding));
    assert.match(textsOf(finding, true), /5 connections ÷ 52 ms = at most 96\/s.*the pooler’s connections/);
    // The application's own pool is the shorter one.
    const calm = situation({ 'postgres.pool_waiting': 0, 'postgres.pool_acquire_time': 0.1, 'postgres.query_time': 50, 'postgres.pool_max': 40 });
    assert.doesNotMatch(textsOf(dbConnections.evaluate(situation({ ...starvedPool, 'postgres.active': [1, 5] }, { pooler: calm.series })), true), /the pooler’s/);
  });
});
