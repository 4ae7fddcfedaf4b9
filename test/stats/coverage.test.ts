import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanBounds, rateBounds, ratioBounds } from '../../src/stats/mean-bounds.ts';
import { correlatedShareBounds, quantileBounds } from '../../src/stats/quantile-bounds.ts';
import { normalNumbers, randomNumbers } from './random.ts';
import { boundsOf, simulate, truthOf } from './simulate.ts';

const RUNS = 2000;
/** 2,000 runs know a coverage to ± 0.5 %. Below it the bounds lie; above it they only cost seconds, and should not cost many. */
const [LEAST, MOST] = [0.93, 0.975];

/** A level that each second inherits in part from the last one; variance 1. */
function levels(seconds: number, inherited: number, normal: () => number): number[] {
  let level = normal();
  return Array.from({ length: seconds }, () => {
    const now = level;
    level = inherited * level + Math.sqrt(1 - inherited ** 2) * normal();
    return now;
  });
}

function assertCovered(what: string, missed: readonly boolean[]): void {
  const coverage = missed.filter((miss) => !miss).length / missed.length;
  assert.ok(coverage >= LEAST && coverage <= MOST, `${what}: ${(100 * coverage).toFixed(1)} % of ${missed.length} bounds held`);
}

for (const inherited of [0, 0.4, 0.8]) {
  test(`both bounds of a mean hold in about 95 % of runs where a second inherits ${inherited} of the last`, () => {
    const normal = normalNumbers(randomNumbers(11));
    const runs = Array.from({ length: RUNS }, () => meanBounds(levels(142, inherited, normal).map((level) => 30 + 5 * level)));
    assertCovered('lower bound', runs.map(({ low }) => (low ?? -Infinity) > 30));
    assertCovered('upper bound', runs.map(({ high }) => (high ?? Infinity) < 30));
  });
}

for (const inherited of [0, 0.4, 0.8]) {
  test(`both bounds of a throughput hold in 93–97 % of runs where a second inherits ${inherited} of the last`, () => {
    const normal = normalNumbers(randomNumbers(12));
    // Requests on schedule scatter less than by chance; the part of it that was measured.
    const runs = Array.from({ length: RUNS }, () => rateBounds(levels(144, inherited, normal).map((level) => Math.round(33.3 + Math.sqrt(0.37 * 33.3) * level))));
    assertCovered('lower bound', runs.map(({ low }) => (low ?? -Infinity) > 33.3));
    assertCovered('upper bound', runs.map(({ high }) => (high ?? Infinity) < 33.3));
  });

  test(`both bounds of a p95 hold in 93–97 % of runs where a second inherits ${inherited} of the last`, () => {
    const process = { name: 'seconds', inherited };
    const simulator = simulate(process, 61);
    const truth = truthOf(0.95, process, 144);
    const runs = Array.from({ length: 600 }, () => boundsOf(0.95, simulator.latencies(144, 33.3)));
    assertCovered('lower bound', runs.map(({ low }) => (low ?? -Infinity) > truth));
    assertCovered('upper bound', runs.map(({ high }) => (high ?? Infinity) < truth));
  });
}

test('ignoring that seconds resemble each other would fail this very test', () => {
  const normal = normalNumbers(randomNumbers(13));
  const missed = Array.from({ length: RUNS }, () => {
    const values = levels(142, 0.8, normal);
    const mean = values.reduce((sum, value) => sum + value, 0) / 142;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 141);
    return mean + (1.656 * deviation) / Math.sqrt(142) < 0;
  });
  assert.throws(() => assertCovered('naive', missed), /% of 2000 bounds held/);
});

test('bounds of a ratio and of a share hold where busy seconds weigh more', () => {
  const random = randomNumbers(14);
  const normal = normalNumbers(random);
  const [ratios, shares]: [boolean[], boolean[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    const whole = levels(60, 0.4, normal).map((level) => Math.max(1, Math.round(20 + 8 * level)));
    const part = whole.map((count) => Array.from({ length: count }, () => (random() < 0.8 ? 1 : 0)).reduce<number>((sum, hit) => sum + hit, 0));
    ratios.push((ratioBounds(part, whole).high ?? 1) < 0.8);
    shares.push((correlatedShareBounds(part, whole)?.low ?? 0) > 0.8);
  }
  assertCovered('ratio', ratios);
  assertCovered('share', shares);
});

function width(values: readonly number[]): number {
  const { low, high } = meanBounds(values);
  return (high ?? 0) - (low ?? 0);
}

test('a trend widens the bounds: half a run says nothing about the other', () => {
  const normal = normalNumbers(randomNumbers(15));
  const noise = Array.from({ length: 120 }, () => normal());
  assert.ok(width(noise.map((value, at) => value + at / 20)) > 4 * width(noise));
});

test('fewer than ten readings have no bounds, constant ones have none to spare, holes are left out', () => {
  assert.deepEqual(meanBounds([1, 2, 3, 4, 5, 6, 7, 8, 9]), { mean: 5, low: null, high: null, readings: 9 });
  assert.deepEqual(meanBounds(Array.from({ length: 20 }, () => 7)), { mean: 7, low: 7, high: 7, readings: 20 });
  assert.equal(meanBounds([Number.NaN, ...Array.from({ length: 12 }, () => 3), Number.NaN]).readings, 12);
  assert.ok(Number.isNaN(meanBounds([]).mean));
});

test('one bad second does not hide that a limit far above everything is kept', () => {
  const seconds = Array.from({ length: 11 }, (_, second) => Array.from({ length: 400 }, () => (second === 4 ? 30 : 2)));
  const bounds = quantileBounds(0.95, [2, 30], seconds.map(({ length }) => length), (limit) => seconds.map((values) => values.filter((value) => value > limit).length));
  assert.equal(bounds.high, 30);
});

test('under ten seconds nothing bounds a quantile', () => {
  assert.deepEqual(quantileBounds(0.95, [2], [400, 400], () => [0, 0]), { low: null, high: null });
});

test('a low rate on schedule is bounded by spans that hold ten events, and still covers a rate of chance', () => {
  const scheduled = Array.from({ length: 90 }, (_, second) => 2 * (Math.floor((second + 1) * 1.25) - Math.floor(second * 1.25)));
  const { mean, low } = rateBounds(scheduled);
  assert.ok(low !== null && low > 0.95 * 2.5, `${low} of ${mean}`);
  const random = randomNumbers(11);
  const poisson = (rate: number): number => {
    let [count, left] = [0, Math.exp(-rate)];
    for (let product = random(); product > left; product *= random()) count += 1;
    return count;
  };
  let covered = 0;
  for (let trial = 0; trial < 1000; trial += 1) {
    const bounds = rateBounds(Array.from({ length: 240 }, () => poisson(1.5)));
    if (bounds.low !== null && bounds.low <= 1.5) covered += 1;
  }
  assert.ok(covered >= 930, `${covered} of 1000`);
});
