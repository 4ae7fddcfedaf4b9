import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loadPlan, parsePlan } from '../../src/plan/load.ts';
import { conditionsFor, findPhase, signsFor } from '../../src/plan/resolve.ts';

const ventures = await loadPlan('ventures', { cwd: '/' });
const phase2 = findPhase(ventures, '2');

const texts = (conditions: readonly { readonly text: string }[]): readonly string[] => conditions.map(({ text }) => text);

test('phases load by users × requests per user, at the maximum, or at the minimum of an open end', () => {
  const rates = ventures.phases.map(({ load }) => Number(load.requestsPerSecond.toFixed(1)));
  assert.deepEqual(rates, [8.3, 33.3, 166.7, 166.7]);
  assert.match(phase2.load.derivation, /2,000 users × 1 request per user per minute ÷ 60 = 33\.3 requests\/s/);
  assert.deepEqual(ventures.phases.map(({ load }) => load.concurrentUsers), [50, 200, 1000, 1000]);
});

test('a rate that the document gives for the phase comes before a derived one', () => {
  const plan = parsePlan('/p.yaml', `
id: p
title: t
load: { requestsPerUserPerMinute: 1 }
phases:
  - { id: 1, name: a, users: 1-100, load: { requests: "600-1,200 requests/min", concurrentUsers: 70+, operationsPerDay: "1,000" } }
`);
  assert.deepEqual(plan.phases[0]?.load, {
    requestsPerSecond: 20, concurrentUsers: 70, operationsPerDay: { min: 1000, max: 1000 }, derivation: '20 requests/s, as the document gives it', assumes: [],
  });
});

test('an unknown phase lists those there are', () => {
  assert.throws(() => findPhase(ventures, '7'), { code: 'unknown-name', message: /ventures has no phase "7"/, hint: /1 \(Foundation\), 2 \(Vector & search\)/ });
  assert.throws(() => findPhase(ventures, 'Fundation'), { message: /did you mean "Foundation"/ });
  assert.equal(findPhase(ventures, 'foundation').id, '1');
});

test('the load suite is judged by the service levels and by a throughput of 95 % of what is asked', () => {
  assert.deepEqual(texts(conditionsFor(ventures, phase2, 'load')), [
    'http.p95{journey=dashboard} < 500 ms', 'http.p95{journey=content-generation} < 5 s', 'http.p95{journey=social-publish} < 2 s',
    'http.error_rate < 0.1 %', 'service.uptime > 99.5 %', 'service.data_consistency > 99.9 %', 'http.throughput >= 31.7 /s',
  ]);
  const derived = conditionsFor(ventures, phase2, 'load', 10).at(-1);
  assert.ok(derived !== undefined && 'value' in derived);
  assert.equal(derived.value, 9.5);
  assert.deepEqual(derived.assumes, ['completed-share']);
  assert.ok(ventures.assumptions.some(({ id }) => id === 'completed-share'));
});

test('a throughput of the document keeps the derived one out', () => {
  const slo = ventures.slo.concat(ventures.suites[0]?.thresholds ?? []);
  assert.deepEqual(texts(conditionsFor({ ...ventures, slo }, phase2, 'load')).filter((text) => text.startsWith('http.throughput')), ['http.throughput > 100 req/s']);
});

test('every other suite is judged by its own thresholds alone', () => {
  assert.deepEqual(texts(conditionsFor(ventures, phase2, 'unit')), ['http.p95 < 200 ms', 'http.throughput > 100 req/s', 'http.error_rate < 0.1 %']);
  assert.deepEqual(conditionsFor(ventures, phase2, 'integration'), []);
});

test('signs are the symptoms of every milestone, with the milestone they belong to', () => {
  const signs = signsFor(ventures, phase2).symptoms.map(({ milestone, condition }) => `${milestone.id}: ${condition.text}`);
  assert.deepEqual(signs, [
    'db-connections: postgres.connection_errors > 0 /s', 'db-connections: http.p95{journey=dashboard} > 2 s',
    'qdrant: http.p95{journey=content-generation} > 10 s', 'qdrant: http.timeouts{journey=content-generation} > 0 /s', 'qdrant: qdrant.memory > 8 GB',
    'cache: redis.hit_ratio < 60 %', 'cache: http.p95 > 3 x reference',
    'node-cpu: node.event_loop_lag > 100 ms', 'node-cpu: node.cpu > 80 %',
  ]);
});
