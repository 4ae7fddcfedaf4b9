import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitScalability, throughputAt } from '../../src/stats/usl.ts';
import { randomNumbers } from './random.ts';

/** SPEC SDM91 on a 16-way machine: the data set `specsdm91` of the R package usl, with the coefficients its manual prints. */
const LOADS = [1, 18, 36, 72, 108, 144, 216];
const THROUGHPUTS = [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2];
const specsdm91 = LOADS.map((load, at) => ({ load, throughput: THROUGHPUTS[at] ?? 0 }));

test('the published coefficients of specsdm91, to four digits', () => {
  const fit = fitScalability(specsdm91);
  assert.ok(fit !== null);
  assert.deepEqual([fit.alpha, fit.beta, fit.gamma].map((value) => Number(value.toPrecision(4))), [0.02773, 0.0001044, 90.0]);
  assert.ok(Math.abs(fit.gamma - 89.9952) < 0.001, String(fit.gamma));
  assert.equal(fit.peak?.load.toFixed(2), '96.52');
  assert.equal(Math.round(fit.peak?.throughput ?? 0), 1884);
  assert.ok(fit.physical && fit.reason === null && fit.r2 > 0.98);
});

test('standard errors cover the truth as often as they say', () => {
  const random = randomNumbers(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const truth = [0.03, 0.0002, 50] as const;
  let within = 0;
  for (let trial = 0; trial < 400; trial += 1) {
    const fit = fitScalability([1, 5, 10, 20, 40, 60, 80, 100, 130, 160].map((load) => ({ load, throughput: throughputAt(load, truth) + 12 * normal() })));
    if (fit === null) continue;
    // Student's t of 7 degrees of freedom, 95 % on both sides.
    if (Math.abs(fit.alpha - truth[0]) <= 2.365 * fit.standardErrors.alpha) within += 1;
  }
  assert.ok(within >= 0.91 * 400 && within <= 0.985 * 400, String(within));
});

test('a range that does not bend gives no peak, and says so', () => {
  const linear = fitScalability([1, 2, 4, 8, 16].map((load) => ({ load, throughput: load * 10 })));
  assert.equal(linear?.peak, null);
  assert.match(linear?.reason ?? '', /does not bend/);
  const noisy = fitScalability([10, 20, 30, 40, 50].map((load, at) => ({ load, throughput: load * 10 * (at % 2 === 0 ? 1.02 : 0.98) })));
  assert.equal(noisy?.peak, null);
});

test('better than linear is not physical', () => {
  const fit = fitScalability([1, 2, 4, 8, 16].map((load) => ({ load, throughput: load ** 1.3 })));
  assert.ok(fit !== null && !fit.physical && fit.peak === null);
  assert.match(fit.reason ?? '', /negative/);
});

test('three loads are too few for three coefficients', () => {
  assert.equal(fitScalability([1, 10, 100, 100, 10].map((load) => ({ load, throughput: load }))), null);
  assert.equal(fitScalability([]), null);
});
