import assert from 'node:assert/strict';
import { test } from 'node:test';

import { judge } from '../../src/judge/judge.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Run } from '../../src/model/run.ts';
import type { ProbeKind } from '../../src/model/sample.ts';
import { condition, interval, openShape, run, samples, step, times } from './facts.ts';

function verdictOf(facts: Run, text: string, kind: 'trigger' | 'threshold' = 'trigger'): Verdict {
  const [verdict] = judge(facts, [{ suite: 'load', conditions: [condition(text, { kind })] }], { acceptNoise: false });
  return verdict ?? assert.fail();
}

const statusOf = (...args: Parameters<typeof verdictOf>): string => verdictOf(...args).status;

/** As many judged seconds as readings, one request in each. */
function read(probe: ProbeKind, metric: MetricName, values: readonly number[]): Run {
  return { ...run([step(times(values.length, (at) => interval(at, [{ latenciesMs: [10] }])))]), samples: samples(probe, metric, values) };
}

const cpu = (values: readonly number[]): Run => read('host', 'host.cpu', values);
const depth = (values: readonly number[]): Run => read('bullmq', 'queue.depth', values);
const failures = (values: readonly number[]): Run => read('bullmq', 'queue.worker_failures', values);
const lost = Number.NaN;
/** `high` for so many seconds, then `low` for so many, and so on. */
const spells = (...pieces: readonly (readonly [seconds: number, value: number])[]): number[] => pieces.flatMap(([seconds, value]) => times(seconds, () => value));

const FOR: readonly [title: string, values: readonly number[], status: string, reason: RegExp][] = [
  ['exactly as long as asked', spells([60, 80], [40, 10]), 'fired', /^it held for 60 s; 60 s count$/],
  ['a second less than asked', spells([59, 80], [41, 10]), 'not-fired', /^it held for 59 s at most, 59 s in all; 60 s count$/],
  ['exactly as long, at the very end', spells([40, 10], [60, 80]), 'fired', /60 s/],
  ['twice almost as long, with a second between', spells([59, 80], [1, 10], [59, 80]), 'not-fired', /59 s at most, 118 s in all/],
  ['a run of exactly that length in which it always held', spells([60, 80]), 'fired', /60 s/],
  ['a run a second shorter', spells([59, 80]), 'inconclusive', /^needs 60 s, the run had 59 s; true for 59 s of them$/],
  ['a run that was shorter, and quiet', spells([30, 10]), 'inconclusive', /^needs 60 s, the run had 30 s; true for 0 s of them$/],
  ['a reading that came late twice', spells([20, 80], [1, lost], [19, 80], [2, lost], [18, 80], [40, 10]), 'fired', /60 s/],
  ['a hole of three seconds in what would have been enough', spells([30, 80], [3, lost], [30, 80], [40, 10]), 'inconclusive', /^it held for 32 s at most, 62 s in all, and 1 s cannot be judged; 60 s count$/],
  ['a hole where it would not have been enough', spells([30, 80], [9, lost], [20, 80], [41, 10]), 'not-fired', /32 s at most/],
  ['a probe that was lost in the middle', spells([40, 10], [80, lost]), 'inconclusive', /78 s cannot be judged/],
  ['a probe that was lost when too little was left', spells([60, 10], [40, lost]), 'not-fired', /60 s count/],
];

for (const [title, values, status, reason] of FOR) {
  test(`"for 1 min": ${title} is ${status}`, () => {
    const verdict = verdictOf(cpu(values), 'host.cpu > 70 % for 1 min');
    assert.equal(verdict.status, status, verdict.reason);
    assert.match(verdict.reason, reason);
  });
}

test('"needs 15 min, the run had 2 min; true for 40 s of them"', () => {
  assert.equal(verdictOf(cpu(spells([40, 80], [80, 10])), 'host.cpu > 70 % for 15 min').reason, 'needs 15 min, the run had 2 min; true for 40 s of them');
});

test('half a second is held by one, a second and a half by two', () => {
  assert.equal(statusOf(cpu(spells([1, 80], [9, 10])), 'host.cpu > 70 % for 500 ms'), 'fired');
  assert.equal(statusOf(cpu(spells([1, 80], [9, 10])), 'host.cpu > 70 % for 1.5 s'), 'not-fired');
  assert.equal(statusOf(cpu(spells([2, 80], [8, 10])), 'host.cpu > 70 % for 1.5 s'), 'fired');
});

test('judged stages that follow each other are one stretch, a stage between them parts it', () => {
  const arrivalsPerSec = { from: 10, to: 10 };
  const facts = (parts: readonly (readonly [seconds: number, judged: boolean])[]): Run => {
    const stages = parts.map(([durationSeconds, judged]) => ({ name: judged ? 'sustain' : 'ramp', judged, durationSeconds, arrivalsPerSec } as const));
    const seconds = parts.reduce((sum, [length]) => sum + length, 0);
    const load = step(times(seconds, (at) => interval(at, [{ latenciesMs: [10] }])), { shape: { model: 'open', stages } });
    return { ...run([load]), samples: samples('host', 'host.cpu', times(seconds, () => 80)) };
  };
  assert.equal(statusOf(facts([[30, true], [30, true]]), 'host.cpu > 70 % for 1 min'), 'fired');
  const parted = verdictOf(facts([[30, true], [5, false], [40, true]]), 'host.cpu > 70 % for 1 min');
  assert.equal(parted.status, 'inconclusive');
  assert.equal(parted.reason, 'needs 60 s, the run had 70 s in 2 pieces; true for 70 s of them');
});

test('a threshold with "for" passes when it held that long, and is undecided in a run that was shorter', () => {
  assert.equal(statusOf(cpu(spells([60, 30])), 'host.cpu < 70 % for 1 min', 'threshold'), 'pass');
  assert.equal(statusOf(cpu(spells([50, 30], [1, 90], [50, 30])), 'host.cpu < 70 % for 1 min', 'threshold'), 'fail');
  assert.equal(statusOf(cpu(spells([59, 30])), 'host.cpu < 70 % for 1 min', 'threshold'), 'inconclusive');
});

const IN: readonly [title: string, values: readonly number[], status: string][] = [
  ['eleven within a minute', spells([30, 0], [11, 1], [60, 0]), 'fired'],
  ['ten within a minute', spells([30, 0], [10, 1], [60, 0]), 'not-fired'],
  ['eleven spread over a minute and a second', spells([1, 1], [50, 0], [9, 1], [1, 1], [40, 0]), 'not-fired'],
  ['eleven spread over exactly a minute', spells([1, 1], [49, 0], [10, 1], [40, 0]), 'fired'],
  ['eleven in a run that was shorter', spells([11, 1], [9, 0]), 'fired'],
  ['ten in a run that was shorter', spells([10, 1], [9, 0]), 'inconclusive'],
  ['a second that was read late, and whose events the next reading tells of', spells([5, 1], [1, lost], [5, 1], [80, 0]), 'fired'],
  ['ten, and ten seconds that nobody read', spells([10, 1], [10, lost], [80, 0]), 'inconclusive'],
  ['eleven, and ten seconds that nobody read', spells([11, 1], [10, lost], [80, 0]), 'fired'],
];

for (const [title, values, status] of IN) {
  test(`"> 10 in 1 min": ${title} is ${status}`, () => {
    const verdict = verdictOf(failures(values), 'queue.worker_failures > 10 in 1 min');
    assert.equal(verdict.status, status, verdict.reason);
  });
}

test('a threshold with "in" must hold in every window, and says of the worst', () => {
  const burst = failures(spells([60, 0], [6, 1], [60, 0]));
  assert.equal(statusOf(burst, 'queue.worker_failures <= 6 in 1 min', 'threshold'), 'pass');
  const verdict = verdictOf(burst, 'queue.worker_failures < 6 in 1 min', 'threshold');
  assert.deepEqual([verdict.status, verdict.observed, verdict.reason], ['fail', 6, 'worst 60 s: 6']);
  assert.equal(statusOf(failures(spells([50, 0])), 'queue.worker_failures < 6 in 1 min', 'threshold'), 'inconclusive', 'too short a run proves nothing good');
  assert.match(verdictOf(failures(spells([60, 0], [10, lost], [60, 0])), 'queue.worker_failures < 6 in 1 min', 'threshold').reason, /of 71 windows cannot be judged/);
});

test('"in" averages a state, and takes its highest, lowest or 95th reading where asked', () => {
  const facts = depth(spells([60, 10], [6, 100], [60, 10]));
  assert.equal(verdictOf(facts, 'queue.depth > 50 in 1 min').observed, (6 * 100 + 54 * 10) / 60);
  assert.equal(verdictOf(facts, 'queue.depth.avg > 50 in 1 min').observed, 19);
  assert.equal(verdictOf(facts, 'queue.depth.max > 50 in 1 min').observed, 100);
  assert.equal(verdictOf(facts, 'queue.depth.min > 50 in 6 s').observed, 100);
  assert.equal(verdictOf(facts, 'queue.depth.p95 > 50 in 1 min').observed, 100);
  assert.equal(statusOf(depth(spells([60, 10], [3, 100], [60, 10])), 'queue.depth.p95 > 50 in 1 min'), 'not-fired', '3 of 60 are 5 %');
});

test('with an aggregate a rate stays a rate', () => {
  const facts = failures(spells([60, 0], [6, 2], [60, 0]));
  assert.deepEqual([verdictOf(facts, 'queue.worker_failures.max > 1 /s in 1 min').observed, verdictOf(facts, 'queue.worker_failures > 11 in 1 min').observed], [2, 12]);
});

test('"in" and "for" together: each window must come out so, for that long', () => {
  const facts = (high: number): Run => depth(spells([high, 100], [100 - high, 0]));
  assert.equal(statusOf(facts(39), 'queue.depth >= 50 in 20 s for 30 s'), 'fired', '39 s of readings are 20 windows of nothing else and 10 of mostly that');
  assert.equal(statusOf(facts(38), 'queue.depth >= 50 in 20 s for 30 s'), 'not-fired');
  assert.match(verdictOf(depth(spells([48, 100])), 'queue.depth >= 50 in 20 s for 30 s').reason, /^needs 49 s, the run had 48 s/);
});

/** Twenty quick requests a second; in some seconds one of them is slow. */
const uneven = (slowEvery: number): Run => run([step(times(120, (at) => interval(at, [{ latenciesMs: [...times(19, () => 20), at % slowEvery === 0 ? 2000 : 20] }])))]);

test('a percentile in a window is that of its requests, not a mean of percentiles', () => {
  const rare = run([step(times(120, (at) => interval(at, [{ latenciesMs: at % 10 === 0 ? [2000] : times(20, () => 20) }])))]);
  const p95 = verdictOf(rare, 'http.p95 > 100 ms in 1 min');
  assert.equal(p95.status, 'not-fired', 'a mean of the seconds would be over 200 ms');
  assert.ok(p95.observed !== null && Math.abs(p95.observed - 20) < 0.1);
  assert.equal(statusOf(rare, 'http.max > 1 s in 1 min'), 'fired');
  const mean = verdictOf(rare, 'http.mean > 1 s in 1 min').observed ?? 0;
  assert.ok(Math.abs(mean - (6 * 2000 + 54 * 20 * 20) / (6 + 54 * 20)) < 0.1, 'the mean weighs requests, too');
  assert.equal(statusOf(uneven(1), 'http.p99 > 1 s in 1 min'), 'fired');
  assert.equal(statusOf(uneven(10), 'http.p99 > 1 s in 1 min'), 'not-fired', 'one in 200');
});

test('time-outs in a window count as long as they waited, or longer', () => {
  const facts = run([step(times(60, (at) => interval(at, [{ latenciesMs: [20, 20], errors: at < 30 ? { timeout: 2 } : {} }])), { timeoutMs: 5000 })]);
  assert.equal(statusOf(facts, 'http.p95 > 4 s in 30 s'), 'fired');
  assert.equal(statusOf(facts, 'http.p95 > 8 s in 30 s'), 'inconclusive');
  assert.equal(verdictOf(facts, 'http.error_rate > 10 % in 30 s').observed, 50);
  assert.equal(statusOf(facts, 'http.timeouts > 59 in 30 s'), 'fired');
  assert.equal(statusOf(facts, 'http.timeouts > 60 in 30 s'), 'not-fired');
});

test('seconds without a request between others are no gap, a longer pause leaves it open', () => {
  const facts = (pause: number): Run => run([step(times(90, (at) => interval(at, at % (pause + 1) === 0 ? [{ latenciesMs: [900] }] : [])), { shape: openShape(90) })]);
  assert.equal(statusOf(facts(2), 'http.p95 > 500 ms for 1 min'), 'fired');
  assert.equal(statusOf(facts(5), 'http.p95 > 500 ms for 1 min'), 'inconclusive');
});

test('a share in a window is Σ / Σ', () => {
  const hits = spells([30, 90], [30, 0]);
  const misses = spells([30, 10], [30, 1]);
  const facts = { ...cpu(times(60, () => 1)), samples: [...samples('redis', 'redis.hits', hits), ...samples('redis', 'redis.misses', misses)] };
  const observed = verdictOf(facts, 'redis.hit_ratio < 60 % in 1 min').observed ?? 0;
  assert.ok(Math.abs(observed - (100 * 2700) / 3030) < 0.01);
  assert.equal(statusOf(facts, 'redis.hit_ratio < 60 % for 30 s'), 'fired');
});
