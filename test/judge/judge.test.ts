import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../src/judge/judge.ts';
import type { ConditionRole } from '../../src/model/condition.ts';
import type { SuiteId } from '../../src/model/plan.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Run } from '../../src/model/run.ts';
import { randomNumbers } from '../stats/random.ts';
import { condition, interval, okProbe, openShape, run, samples, START_MS, step, times } from './facts.ts';

const sign: Partial<ConditionRole> = { kind: 'trigger', required: false };

function verdictsOf(facts: Run, text: string, role: Partial<ConditionRole> = {}, suite: SuiteId = 'load', acceptNoise = false): Verdict[] {
  return judge(facts, [{ suite, conditions: [condition(text, role)] }], { acceptNoise });
}

function verdictOf(...args: Parameters<typeof verdictsOf>): Verdict {
  const [verdict, ...others] = verdictsOf(...args);
  assert.ok(verdict && others.length === 0, 'one verdict');
  return verdict;
}

const random = randomNumbers(1);
/** 40 requests a second of about 100 ms. */
const steady = (seconds: number, ms = 100): Run => run([step(times(seconds, (at) => interval(at, [{ latenciesMs: times(40, () => ms * (0.8 + 0.4 * random())) }])))]);

const cpu = (values: number[]): Run => ({ ...steady(values.length), samples: samples('host', 'host.cpu', values) });

const failures = (values: number[]): Run => ({ ...steady(values.length), samples: samples('bullmq', 'queue.worker_failures', values) });

test('a percentile passes, fails, or stays undecided by its bounds', () => {
  const facts = steady(60);
  const pass = verdictOf(facts, 'http.p95 < 200 ms');
  assert.equal(pass.status, 'pass', pass.reason);
  assert.ok(pass.low !== null && pass.high !== null && pass.observed !== null && pass.low <= pass.observed && pass.observed <= pass.high);
  assert.ok(pass.margin !== null && pass.margin > 0.3 && pass.samples === 2400 && pass.limit === 200);
  assert.equal(verdictOf(facts, 'http.p95 < 100 ms').status, 'fail');
  assert.equal(verdictOf(facts, 'http.p95 < 100 ms', { level: 'warn' }).status, 'warn');
  const between = `http.p95 < ${((pass.observed ?? 0) + 0.001).toFixed(3)} ms`;
  assert.equal(verdictOf(facts, between).status, 'inconclusive');
  const accepted = verdictOf(facts, between, {}, 'load', true);
  assert.equal(accepted.status, 'pass');
  assert.match(accepted.reason, /noise was accepted/);
});

test('an error rate is proven by requests: 4,742 with one error, not 4,741', () => {
  const facts = (requests: number): Run => run([step(times(20, (at) => interval(at, [{ latenciesMs: times(at === 0 ? requests - 1 - 19 * 100 : 100, () => 5), errors: at === 3 ? { 'http-5xx': 1 } : {} }])))]);
  assert.equal(verdictOf(facts(4_742), 'http.error_rate < 0.1 %').status, 'pass');
  const short = verdictOf(facts(4_741), 'http.error_rate < 0.1 %');
  assert.equal(short.status, 'inconclusive');
  assert.match(short.reason, /1 of 4,741 requests/);
});

test('no request at all is inconclusive for every http metric, never a pass', () => {
  const facts = run([step(times(30, (at) => interval(at, [])))]);
  for (const text of ['http.error_rate < 0.1 %', 'http.p95 < 1 s', 'http.throughput > 1 /s', 'http.mean < 1 s', 'http.timeouts < 1 /s', 'http.max < 1 s']) {
    assert.equal(verdictOf(facts, text).status, 'inconclusive', text);
  }
  assert.equal(verdictOf(facts, 'http.p95 > 1 s', sign).status, 'inconclusive');
  assert.match(verdictOf(steady(20), 'http.p95{journey=checkout} < 1 s').reason, /no request of journey checkout in 20 s/);
});

test('a target that only fails has an error rate and a throughput of 0, but no latency', () => {
  const facts = run([step(times(20, (at) => interval(at, [{ errors: { 'http-5xx': 10 } }])))]);
  assert.equal(verdictOf(facts, 'http.error_rate < 0.1 %').status, 'fail');
  assert.equal(verdictOf(facts, 'http.throughput > 1 /s').status, 'fail');
  const latency = verdictOf(facts, 'http.p95 < 1 s');
  assert.equal(latency.status, 'inconclusive');
  assert.match(latency.reason, /none of 200 requests was answered as expected/);
});

test('a percentile among time-outs fails a limit within the time-out and leaves one beyond undecided', () => {
  const facts = run([step(times(30, (at) => interval(at, [{ latenciesMs: times(9, () => 50), errors: { timeout: 3 } }])), { timeoutMs: 5_000 })]);
  const within = verdictOf(facts, 'http.p95 < 500 ms');
  assert.equal(within.status, 'fail');
  assert.match(within.reason, /5,000 ms or more/);
  assert.equal(within.high, null);
  assert.equal(verdictOf(facts, 'http.p95 < 8 s').status, 'inconclusive');
  assert.equal(verdictOf(facts, 'http.p95 < 8 s', {}, 'load', true).status, 'inconclusive', 'accepted noise does not turn a time-out into an answer');
  assert.equal(verdictOf(facts, 'http.p50 < 500 ms').status, 'pass');
  const mean = verdictOf(facts, 'http.mean < 2 s');
  assert.equal(mean.status, 'pass');
  assert.ok(Math.abs((mean.observed ?? 0) - (9 * 50 + 3 * 5000) / 12) < 1);
  assert.equal(verdictOf(facts, 'http.timeouts > 0 /s', sign).status, 'fired');
});

test('time-outs that end after the load count, the seconds in which they end do not slow the throughput', () => {
  const seconds = [...times(20, (at) => interval(at, [{ latenciesMs: times(10, () => 20) }])), ...times(9, (at) => interval(20 + at, [])), interval(29, [{ errors: { timeout: 40 }, sent: 0 }])];
  const facts = run([step(seconds, { shape: openShape(20) })]);
  const errors = verdictOf(facts, 'http.error_rate < 0.1 %');
  assert.equal(errors.status, 'fail');
  assert.equal(errors.samples, 240);
  assert.equal(verdictOf(facts, 'http.throughput >= 9.5 /s').status, 'pass');
});

test('the second in which an interrupted load ended does not count as slow', () => {
  const seconds = [...times(20, (at) => interval(at, [{ latenciesMs: times(10, () => 20) }])), interval(20, [{ latenciesMs: [20] }])];
  const verdict = verdictOf(run([step(seconds, { shape: openShape(60), outcome: { status: 'stopped', reason: 'SIGINT' } })]), 'http.throughput >= 10 /s');
  assert.deepEqual([verdict.observed, verdict.status], [10, 'pass']);
});

test('a load that ended in its warm-up judged nothing and says so', () => {
  const facts = run([step(times(10, (at) => interval(at, [{ latenciesMs: [5] }])), { shape: openShape(60, 20) })]);
  const verdict = verdictOf(facts, 'http.p95 < 1 s');
  assert.equal(verdict.status, 'inconclusive');
  assert.match(verdict.reason, /no second of load was judged/);
});

test('a suite that was not run is not measured; one whose engine failed proves nothing good', () => {
  assert.equal(verdictOf(run([], { suites: ['unit'] }), 'http.p95 < 1 s').status, 'not-measured');
  assert.match(verdictOf(run([]), 'http.p95 < 1 s').reason, /ended before the load suite began/);
  const half = { ...steady(30) };
  const broken = { ...half, steps: half.steps.map((one) => ({ ...one, outcome: { status: 'failed', reason: 'killed by SIGKILL' } as const })) };
  const good = verdictOf(broken, 'http.p95 < 1 s');
  assert.equal(good.status, 'inconclusive');
  assert.match(good.reason, /artillery failed: killed by SIGKILL/);
  assert.equal(verdictOf(broken, 'http.p95 < 1 ms').status, 'fail');
  const never = run([step([], { outcome: { status: 'failed', reason: 'no such file' } })]);
  assert.equal(verdictOf(never, 'http.error_rate < 1 %').status, 'inconclusive');
  assert.match(verdictOf(never, 'http.error_rate < 1 %').reason, /no such file/);
});

test('a condition of the unit suite without a scope is judged for each endpoint', () => {
  const endpoint = (name: string, ms: number) => step(times(15, (at) => interval(at, [{ step: name, journey: 'j', latenciesMs: times(20, () => ms) }])), { suite: 'unit', endpoint: { journey: 'j', step: name } });
  const facts = run([endpoint('quick', 10), endpoint('slow', 300)]);
  const verdicts = verdictsOf(facts, 'http.p95 < 200 ms', {}, 'unit');
  assert.deepEqual(verdicts.map(({ condition: one, status, suite }) => ['scope' in one ? one.scope.step : '', status, suite]), [['quick', 'pass', 'unit'], ['slow', 'fail', 'unit']]);
  assert.equal(verdictsOf(facts, 'http.p95{step=slow} < 200 ms', {}, 'unit').length, 1);
  assert.equal(verdictOf(facts, 'http.p95{step=gone} < 200 ms', {}, 'unit').status, 'not-measured');
});

test('facts, missing probes and refused probes are not measured, each with its own reason', () => {
  const facts = steady(20);
  assert.match(verdictOf(facts, 'service.uptime > 99.5 %', { required: false }).reason, /no probe can read it/);
  const missing = verdictOf(facts, 'redis.hit_ratio > 80 %');
  assert.deepEqual([missing.status, missing.reason], ['not-measured', 'add --probe redis=redis://…']);
  const refused = { ...facts, probes: [{ kind: 'redis', status: 'refused', reason: 'NOAUTH', hint: 'give a password' } as const] };
  assert.match(verdictOf(refused, 'redis.hit_ratio > 80 %').reason, /redis probe was refused: NOAUTH \(give a password\)/);
  assert.equal(verdictOf(facts, 'postgres.connections > 100 for 5 min', sign).status, 'not-measured');
  assert.match(verdictOf(facts, 'http.p95 < baseline + 10 %').reason, /baseline/);
});

test('a state is averaged over the judged seconds; max and min are what was seen', () => {
  const depth = times(40, (at) => 30 + (at % 5));
  const facts = { ...steady(40), samples: samples('bullmq', 'queue.depth', depth), probes: [okProbe('bullmq')] };
  const average = verdictOf(facts, 'queue.depth.avg < 50');
  assert.deepEqual([average.status, average.observed, average.samples], ['pass', 32, 40]);
  assert.equal(verdictOf(facts, 'queue.depth.max < 34').status, 'fail');
  assert.equal(verdictOf(facts, 'queue.depth.max < 35').status, 'pass');
  assert.equal(verdictOf(facts, 'queue.depth.p95 < 40').status, 'inconclusive', '40 readings do not bound a 95th percentile from above');
  const few = { ...steady(40), samples: samples('bullmq', 'queue.depth', [1, 1, 1]) };
  assert.match(verdictOf(few, 'queue.depth < 50').reason, /3 readings are too few/);
});

test('a rate of which nothing was seen proves less than 3 per window, not 0; "> 0" asks for what was seen', () => {
  const facts = { ...steady(40), samples: samples('redis', 'redis.evictions', times(40, () => 0)) };
  const low = verdictOf(facts, 'redis.evictions < 1 /s');
  assert.ok(low.status === 'pass' && low.high !== null && Math.abs(low.high - 3 / 40) < 0.001);
  assert.equal(verdictOf(facts, 'redis.evictions < 0.05 /s').status, 'inconclusive');
  assert.equal(verdictOf(facts, 'redis.evictions > 0 /s', sign).status, 'not-fired');
  assert.equal(verdictOf(facts, 'redis.evictions == 0 /s').status, 'pass');
});

test('a share is Σ / Σ: idle seconds do not weigh like busy ones, and few look-ups are no figure', () => {
  const hits = times(40, (at) => (at < 20 ? 90 : 0));
  const misses = times(40, (at) => (at < 20 ? 10 : 1));
  const facts = { ...steady(40), samples: [...samples('redis', 'redis.hits', hits), ...samples('redis', 'redis.misses', misses)] };
  const ratio = verdictOf(facts, 'redis.hit_ratio > 80 %');
  assert.ok(Math.abs((ratio.observed ?? 0) - (100 * 1800) / 2020) < 0.01);
  assert.equal(ratio.samples, 2020);
  const few = { ...facts, samples: [...samples('redis', 'redis.hits', times(40, () => 1)), ...samples('redis', 'redis.misses', times(40, () => 0))] };
  assert.match(verdictOf(few, 'redis.hit_ratio > 80 %').reason, /40 events .* too few/);
});

test('"3 x reference" compares with the reference stage and its own uncertainty', () => {
  const seconds = (after: number) => times(50, (at) => interval(at, [{ latenciesMs: times(20, () => (at < 20 ? 50 : after) * (0.95 + 0.1 * random())) }]));
  const facts = (after: number): Run => run([step(seconds(after), { shape: openShape(30, 20) })]);
  const fired = verdictOf(facts(400), 'http.p95 > 3 x reference', sign);
  assert.equal(fired.status, 'fired');
  assert.ok(fired.limit !== null && Math.abs(fired.limit - 156) < 8);
  assert.match(fired.reason, /in the reference stage/);
  assert.equal(verdictOf(facts(60), 'http.p95 > 3 x reference', sign).status, 'not-fired');
  assert.equal(verdictOf(facts(149.7), 'http.p95 > 3 x reference', sign).status, 'inconclusive');
  assert.equal(verdictOf(steady(30), 'http.p95 > 3 x reference', sign).status, 'inconclusive');
});

test('"for" fires on a stretch without a gap and says how much a short run lacked', () => {
  assert.equal(verdictOf(cpu(times(100, (at) => (at < 70 ? 80 : 10))), 'host.cpu > 70 % for 1 min', sign).status, 'fired');
  const broken = verdictOf(cpu(times(100, (at) => (at % 50 === 49 ? 10 : 80))), 'host.cpu > 70 % for 1 min', sign);
  assert.equal(broken.status, 'not-fired');
  const short = verdictOf(cpu(times(100, (at) => (at < 40 ? 80 : 10))), 'host.cpu > 70 % for 15 min', sign);
  assert.equal(short.status, 'inconclusive');
  assert.equal(short.reason, 'needs 15 min, the run had 100 s; true for 40 s of them');
  const late = times(100, (at) => (at % 20 === 7 ? Number.NaN : 80));
  assert.equal(verdictOf(cpu(late), 'host.cpu > 70 % for 1 min', sign).status, 'fired', 'one late reading is no gap');
});

test('"in" counts events in a sliding window, and a short run can only prove too many', () => {
  const burst = times(120, (at) => (at >= 55 && at < 67 ? 1 : 0));
  assert.equal(verdictOf(failures(burst), 'queue.worker_failures > 10 in 1 min', sign).status, 'fired');
  assert.equal(verdictOf(failures(times(120, (at) => (at % 10 === 0 ? 1 : 0))), 'queue.worker_failures > 10 in 1 min', sign).status, 'not-fired');
  assert.equal(verdictOf(failures(burst), 'queue.worker_failures < 5 in 1 min').status, 'fail');
  assert.equal(verdictOf(failures(times(30, () => 1)), 'queue.worker_failures > 10 in 1 min', sign).status, 'fired');
  assert.equal(verdictOf(failures(times(30, () => 0)), 'queue.worker_failures > 10 in 1 min', sign).status, 'inconclusive');
});

test('alternatives: one that holds is enough, an unknown one keeps the others from settling it', () => {
  const facts = { ...steady(30), samples: samples('host', 'host.cpu', times(30, () => 90)) };
  assert.equal(verdictOf(facts, 'host.cpu > 70 % or redis.memory_used > 80 %', sign).status, 'fired');
  const unknown = verdictOf(facts, 'host.cpu > 95 % or redis.memory_used > 80 %', sign);
  assert.equal(unknown.status, 'not-measured');
  assert.match(unknown.reason, /add --probe redis/);
  assert.equal(verdictOf(facts, 'host.cpu > 95 % or http.p95 > 9 s', sign).status, 'not-fired');
  assert.equal(verdictOf(facts, 'host.cpu < 70 % or http.p95 < 1 s').status, 'pass');
});

test('readings are taken from the judged seconds alone, of the run’s clock', () => {
  const seconds = times(40, (at) => interval(at, [{ latenciesMs: [10, 10] }], START_MS + 30_000));
  const load = step(seconds, { startedAtMs: START_MS + 30_000, endedAtMs: START_MS + 70_000, shape: openShape(20, 20) });
  const facts = { ...run([load]), samples: samples('host', 'host.cpu', times(70, (at) => (at < 50 ? 99 : 20))) };
  const verdict = verdictOf(facts, 'host.cpu < 70 %');
  assert.deepEqual([verdict.status, verdict.observed], ['pass', 20]);
});

test('what a run tried on the target is a fact that decides', () => {
  const facts: Run = { ...steady(20), trials: [{ metric: 'service.failover_time', value: 1800, note: 'a read replica was ended' }] };
  const verdict = verdictOf(facts, 'service.failover_time < 30 s', { required: false });
  assert.deepEqual([verdict.status, verdict.observed], ['pass', 1800]);
  assert.match(verdict.reason, /a read replica was ended/);
  assert.equal(verdictOf(facts, 'service.failover_time < 1 s', { required: false }).status, 'fail');
});
