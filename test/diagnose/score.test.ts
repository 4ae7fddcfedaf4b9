import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lookAt } from '../../src/diagnose/focus.ts';
import { cache } from '../../src/diagnose/rules/cache.ts';
import { dbConnections } from '../../src/diagnose/rules/db-connections.ts';
import { dbQuery } from '../../src/diagnose/rules/db-query.ts';
import { eventLoopBlocked } from '../../src/diagnose/rules/event-loop-blocked.ts';
import { hostCpu } from '../../src/diagnose/rules/host-cpu.ts';
import { network } from '../../src/diagnose/rules/network.ts';
import { confidenceOf, GRADES, NAMED_FROM, SUSPECTED_FROM } from '../../src/diagnose/score.ts';
import { situation, textsOf, type Course } from './situation-builder.ts';

const signs = { necessary: true, sufficient: true, hardError: false, law: false, contradictions: 0, unread: 0 };
const worth = (more: Partial<typeof signs>, isSteady = true): number => confidenceOf({ status: 'judged', signs: { ...signs, ...more }, onset: null, evidence: [] }, isSteady);
const starvedPool: Record<string, Course> = { 'postgres.pool_waiting': [0, 45], 'postgres.pool_acquire_time': [1, 465], 'postgres.query_time': 52, 'postgres.pool_max': 5, 'postgres.pool_acquires': [20, 96] };

describe('confidence', () => {
  it('of 0.9 and more is only for what stands all the time with every look-alike looked at', () => {
    assert.deepEqual([worth({}), worth({ law: true }), worth({ hardError: true })], [GRADES.steady, GRADES.confirmed, GRADES.confirmed]);
    for (const weaker of [worth({}, false), worth({ law: true, hardError: true }, false), worth({ unread: 1, law: true }), worth({ unread: 2 }, false)]) assert.ok(weaker < 0.9 && weaker >= NAMED_FROM, String(weaker));
  });

  it('is taken away, and the suspicion too, by what explains the signs by something else, and their law with them', () => {
    for (const more of [{}, { law: true }, { hardError: true, law: true }, { sufficient: false }]) assert.ok(worth({ ...more, contradictions: 1 }) < SUSPECTED_FROM);
  });

  it('grows while the same is seen for longer', () => {
    const seen = situation({ 'redis.hits': [15, 8], 'redis.misses': [1, 20], 'redis.evictions': [0, 18], 'postgres.active': 3, 'http.mean': 90, 'http.throughput': 30 });
    assert.equal(lookAt(cache, { ...seen, judged: [20, 25], whole: [20, 25] }, () => false).confidence, GRADES.weak);
    assert.equal(lookAt(cache, seen, () => false).confidence, GRADES.steady);
  });

  it('counts both halves of the time since it began, not of the calm before', () => {
    const late = situation({ 'redis.hits': (second) => (second < 45 ? 20 : 8), 'redis.misses': (second) => (second < 45 ? 1 : 20), 'redis.evictions': (second) => (second < 45 ? 0 : 18), 'postgres.active': 3, 'http.mean': 90, 'http.throughput': 30 });
    assert.equal(lookAt(cache, late, () => false).confidence, GRADES.steady);
  });
});

describe('what was not read', () => {
  it('makes a starved pool less sure where nobody looked into the server, and says so', () => {
    const finding = dbConnections.evaluate(situation(starvedPool));
    assert.equal(confidenceOf(finding, true), GRADES.weak);
    assert.match(textsOf(finding, false), /a lock, or transactions left open, would look the same from outside/);
    assert.equal(confidenceOf(dbConnections.evaluate(situation({ ...starvedPool, 'postgres.active': 5 })), true), GRADES.confirmed);
  });

  it('leaves computing statements behind a full pool open, where nobody told the cores', () => {
    const computing = { ...starvedPool, 'postgres.active': 5, 'postgres.active_on_cpu': 5 };
    const finding = dbConnections.evaluate(situation(computing, { cores: null }));
    assert.equal(confidenceOf(finding, true), GRADES.weak);
    assert.match(textsOf(finding, false), /nobody told how many cores the database has/);
  });

  it('keeps slow statements behind look-ups that miss a suspicion, without a look into the cache', () => {
    const slow: Record<string, Course> = { 'postgres.query_time': [4, 900], 'postgres.active': [0.1, 8], 'http.mean': [12, 1000], 'http.throughput': [8, 9], 'postgres.pool_acquires': [8, 9], 'postgres.commits': [8, 12], 'cache.hits': [8, 2], 'cache.misses': [1, 8] };
    const { 'postgres.commits': _, ...uncounted } = slow;
    assert.equal(confidenceOf(dbQuery.evaluate(situation(uncounted)), true), GRADES.suspected);
    // Half of them: named, and less surely.
    assert.equal(confidenceOf(dbQuery.evaluate(situation(slow)), true), GRADES.weak);
    // Two transactions or more for each miss: most of them would be there without the cache.
    assert.ok(confidenceOf(dbQuery.evaluate(situation({ ...slow, 'postgres.commits': [8, 40] })), true) >= NAMED_FROM);
  });

  it('keeps a way that takes long a suspicion where nothing of the event loop is known: connections may wait at the application’s door', () => {
    const far: Record<string, Course> = { 'http.mean': [30, 340], 'node.request_time': 12, 'host.cpu': 30 };
    const finding = network.evaluate(situation(far));
    assert.equal(confidenceOf(finding, true), GRADES.suspected);
    assert.match(textsOf(finding, false), /at the application’s door was not read/);
    assert.equal(confidenceOf(network.evaluate(situation({ ...far, 'node.event_loop_lag': 6 })), true), GRADES.steady);
  });

  it('leaves a full host beside an application that tells nothing of itself less sure', () => {
    const full: Record<string, Course> = { 'host.cpu': [30, 98], 'host.cpu_pressure': [4, 70], 'node.cpu': [10, 35], 'node.run_queue_wait': [1, 60] };
    assert.equal(confidenceOf(hostCpu.evaluate(situation(full)), true), GRADES.weak);
    assert.equal(confidenceOf(hostCpu.evaluate(situation({ ...full, 'node.event_loop_lag': 200 })), true), GRADES.steady);
  });

  it('leaves a blocked loop less sure where its wait for a core is not told', () => {
    const held: Record<string, Course> = { 'node.event_loop_lag': [5, 300], 'node.cpu': 6, 'node.event_loop_utilization': [6, 99], 'host.cpu': 30 };
    assert.equal(confidenceOf(eventLoopBlocked.evaluate(situation(held)), true), GRADES.weak);
    assert.equal(confidenceOf(eventLoopBlocked.evaluate(situation({ ...held, 'node.run_queue_wait': 2 })), true), GRADES.steady);
  });
});
