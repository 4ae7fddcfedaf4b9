import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '../../src/judge/exit-code.ts';
import { judge } from '../../src/judge/judge.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Run } from '../../src/model/run.ts';
import { condition, interval, openShape, run, step, times } from './facts.ts';

const CONDITIONS = ['http.error_rate < 0.1 %', 'http.p95 < 200 ms', 'http.mean < 200 ms'];

function verdictsOf(facts: Run, texts: readonly string[] = CONDITIONS): Verdict[] {
  return judge(facts, [{ suite: 'load', conditions: texts.map((text) => condition(text)) }], { acceptNoise: false });
}

function statusesOf(facts: Run, texts?: readonly string[]): string[] {
  return verdictsOf(facts, texts).map(({ status }) => status);
}

function exitOf(verdicts: readonly Verdict[]): number {
  return exitCodeOf({
    interrupted: null, verdicts, validity: { valid: true, invalidReason: null, saturated: false, reasons: [] },
    diagnosis: { outcome: 'none', bottlenecks: [], harm: [], unknown: [], observations: [] },
  });
}

/** So many good requests in 30 seconds. */
const good = (requests: number): Run => run([step(times(30, (at) => interval(at, [{ latenciesMs: times(Math.floor(((at + 1) * requests) / 30) - Math.floor((at * requests) / 30), () => 100) }])))]);

test('no sample decides nothing, ten decide what they can, ten thousand decide', () => {
  assert.deepEqual(statusesOf(good(0)), ['inconclusive', 'inconclusive', 'inconclusive']);
  assert.equal(exitOf(verdictsOf(good(0))), 4);
  const [errors, p95] = verdictsOf(good(10));
  assert.deepEqual([errors?.status, p95?.status], ['inconclusive', 'inconclusive'], 'however good they look');
  assert.ok((errors?.high ?? 0) > 25, 'ten without an error prove less than 26 %');
  assert.deepEqual(statusesOf(good(10_000)), ['pass', 'pass', 'pass']);
  assert.equal(exitOf(verdictsOf(good(10_000))), 0);
});

test('where every request timed out there is no latency but the time-out: limits below it fail, one beyond it stays undecided, none passes', () => {
  const facts = run([step(times(30, (at) => interval(at, [{ errors: { timeout: 40 } }])), { timeoutMs: 1000 })]);
  const texts = ['http.error_rate < 0.1 %', 'http.p95 < 200 ms', 'http.p95 < 5 s', 'http.p50 < 5 s', 'http.mean < 200 ms', 'http.throughput > 10 /s', 'http.max < 5 s'];
  assert.deepEqual(statusesOf(facts, texts), ['fail', 'fail', 'inconclusive', 'inconclusive', 'fail', 'fail', 'inconclusive']);
  assert.equal(exitOf(verdictsOf(facts, texts)), 1);
});

test('a warm-up that ate the whole run leaves nothing to judge, however many requests there were', () => {
  const seconds = times(20, (at) => interval(at, [{ latenciesMs: times(500, () => 10) }]));
  const facts = run([step(seconds, { shape: openShape(60, 20), outcome: { status: 'stopped', reason: 'interrupted' } })]);
  assert.deepEqual(statusesOf(facts), ['inconclusive', 'inconclusive', 'inconclusive']);
  assert.equal(exitOf(verdictsOf(facts)), 4);
});
