import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dbLock } from '../../../src/diagnose/rules/db-lock.ts';
import { confidenceOf, isConfirmed, isNamed, situation, textsOf } from '../situation-builder.ts';

describe('database locks', () => {
  it('are named when statements queue up behind one', () => {
    const finding = dbLock.evaluate(situation({ 'postgres.lock_waiting': [0, 6], 'postgres.active': [1, 8], 'postgres.longest_lock_wait': [0, 2400] }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /6 of 8 active statements wait for a lock.*2,400 ms/);
  });

  it('are surer with deadlocks, which have no other cause', () => {
    assert.ok(isConfirmed(dbLock.evaluate(situation({ 'postgres.lock_waiting': 3, 'postgres.active': 5, 'postgres.deadlocks': [0, 0.1] }))));
  });

  it('say so where a transaction stands open without a statement', () => {
    assert.match(textsOf(dbLock.evaluate(situation({ 'postgres.lock_waiting': 4, 'postgres.active': 5, 'postgres.longest_idle_in_transaction': 8000 })), true), /stands open without a statement for 8,000 ms/);
  });

  it('are not named for a statement that waits now and then', () => {
    const finding = dbLock.evaluate(situation({ 'postgres.lock_waiting': (second) => (second % 5 === 0 ? 1 : 0), 'postgres.active': 4 }));
    assert.equal(confidenceOf(finding), 0);
  });

  it('are not named where few of many statements wait', () => {
    assert.equal(confidenceOf(dbLock.evaluate(situation({ 'postgres.lock_waiting': 1, 'postgres.active': 20 }))), 0);
  });

  it('cannot be judged without the server’s sessions', () => assert.equal(dbLock.evaluate(situation({})).status, 'not-enough-data'));
});
