import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastCashFlow, forecastPathsFor } from '../../../src/demo/ventures/forecast.ts';

test('a year of equal months is foreseen exactly', () => {
  assert.deepEqual(forecastCashFlow([100, 100], 500), { low: 1200, middle: 1200, high: 1200 });
});

test('months that differ give a range around twelve times their mean, the same each time', () => {
  const forecast = forecastCashFlow([0, 200], 5000);
  assert.ok(forecast.low < forecast.middle && forecast.middle < forecast.high);
  assert.ok(Math.abs(forecast.middle - 1200) <= 200);
  assert.deepEqual(forecastCashFlow([0, 200], 5000), forecast);
});

test('a venture without a past is foreseen to have nothing', () => {
  assert.deepEqual(forecastCashFlow([], 10), { low: 0, middle: 0, high: 0 });
});

test('the number of paths for a time makes a forecast take about that time on this machine', () => {
  const paths = forecastPathsFor(40);
  const tookMs = Math.min(...Array.from({ length: 5 }, () => {
    const from = performance.now();
    forecastCashFlow([1, 2, 3], paths);
    return performance.now() - from;
  }));
  assert.ok(tookMs > 15 && tookMs < 200, `${tookMs} ms`);
});
