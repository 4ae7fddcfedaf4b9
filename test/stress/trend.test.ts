import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trendOf } from '../../src/stress/trend.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';

/** p95 of each second in ms: a start, a growth each second, and noise that remembers. */
function seconds(count: number, begin: number, perSec: number, noise: number, seed: number) {
  const normal = normalNumbers(randomNumbers(seed));
  let wander = noise * normal();
  return Array.from({ length: count }, (_, at) => {
    wander = 0.6 * wander + 0.8 * noise * normal();
    return { second: 4 + at, value: (begin + perSec * at) * Math.exp(wander) };
  });
}

describe('a queue that gains a little every second', () => {
  it('is seen in a short stage, long before it meets its limit', () => {
    // 80 asked, 73 served: 88 ms more every second; 5 s after a minute, 1.4 s after fifteen seconds.
    const seen = Array.from({ length: 100 }, (_, at) => trendOf(seconds(11, 150, 110, 0.1, at + 1), 5000));
    assert.ok(seen.filter((one) => one !== null && one.breakChance > 0.5).length >= 95);
    assert.ok(seen.every((one) => one === null || Math.abs(one.projected / 6700 - 1) < 0.6));
  });

  it('is no break where a minute of it stays below the limit', () => {
    const seen = Array.from({ length: 100 }, (_, at) => trendOf(seconds(15, 150, 20, 0.1, at + 1), 5000));
    assert.ok(seen.every((one) => one === null || one.breakChance < 0.05));
  });

  it('is not made of noise: of stages that are steady, far below their limit and looked at every second, hardly one', () => {
    for (const [noise, most] of [[0.05, 0.01], [0.1, 0.01], [0.3, 0.03]] as const) {
      const alarms = Array.from({ length: 500 }, (_, at) => {
        const all = seconds(30, 200, 0, noise, at + 1);
        return [10, 15, 20, 25, 30].some((length) => (trendOf(all.slice(0, length), 500)?.breakChance ?? 0) > 0.5);
      }).filter(Boolean).length;
      assert.ok(alarms / 500 <= most, `${noise}: ${alarms} of 500`);
    }
  });

  it('is not told from few seconds, nor where figures fall', () => {
    assert.equal(trendOf(seconds(7, 150, 500, 0.01, 1), 5000), null);
    assert.equal(trendOf(seconds(20, 3000, -100, 0.05, 1), 500), null);
    assert.equal(trendOf(seconds(20, 200, 0, 0, 1), 500), null);
  });
});
