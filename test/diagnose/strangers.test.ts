import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strangersIn } from '../../src/diagnose/strangers.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import { seriesOf, situation, type Course } from './situation-builder.ts';

type Courses = Partial<Record<MetricName, Course>>;
const told = (courses: Courses, sentPerSec = 90): string => strangersIn(situation(courses, { sentPerSec: seriesOf(sentPerSec) })).map(({ probe, evidence }) => `${probe}: ${evidence.text}`).join(' · ');

describe('a PostgreSQL that has nothing to do while requests come', () => {
  const IDLE = { 'postgres.commits': 0.1, 'postgres.active': 0, 'postgres.idle_in_transaction': 0, 'postgres.connections_used': 3 } as const;
  const look = (courses: Courses, sentPerSec?: number): string => told({ ...IDLE, ...courses }, sentPerSec);

  it('is asked after: it may be another one than the target’s', () => assert.match(look({}), /^postgres: .*nothing to do \(0\.1 transactions\/s\) while 90 requests\/s came: do these need none, or does the target use another\?/));

  it('is the target’s where it took part at all: statements, open transactions, or slots that are full', () => {
    assert.equal(look({ 'postgres.commits': 12 }), '', 'a cache may spare it most of the work');
    assert.equal(look({ 'postgres.active': (second) => (second === 50 ? 1 : 0) }), '', 'one statement that hangs commits nothing');
    assert.equal(look({ 'postgres.idle_in_transaction': 5 }), '', 'connections held open are at fault, and commit nothing');
    assert.equal(look({ 'postgres.connections_used': 100 }), '', 'whoever holds the slots keeps the target out');
    assert.equal(look({ 'postgres.connections': 5, 'postgres.pool_used': 5 }), '', 'the application keeps its connections, if only to wait for something else with them');
    assert.notEqual(look({ 'postgres.connections': 5 }), '', 'of some other application, that is at rest');
    assert.notEqual(look({ 'postgres.connections': 1, 'postgres.pool_used': 5 }), '', 'the application’s are with another server');
  });

  it('is not judged by a trickle of requests, nor without its figures', () => {
    assert.equal(look({ 'postgres.commits': 0.4 }, 20), '');
    assert.equal(told({}), '');
  });
});

describe('a Redis that has nothing to do while requests come', () => {
  it('is asked after, unless it refuses, evicts, or is held by one command', () => {
    assert.match(told({ 'redis.commands': 0.2, 'redis.main_thread_cpu': 0.3 }), /^redis: the Redis that was read had nothing to do \(0\.2 commands\/s\)/);
    for (const course of [{ 'redis.commands': 90 }, { 'redis.rejected': 4 }, { 'redis.evictions': 1 }, { 'redis.main_thread_cpu': 100 }]) assert.equal(told({ 'redis.commands': 0.2, ...course }), '');
  });
});

describe('the page of another application', () => {
  it('is known by answers that the clients got and it did not give', () => {
    assert.match(told({ 'node.requests': 0, 'http.throughput': 40 }), /^node: the application whose page was read answered 0 requests\/s, the clients got 40/);
    assert.equal(told({ 'node.requests': 5, 'http.throughput': 40 }), '', 'one of eight processes');
    assert.equal(told({ 'node.requests': 0, 'http.throughput': 0 }), '', 'an application that hangs answers nobody');
  });

  it('loses only its count of requests where its process is at work: it may leave routes out', () => {
    const left = (courses: Courses): string[] => strangersIn(situation({ 'node.requests': 0, 'http.throughput': 40, ...courses })).flatMap(({ metrics }) => ['node.requests', 'node.cpu', 'postgres.pool_waiting', 'postgres.active'].filter((metric) => metrics.test(metric)));
    assert.deepEqual(left({ 'node.cpu': 1 }), ['node.requests', 'node.cpu', 'postgres.pool_waiting']);
    for (const course of [{ 'node.cpu': 60 }, { 'node.event_loop_lag': 300 }, { 'postgres.pool_used': 5 }] as const) assert.deepEqual(left(course), ['node.requests']);
  });
});

describe('another host', () => {
  it('is known by using less than the application alone', () => {
    assert.match(told({ 'host.cpu': 3, 'host.cores': 8, 'node.cpu': 95 }), /^host: the host that was read used 24 % of a core in all, the application alone 95 %/);
    assert.equal(told({ 'host.cpu': 55, 'host.cores': 2, 'node.cpu': 95 }), '');
    assert.equal(told({ 'host.cpu': 3, 'host.cores': 8, 'node.cpu': 20 }), '', 'too little to tell');
  });
});
