import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fewestToProve, rankBounds, shareBounds } from '../../src/stats/binomial.ts';
import { studentQuantile } from '../../src/stats/student.ts';

const near = (actual: number, expected: number, error = 1e-6): void => assert.ok(Math.abs(actual - expected) <= error, `${actual} instead of ${expected}`);

test('Clopper–Pearson gives the published intervals', () => {
  // R’s binom.test, two-sided 95 %: 5 of 10, 1 of 10, and Conover’s 682 of 925.
  for (const [hits, n, low, high] of [[5, 10, 0.187_086_0, 0.812_914_0], [1, 10, 0.002_528_579, 0.445_016_1], [682, 925, 0.707_668_3, 0.765_406_6]] as const) {
    const bounds = shareBounds(hits, n, 0.975);
    near(bounds.low, low);
    near(bounds.high, high);
  }
});

test('no error in n requests proves less than 3/n and more than 2.9/n', () => {
  for (const n of [10, 100, 4_742, 1_000_000]) {
    const { low, high } = shareBounds(0, n);
    assert.equal(low, 0);
    assert.ok(high < 3 / n && high > 2.5 / n);
    near(high, 1 - 0.05 ** (1 / n), 1e-9);
  }
  assert.equal(shareBounds(7, 7).high, 1);
  assert.deepEqual(shareBounds(0, 0), { low: 0, high: 1 });
});

test('24 of 24 right proves 88 %, 0 alarms in 99 prove at most 3 %', () => {
  near(shareBounds(24, 24).low, 0.05 ** (1 / 24));
  assert.ok(shareBounds(0, 99).high < 0.03 && shareBounds(0, 98).high >= 0.03);
});

test('one stray error and still below 0.1 % takes 4,742 requests, no error 2,995', () => {
  assert.equal(fewestToProve(0.001, 1), 4_742);
  assert.equal(fewestToProve(0.001, 0), 2_995);
  assert.ok(shareBounds(1, 4_742).high < 0.001 && shareBounds(1, 4_741).high >= 0.001);
});

test('a 95th percentile has an upper bound from 59 values on, a 99th from 299, a median from 5', () => {
  for (const [q, n] of [[0.95, 59], [0.99, 299], [0.5, 5]] as const) {
    assert.equal(rankBounds(q, n - 1).high, null);
    assert.equal(Math.ceil(rankBounds(q, n).high ?? 0), n);
  }
  assert.equal(rankBounds(0.5, 4).low, null);
});

test('Student’s t gives the tabled quantiles', () => {
  for (const [freedom, t] of [[1, 6.313_752], [2, 2.919_986], [9, 1.833_113], [29, 1.699_127], [120, 1.657_651]] as const) near(studentQuantile(0.95, freedom), t);
  near(studentQuantile(0.975, 10), 2.228_139);
  near(studentQuantile(0.95, 1e7), 1.644_854, 1e-5);
});
