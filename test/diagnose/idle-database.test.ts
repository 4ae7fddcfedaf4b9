import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idleDatabase } from '../../src/diagnose/idle-database.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import { seriesOf, situation, type Course } from './situation-builder.ts';

const IDLE = { 'postgres.commits': 0.1, 'postgres.active': 0, 'postgres.idle_in_transaction': 0, 'postgres.connections_used': 3 } as const;
const look = (courses: Partial<Record<MetricName, Course>>, sentPerSec = 90) => idleDatabase(situation({ ...IDLE, ...courses }, { sentPerSec: seriesOf(sentPerSec) }));

describe('a PostgreSQL that has nothing to do while requests come', () => {
  it('is asked after: it may be another one than the target’s', () => assert.match(look({})?.text ?? '', /nothing to do \(0\.1 transactions\/s\) while 90 requests\/s came: is it the one the target uses\?/));

  it('is the target’s where it took part at all: statements, open transactions, or slots that are full', () => {
    assert.equal(look({ 'postgres.commits': 12 }), null, 'a cache may spare it most of the work');
    assert.equal(look({ 'postgres.active': (second) => (second === 50 ? 1 : 0) }), null, 'one statement that hangs commits nothing');
    assert.equal(look({ 'postgres.idle_in_transaction': 5 }), null, 'connections held open are at fault, and commit nothing');
    assert.equal(look({ 'postgres.connections_used': 100 }), null, 'whoever holds the slots keeps the target out');
  });

  it('is not judged by a trickle of requests, nor without its figures', () => {
    assert.equal(look({ 'postgres.commits': 0.4 }, 20), null);
    assert.equal(idleDatabase(situation({}, { sentPerSec: seriesOf(90) })), null);
  });
});
