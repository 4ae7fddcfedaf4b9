import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Baseline } from '../../src/judge/baseline.ts';
import { judge } from '../../src/judge/judge.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Run } from '../../src/model/run.ts';
import { simulate } from '../compare/simulate.ts';
import { condition, run, step } from './facts.ts';

const made = (seed: number, factor = 1, errorShare = 0): Run => simulate({ seed, factor, errorShare, seconds: 60, levelNoise: 0.02 });
const quiet: Baseline['noiseOf'] = () => ({ variance: 0.01 ** 2, freedom: 30 });
const assumed: Baseline['noiseOf'] = () => ({ variance: 0.07 ** 2, freedom: 8 });

function held(text: string, head: Run, baseline: Partial<Baseline> | null): Verdict {
  const given = baseline === null ? null : { runs: [made(1), made(2), made(3)], refused: null, noiseOf: quiet, ...baseline };
  const [verdict] = judge(head, [{ suite: 'load', conditions: [condition(text)] }], { acceptNoise: false, baseline: given });
  assert.ok(verdict);
  return verdict;
}

describe('a condition relative to a baseline', () => {
  it('passes where the run is as the baseline was, fails where it is clearly beyond, with the limit in figures', () => {
    const same = held('http.p50{journey=dashboard} < baseline + 10 %', made(10), {});
    assert.equal(same.status, 'pass', same.reason);
    assert.ok((same.limit ?? 0) > 40 && (same.limit ?? 0) < 48, String(same.limit));
    assert.match(same.reason, /1\.1 × .* of the baseline/);
    assert.equal(held('http.p50{journey=dashboard} < baseline + 10 %', made(10, 1.4), {}).status, 'fail');
    assert.equal(held('http.throughput >= baseline - 10 %', made(10), {}).status, 'pass');
  });

  it('is inconclusive within what runs of one version differ by', () => {
    const one = { runs: [made(1)], noiseOf: assumed };
    assert.equal(held('http.p50 < baseline + 10 %', made(10), one).status, 'inconclusive');
    assert.equal(held('http.p50 < baseline + 10 %', made(10, 1.15), one).status, 'inconclusive');
    assert.equal(held('http.p50 < baseline + 10 %', made(10, 1.6), one).status, 'fail');
  });

  it('is not measured without one, and inconclusive with one that is not comparable', () => {
    assert.match(held('http.p95 < baseline + 10 %', made(10), null).reason, /add --baseline/);
    assert.equal(held('http.p95 < baseline + 10 %', made(10), null).status, 'not-measured');
    const refused = held('http.p95 < baseline + 10 %', made(10), { refused: 'cores: 2 against 8' });
    assert.deepEqual([refused.status, refused.reason.includes('cores: 2 against 8')], ['inconclusive', true]);
  });

  it('does not pass against a baseline that measured nothing', () => {
    assert.equal(held('http.p95 < baseline + 10 %', made(10), { runs: [run([step([])])] }).status, 'inconclusive');
    assert.equal(held('redis.hit_ratio > baseline - 5 %', made(10), {}).status, 'not-measured');
  });

  it('takes an error rate of 0 for a limit of 0 that nobody can prove', () => {
    assert.equal(held('http.error_rate <= baseline + 10 %', made(10), {}).status, 'inconclusive');
    assert.equal(held('http.error_rate < baseline + 10 %', made(10, 1, 0.1), {}).status, 'fail');
  });
});
