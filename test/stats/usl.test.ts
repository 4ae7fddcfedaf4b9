import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitScalability as fitWithOthers, type ScalabilityFit } from '../../src/stats/usl.ts';
import { fitLaw, throughputAt, type LoadPoint } from '../../src/stats/usl-law.ts';
import { randomNumbers } from './random.ts';

const fitScalability = (points: readonly LoadPoint[]): ScalabilityFit | null => fitWithOthers(points)?.fit ?? null;

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
    const fit = fitLaw([1, 5, 10, 20, 40, 60, 80, 100, 130, 160].map((load) => ({ load, throughput: throughputAt(load, truth) + 12 * normal() })));
    if (fit === null) continue;
    // Student's t of 7 degrees of freedom, 95 % on both sides.
    if (Math.abs(fit.law[0] - truth[0]) <= 2.365 * fit.standardErrors[0]) within += 1;
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

test('a coefficient that is negative within its error is held at 0: contention alone nears γ ÷ α, without a peak', () => {
  const fit = fitScalability([[2, 33], [4, 46], [8, 52], [16, 60], [32, 59], [64, 64]].map(([load = 0, throughput = 0]) => ({ load, throughput })));
  assert.ok(fit !== null && fit.physical && fit.peak === null && fit.most?.by === 'asymptote', JSON.stringify(fit));
  assert.ok(Math.abs(fit.most.mid - fit.gamma / fit.alpha) < 1e-9 && fit.most.low < fit.most.mid && (fit.most.high ?? 0) > fit.most.mid);
});

test('a straight line up to a level is no law that bends: no peak, and the level itself', () => {
  const random = randomNumbers(3);
  for (const loads of [[10, 20, 30, 40, 50, 60, 70], [1, 2, 4, 8, 16, 32, 64, 128]]) {
    const fit = fitScalability(loads.map((load) => ({ load, throughput: Math.min(10 * load, 330) * (1 + 0.02 * (random() - 0.5)) })));
    assert.ok(fit !== null && fit.physical && fit.peak === null && fit.most?.by === 'plateau', JSON.stringify(fit));
    assert.ok(Math.abs(fit.most.mid - 330) < 5 && Math.abs((fit.plateau?.from ?? 0) - 33) < 2);
    assert.match(fit.reason ?? '', /straight line up to a level of 3[23]\d/);
  }
});

test('the bounds of the peak hold the true one in about nine of ten', () => {
  const random = randomNumbers(11);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const truth = [0.03, 0.0005, 100] as const;
  const [trials, peak] = [60, Math.sqrt(0.97 / 0.0005)];
  let within = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const bounds = fitScalability([1, 2, 4, 8, 16, 32, 64, 96, 128].map((load) => ({ load, throughput: throughputAt(load, truth) * (1 + 0.03 * normal()) })))?.peakBounds;
    if (bounds !== null && bounds !== undefined && bounds.load.low <= peak && (bounds.load.high ?? Infinity) >= peak) within += 1;
  }
  assert.ok(within >= 0.78 * trials, `${within} of ${trials}`);
});

test('throughput that falls from the lowest load on has no peak at 0', () => {
  for (const points of [[[1, 1000], [2, 500], [4, 250], [8, 125], [16, 62.5]], [[1, 100], [2, 60], [4, 35], [8, 18], [16, 8]]]) {
    const fit = fitScalability(points.map(([load = 0, throughput = 0]) => ({ load, throughput })));
    assert.ok(fit !== null && fit.peak === null && fit.most === null, JSON.stringify(fit));
    assert.match(fit.reason ?? '', /falls from the lowest load that was measured \(1\) on/);
  }
});

test('loads at which nothing was done are counted, and above the others they are a collapse', () => {
  const fit = fitScalability([[0, 0], [1, 10], [2, 19], [4, 35], [8, 60], [16, 0], [32, 0]].map(([load = 0, throughput = 0]) => ({ load, throughput })));
  assert.deepEqual([fit?.points, fit?.collapsedAt, fit?.peak], [{ used: 4, leftOut: 3 }, 16, null]);
  assert.match(fit?.reason ?? '', /nothing was done any more at a load of 16: between 8 and that throughput collapses/);
});

test('a hundred thousand points are no more than a few to fit', () => {
  const fit = fitScalability(Array.from({ length: 130_000 }, (_, at) => ({ load: 1 + (at % 200), throughput: throughputAt(1 + (at % 200), [0.03, 0.0005, 100]) * (1 + 0.01 * Math.sin(at)) })));
  assert.ok(Math.abs((fit?.peak?.load ?? 0) - Math.sqrt(0.97 / 0.0005)) < 1, JSON.stringify(fit));
});
