import assert from 'node:assert/strict';
import { test } from 'node:test';

import { capacityOf, type Capacity } from '../../src/capacity/capacity.ts';
import { answerFrom } from '../../src/capacity/given-values.ts';
import type { GivenFigures } from '../../src/capacity/inputs.ts';
import { queueing } from '../../src/capacity/queueing.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';

const stolenTee = await loadPlan('stolen-tee', { cwd: '/' });
const ventures = await loadPlan('ventures', { cwd: '/' });
const just = (value: number): { min: number; max: number } => ({ min: value, max: value });

function capacity(plan = stolenTee, given: GivenFigures = {}, phase: string | null = null, values: readonly (readonly [string, number])[] = []): Capacity {
  return capacityOf(plan, phase === null ? null : findPhase(plan, phase), given, (question) => answerFrom(new Map(values), question));
}

test('5 instances × 5 connections = 25 against 15–20, from the lines of the document', () => {
  const { connections } = capacity();
  assert.ok(connections);
  assert.deepEqual([connections.needed, connections.status, connections.limit.min, connections.limit.max], [25, 'too-few', 15, 20]);
  assert.equal(connections.arithmetic, '5 instances × 5 connections = 25');
  assert.deepEqual([connections.instances.source?.line, connections.limit.source?.line], [492, 493]);
  assert.deepEqual(connections.fitting, { instances: { min: 3, max: 4 }, connectionsPerInstance: { min: 3, max: 4 } });
});

test('the connections of each instance: 15 ÷ 3 = 5', () => {
  const { connectionsEach } = capacity();
  assert.deepEqual([connectionsEach?.roundedUp, connectionsEach?.safe, connectionsEach?.arithmetic], [5, 5, '15 connections ÷ 3 instances = 5']);
});

test('where it does not divide, rounding up asks for more than there is: both are told', () => {
  const { connectionsEach } = capacity(stolenTee, { instances: just(4) });
  assert.deepEqual([connectionsEach?.roundedUp, connectionsEach?.safe], [4, 3]);
  assert.match(connectionsEach?.arithmetic ?? '', /= 3\.75, 4 rounded up, 3 rounded down$/);
});

test('5 × 5 × 20 = 500 users at the same time, 416 with a margin of 20 %', () => {
  const { concurrentUsers } = capacity();
  assert.deepEqual([concurrentUsers?.users, concurrentUsers?.safeUsers], [500, 416]);
  assert.equal(concurrentUsers?.arithmetic, '5 instances × 5 connections × 20 requests = 500; 500 ÷ 1.2 = 416');
});

test('figures that are given come before those of the plan, and any plan will do', () => {
  const given = { instances: just(3), connectionsPerInstance: just(5), limit: { min: 15, max: 20 }, requestsPerConnection: just(20) };
  for (const plan of [stolenTee, ventures]) {
    const { connections, concurrentUsers, missing } = capacity(plan, { ...given, marginPercent: just(20) });
    assert.deepEqual([connections?.needed, connections?.status, connections?.instances.from], [15, 'enough', 'given']);
    assert.deepEqual([concurrentUsers?.users, concurrentUsers?.safeUsers], [300, 250]);
    assert.deepEqual(missing, []);
  }
  assert.equal(capacity(stolenTee, { instances: just(4) }).connections?.status, 'uncertain', '20 are more than 15 and not more than 20');
});

test('without a margin the users are what they are; what is not known is named with its flags', () => {
  const bare = capacity(ventures, { instances: just(5), connectionsPerInstance: just(5), requestsPerConnection: just(20) });
  assert.deepEqual([bare.concurrentUsers?.safeUsers, bare.connections], [500, null]);
  assert.deepEqual(bare.missing, ['connections needed: --instances, --connections and --limit', 'connections for each instance: --limit and --instances']);
});

test('each phase says its load, how it was derived, and whether its own connections suffice', () => {
  assert.deepEqual(capacity(ventures).phases.map(({ id, requestsPerSecond }) => [id, Number(requestsPerSecond.toFixed(1))]), [['1', 8.3], ['2', 33.3], ['3', 166.7], ['4', 166.7]]);
  assert.match(capacity(ventures).phases[1]?.derivation ?? '', /2,000 users × 1 request per user per minute ÷ 60 = 33\.3 requests\/s/);
  assert.deepEqual(capacity().phases.map(({ connections }) => [connections?.needed, connections?.status]), [[15, 'enough'], [15, 'enough'], [25, 'too-few'], [50, 'enough']]);
  assert.deepEqual(capacity(ventures, { instances: just(5), connectionsPerInstance: just(5), limit: just(20) }).phases.map(({ connections }) => connections), [null, null, null, null], 'what is given is no figure of a phase');
});

test('one phase: its own figures come before those of the whole plan', () => {
  const { phases, connections } = capacity(stolenTee, {}, '2');
  assert.equal(phases.length, 1);
  assert.deepEqual([connections?.instances.from, connections?.instances.max, connections?.needed], ['phase', 5, 25]);
});

test('Little’s law: 33.3 requests/s of 300 ms are 10 at the same time', () => {
  const { queueing: found } = capacity(ventures, { ratePerSec: just(100 / 3), latencyMs: just(300) });
  assert.ok(found && Math.abs(found.inFlight - 10) < 1e-9);
  assert.match(found.arithmetic, /^33\.3 requests\/s × 0\.3 s = 10 at the same time$/);
});

test('servers are R·L + Q·√(R·L), for each probability of having to wait', () => {
  // R·L = 100: 100 + 23.75, 117.61, 111.6, 110.
  assert.deepEqual(queueing(1000, 100).servers.map(({ probability, needed }) => [probability, needed]), [[0.01, 124], [0.05, 118], [0.2, 112], [0.3, 110]]);
  assert.equal(queueing(1000, 100).servers[3]?.utilization, 100 / 110);
  // R·L = 4, √ = 2: 4 + 2 is exactly 6, no server more.
  assert.equal(queueing(40, 100).servers[3]?.needed, 6);
  assert.deepEqual(queueing(0, 100).servers.map(({ needed }) => needed), [0, 0, 0, 0]);
});

const ways: readonly [title: string, values: readonly (readonly [string, number])[], answers: readonly string[], outcome: string | null][] = [
  ['slow and busy', [['http.p95', 1200], ['node.cpu', 75]], ['yes', 'yes'], 'scale up by 1 instance'],
  ['slow and idle', [['http.p95', 1200], ['node.cpu', 70]], ['yes', 'no'], 'optimise queries'],
  ['quick and failing', [['http.p95', 1000], ['http.error_rate', 1.5]], ['no', 'yes'], 'look at the logs; a rollback may be needed'],
  ['quick and sound', [['http.p95', 300], ['http.error_rate', 1]], ['no', 'no'], 'all is well, keep watching'],
  ['slow, and nobody knows the CPU', [['http.p95', 1200], ['http.error_rate', 5]], ['yes', 'unknown'], null],
  ['nothing known', [], ['unknown'], null],
];

for (const [title, values, answers, outcome] of ways) {
  test(`the decision tree: ${title}`, () => {
    const [walk] = capacity(stolenTee, {}, null, values).decisions;
    assert.deepEqual([walk?.steps.map(({ answer }) => answer), walk?.outcome?.text ?? null], [answers, outcome]);
  });
}

test('each step of a way is shown with its question, what was seen, and its line', () => {
  const [walk] = capacity(stolenTee, {}, null, [['http.p95', 1200], ['node.cpu', 75]]).decisions;
  assert.deepEqual(walk?.steps.map(({ question, told, source }) => [question, told, source?.line]), [
    ['http.p95 > 1 s', 'http.p95 is 1.2 s', 694], ['node.cpu > 70 %', 'node.cpu is 75 %', 695],
  ]);
  assert.equal(walk?.outcome?.source?.line, 696);
  assert.deepEqual(capacity(ventures).decisions, []);
});
