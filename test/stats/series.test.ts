import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOf, httpSeries, readingsIn, sampleSeries, windowOf, windowsOf } from '../../src/stats/series.ts';
import { stageWindows } from '../../src/stats/stages.ts';
import { interval, openShape, run, samples, START_MS, step, times } from '../judge/facts.ts';

test('an http series lies on the run’s clock, with holes where nothing was answered', () => {
  const late = START_MS + 3_400;
  const load = step([interval(0, [{ latenciesMs: [10, 20] }], late), interval(1, [], late), interval(2, [{ latenciesMs: [30], errors: { refused: 1 } }], late)], { startedAtMs: late, endedAtMs: late + 3000 });
  const facts = run([load]);
  const clock = clockOf(facts);
  assert.equal(clock.seconds, 7);
  const p95 = httpSeries(clock, facts.steps, 'http.p95');
  assert.deepEqual([...(p95?.values ?? [])].map((value) => Math.round(value)), [Number.NaN, Number.NaN, Number.NaN, 20, Number.NaN, 30, Number.NaN]);
  assert.deepEqual([...(p95?.weights ?? [])], [0, 0, 0, 2, 0, 1, 0]);
  assert.deepEqual([...(httpSeries(clock, facts.steps, 'http.throughput')?.values ?? [])], [Number.NaN, Number.NaN, Number.NaN, 2, 0, 1, Number.NaN]);
  assert.equal(httpSeries(clock, facts.steps, 'http.error_rate')?.values[5], 50);
  assert.ok(Number.isNaN(httpSeries(clock, facts.steps, 'http.p95', { journey: 'other' })?.values[3]));
  assert.equal(httpSeries(clock, facts.steps, 'queue.depth'), null);
});

test('a reading belongs to its second; two in one are averaged; a missing one is NaN, not 0', () => {
  const clock = { startedAtMs: START_MS, seconds: 4 };
  const readings = [...samples('host', 'host.cpu', [10, Number.NaN, 30]), { atMs: START_MS + 2_990, probe: 'host', metric: 'host.cpu', value: 50 } as const];
  assert.deepEqual([...(sampleSeries(clock, readings, 'host.cpu')?.values ?? [])], [10, Number.NaN, 40, Number.NaN]);
  assert.equal(sampleSeries(clock, readings, 'redis.memory'), null);
});

test('of several instances rates add up, of states the worst counts, and one can be asked for', () => {
  const clock = { startedAtMs: START_MS, seconds: 1 };
  const two = [...samples('bullmq', 'queue.depth', [5], 'mail'), ...samples('bullmq', 'queue.depth', [9], 'video')];
  assert.equal(sampleSeries(clock, two, 'queue.depth')?.values[0], 9);
  assert.equal(sampleSeries(clock, two, 'queue.depth', 'mail')?.values[0], 5);
  const rates = [...samples('bullmq', 'queue.processing_rate', [5], 'mail'), ...samples('bullmq', 'queue.processing_rate', [9], 'video')];
  assert.equal(sampleSeries(clock, rates, 'queue.processing_rate')?.values[0], 14);
});

test('a reading that stands for several seconds says so at each of them, and is one in all; of several instances the one read most seldom counts', () => {
  const clock = { startedAtMs: START_MS, seconds: 6 };
  const seldom = samples('node', 'node.cpu', times(6, () => 20), 'b').map((sample) => ({ ...sample, spanSeconds: 3 }));
  const often = samples('node', 'node.cpu', times(6, () => 10), 'a');
  const both = sampleSeries(clock, [...often, ...seldom], 'node.cpu');
  assert.ok(both);
  assert.deepEqual([[...(both.spans ?? [])], readingsIn(both, 0, 6), readingsIn(both, 4, 6)], [[3, 3, 3, 3, 3, 3], 2, 0.666667]);
  const alone = sampleSeries(clock, [...often, ...seldom], 'node.cpu', 'a');
  assert.ok(alone);
  assert.deepEqual([alone.spans, readingsIn(alone, 0, 6)], [undefined, 6]);
});

test('of several probes the first of the registry’s list speaks', () => {
  const both = [...samples('prometheus', 'redis.memory', [1]), ...samples('redis', 'redis.memory', [2])];
  assert.equal(sampleSeries({ startedAtMs: START_MS, seconds: 1 }, both, 'redis.memory')?.values[0], 2);
});

test('stages become windows: the reference, and the judged seconds without those of the last answers', () => {
  const load = step(times(35, (at) => interval(at, [{ latenciesMs: [1] }])), { shape: openShape(10, 20) });
  assert.deepEqual(stageWindows(load).map(({ name, from, to, end }) => [name, from, to, end]), [['reference', 0, 20, 20], ['sustain', 20, 30, 35]]);
  const facts = run([load]);
  assert.deepEqual(windowOf(clockOf(facts), [load], 'reference'), [0, 20]);
  assert.deepEqual(windowsOf(clockOf(facts), load, 'judged'), [[20, 30]]);
  assert.equal(windowOf(clockOf(facts), [step([], {})], 'judged'), null);
});

test('a fixed count that is over within a second is judged by that second', () => {
  const shape = { model: 'closed', stages: [{ name: 'sustain', judged: true, durationSeconds: 300, users: 50, enough: null, exactly: 500 }] } as const;
  const counted = step([interval(0, [{ latenciesMs: times(500, () => 1) }])], { shape, model: 'closed' });
  assert.deepEqual(stageWindows(counted)[0], { name: 'sustain', judged: true, from: 0, to: 1, end: 1 });
});
