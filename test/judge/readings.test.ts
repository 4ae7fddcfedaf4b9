import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../src/judge/judge.ts';
import { groupsOfReadings } from '../../src/judge/readings.ts';
import type { MetricName } from '../../src/model/metrics.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Sample } from '../../src/model/sample.ts';
import { condition, interval, okProbe, run, START_MS, step, times } from './facts.ts';

/** So many readings, each told of `span` seconds. */
function held(metric: MetricName, span: number, readings: readonly number[]): Sample[] {
  return readings.flatMap((value, at) => times(span, (second) => ({ atMs: START_MS + (at * span + second) * 1000 + 500, probe: 'node', metric, value, ...(span > 1 ? { spanSeconds: span } : {}) })));
}

function verdictOf(text: string, seconds: number, samples: readonly Sample[]): Verdict {
  const facts = { ...run([step(times(seconds, (at) => interval(at, [])))]), samples, probes: [okProbe('node')] };
  const [verdict] = judge(facts, [{ suite: 'load', conditions: [condition(text)] }], { acceptNoise: false });
  assert.ok(verdict);
  return verdict;
}

describe('trap: a page that is read every few seconds is not read in each of them', () => {
  it('ten seconds of it are no mean, however equal they are: two or three looks may have missed what happened', () => {
    for (const [span, readings] of [[2, 5], [3, 3], [5, 2]] as const) {
      const verdict = verdictOf('node.heap_used < 500 MB', span * readings, held('node.heap_used', span, times(readings, () => 4e8)));
      assert.equal(verdict.status, 'inconclusive');
      assert.match(verdict.reason, new RegExp(`${readings} readings are too few for a mean`));
    }
    assert.match(verdictOf('node.heap_used < 500 MB', 3, held('node.heap_used', 3, [4e8])).reason, /1 reading is too few/);
    assert.equal(verdictOf('node.heap_used < 500 MB', 10, held('node.heap_used', 1, times(10, () => 4e8))).status, 'pass');
  });

  it('ten readings decide, whenever they came, and are counted as ten', () => {
    const verdict = verdictOf('node.heap_used < 500 MB', 30, held('node.heap_used', 3, times(10, (at) => 4e8 + at)));
    assert.deepEqual([verdict.status, verdict.samples], ['pass', 10]);
    assert.match(verdict.reason, /10 readings/);
  });

  it('a mean is as uncertain as its readings are few', () => {
    const values = times(12, (at) => 40 + 20 * ((at * 5) % 7));
    const often = verdictOf('node.cpu < 200 %', 48, held('node.cpu', 1, times(48, (at) => values[at % 12] ?? 0)));
    const seldom = verdictOf('node.cpu < 200 %', 48, held('node.cpu', 4, values));
    assert.ok(often.observed !== null && Math.abs(often.observed - (seldom.observed ?? 0)) < 1e-9);
    assert.ok((seldom.high ?? 0) - (seldom.observed ?? 0) > 1.3 * ((often.high ?? Infinity) - often.observed), 'four times as many readings, half the uncertainty');
  });

  it('a largest one is what was seen, of as many as were read; a percentile is bounded by these', () => {
    assert.deepEqual([verdictOf('node.heap_used.max < 500 MB', 9, held('node.heap_used', 3, [1e8, 2e8, 3e8]))].map(({ status, samples }) => [status, samples]), [['pass', 3]]);
    const readings = times(30, () => 4e8);
    assert.equal(verdictOf('node.heap_used.p95 < 500 MB', 90, held('node.heap_used', 3, readings)).status, 'inconclusive', '90 seconds, 30 readings');
    assert.equal(verdictOf('node.heap_used.p95 < 500 MB', 90, held('node.heap_used', 1, times(90, () => 4e8))).status, 'pass');
  });

  it('of a rate that stood at 0 all seconds count, for it was counted through all of them', () => {
    const verdict = verdictOf('queue.worker_failures < 1 /s', 30, held('queue.worker_failures', 3, times(10, () => 0)));
    assert.ok(verdict.status === 'pass' && Math.abs((verdict.high ?? 0) - 3 / 30) < 0.001);
  });

  it('a share of what one page counts takes ten pages, too', () => {
    const counted = (readings: number): Sample[] => [...held('redis.hits', 3, times(readings, () => 90)), ...held('redis.misses', 3, times(readings, () => 1))];
    assert.match(verdictOf('redis.hit_ratio > 80 %', 12, counted(4)).reason, /4 readings are too few for a share/);
    assert.equal(verdictOf('redis.hit_ratio > 80 %', 36, counted(12)).status, 'pass');
  });
});

describe('seconds that one reading stands for', () => {
  it('are put together; what a window cuts off goes with the last', () => {
    assert.deepEqual(groupsOfReadings([1, 1, 2, 2, 3], [2, 2, 2, 2, 2]), [[0, 1], [2, 3, 4]]);
    assert.deepEqual(groupsOfReadings([1, Number.NaN, 2], null), [[0], [2]]);
    assert.deepEqual(groupsOfReadings([1, 1], [5, 5]), [[0, 1]]);
    assert.equal(groupsOfReadings(times(90, () => 1), times(90, () => 3)).length, 30);
    assert.deepEqual(groupsOfReadings([Number.NaN], null), []);
  });
});
