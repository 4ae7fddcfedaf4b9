import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastCashFlow } from '../../../src/demo/ventures/forecast.ts';

test('a year of equal months is foreseen exactly', () => {
  assert.deepEqual(forecastCashFlow([100, 100], 0), { low: 1200, middle: 1200, high: 1200 });
});

test('months that differ give a range around twelve times their mean, by the binomial distribution', () => {
  const { low, middle, high } = forecastCashFlow([0, 200], 20);
  // 12 draws of 0 or 200: P(X ≤ 3) = 7 %, P(X ≤ 4) = 19 %; P(X ≤ 7) = 81 %, P(X ≤ 8) = 93 %.
  for (const [found, expected] of [[low, 800], [middle, 1200], [high, 1600]] as const) assert.ok(Math.abs(found - expected) <= 1.2, `${found}`);
});

test('a venture without a past is foreseen to have nothing', () => {
  assert.deepEqual(forecastCashFlow([], 0), { low: 0, middle: 0, high: 0 });
});

test('a forecast takes the CPU time it is given', () => {
  const [least = 0, , middle = 0] = Array.from({ length: 5 }, () => {
    const from = process.cpuUsage();
    forecastCashFlow([1, 2, 3], 40);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  }).toSorted((a, b) => a - b);
  // The process is more than its one thread: what else it does comes on top.
  assert.ok(least >= 39.9 && middle < 60, `${least} ms, ${middle} ms`);
});
