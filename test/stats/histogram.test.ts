import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build, decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import {
  EMPTY_HISTOGRAM, HIGHEST_US, HISTOGRAM_SIZE, LatencyRecorder, bucketIndex, bucketMidUs, countAbove, encodeHistogram, exportV2,
  highestUs, indexAtRank, latencyQuantile, lowestUs, mergeHistograms, rankOf,
} from '../../src/stats/histogram.ts';
import { randomNumbers } from './random.ts';

interface HdrInside extends Histogram {
  countsArrayIndex(value: number): number;
  valueFromIndex(index: number): number;
  highestEquivalentValue(value: number): number;
  medianEquivalentValue(value: number): number;
  readonly countsArrayLength: number;
}

// The library hides its layout from its types; the test compares just that.
const hdr = (): HdrInside => build({
  bitBucketSize: 32, lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3,
}) as HdrInside;

test('the index of a value is that of hdr-histogram-js, at every power of two and at random', () => {
  const library = hdr();
  assert.equal(library.countsArrayLength, HISTOGRAM_SIZE);
  const random = randomNumbers(1);
  const values = [0, 1, 2, 999, 1000, HIGHEST_US];
  for (let power = 1; power < 32; power += 1) values.push(2 ** power - 1, 2 ** power, 2 ** power + 1);
  for (let n = 0; n < 20_000; n += 1) values.push(Math.floor(2 ** (random() * 31.7)));
  for (const value of values.filter((v) => v <= HIGHEST_US)) {
    const index = bucketIndex(value);
    assert.equal(index, library.countsArrayIndex(value), `index of ${value}`);
    assert.equal(highestUs(index), library.highestEquivalentValue(value), `highest of ${value}`);
    assert.ok(lowestUs(index) <= value && value <= highestUs(index));
  }
});

test('every counter holds the values it says and the next one goes on without a gap', () => {
  for (let index = 0; index + 1 < HISTOGRAM_SIZE; index += 1) {
    assert.equal(highestUs(index) + 1, lowestUs(index + 1));
    if (lowestUs(index) <= HIGHEST_US) assert.equal(bucketIndex(lowestUs(index)), index);
  }
});

test('percentiles fall into the counter that hdr-histogram-js names', () => {
  const [library, recorder, random] = [hdr(), new LatencyRecorder(), randomNumbers(2)];
  for (let n = 0; n < 30_000; n += 1) {
    const us = Math.floor(200 * Math.exp(3 * random() * random() * 3));
    library.recordValue(us);
    recorder.record(us);
  }
  const merged = mergeHistograms([recorder.take()]);
  for (const q of [0.01, 0.07, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999]) {
    assert.equal(highestUs(indexAtRank(merged, rankOf(q, merged.count))), library.getValueAtPercentile(q * 100));
  }
});

test('the V2 export is byte for byte that of hdr-histogram-js and reads back', async () => {
  const [library, recorder, random] = [hdr(), new LatencyRecorder(), randomNumbers(3)];
  for (let n = 0; n < 5_000; n += 1) {
    const us = Math.floor(2 ** (random() * 30));
    library.recordValue(us);
    recorder.record(us);
  }
  const text = await exportV2(mergeHistograms([recorder.take()]));
  const back = decodeFromCompressedBase64(text, 64);
  assert.equal(back.totalCount, 5_000);
  for (const p of [50, 95, 99]) assert.equal(back.getValueAtPercentile(p), library.getValueAtPercentile(p));
  const { encodeIntoCompressedBase64 } = await import('hdr-histogram-js');
  assert.equal(text, encodeIntoCompressedBase64(library));
});

test('count, extremes and sum are exact, and take empties the recorder', () => {
  const recorder = new LatencyRecorder();
  for (const us of [1234.4, 5_000_001, 77]) recorder.record(us);
  assert.equal(recorder.count, 3);
  const taken = recorder.take();
  assert.deepEqual([taken.count, taken.minUs, taken.maxUs, taken.sumUs], [3, 77, 5_000_001, 77 + 1234 + 5_000_001]);
  assert.equal(recorder.count, 0);
  assert.equal(recorder.take(), EMPTY_HISTOGRAM);
  recorder.record(10);
  assert.deepEqual(recorder.take().counts, [10, 1]);
});

test('merged seconds equal one long second', () => {
  const [parts, whole, random] = [new LatencyRecorder(), new LatencyRecorder(), randomNumbers(4)];
  const seconds = [];
  for (let n = 1; n <= 3_000; n += 1) {
    const us = random() * 1e6;
    parts.record(us);
    whole.record(us);
    if (n % 100 === 0) seconds.push(parts.take(), EMPTY_HISTOGRAM);
  }
  assert.deepEqual(encodeHistogram(mergeHistograms(seconds)), whole.take());
});

test('a quantile lies within 0.05 % of the true one and never outside the extremes', () => {
  const [recorder, random] = [new LatencyRecorder(), randomNumbers(5)];
  const values = Array.from({ length: 9_999 }, () => 20_000 + Math.floor(random() * 900_000)).sort((a, b) => a - b);
  for (const us of values) recorder.record(us);
  const merged = mergeHistograms([recorder.take()]);
  for (const q of [0.001, 0.5, 0.9, 0.95, 0.99, 1]) {
    const truth = (values[rankOf(q, values.length) - 1] ?? 0) / 1000;
    const found = latencyQuantile(merged, 0, 1e4, q);
    assert.ok(found && Math.abs(found.valueMs / truth - 1) <= 0.0005, `q ${q}: ${found?.valueMs} against ${truth}`);
  }
  const one = new LatencyRecorder();
  one.record(123_457);
  assert.deepEqual(latencyQuantile(mergeHistograms([one.take()]), 0, 1e4, 0.95), { valueMs: 123.457, censored: false });
  assert.equal(bucketMidUs(bucketIndex(5_001)), 5_001.5); // 5,000…5,003
});

test('time-outs rank behind every success and make the quantile censored, not better', () => {
  const recorder = new LatencyRecorder();
  for (let n = 0; n < 90; n += 1) recorder.record(1_000);
  const merged = mergeHistograms([recorder.take()]);
  assert.deepEqual(latencyQuantile(merged, 10, 5_000, 0.9), { valueMs: 1, censored: false });
  assert.deepEqual(latencyQuantile(merged, 10, 5_000, 0.95), { valueMs: 5_000, censored: true });
  assert.deepEqual(latencyQuantile(mergeHistograms([]), 3, 5_000, 0.5), { valueMs: 5_000, censored: true });
  assert.equal(latencyQuantile(mergeHistograms([]), 0, 5_000, 0.5), null);
});

test('what is longer than an hour is counted at the hour with its exact maximum; what cannot be is refused', () => {
  const recorder = new LatencyRecorder();
  recorder.record(9e9);
  assert.equal(recorder.take().maxUs, 9e9);
  assert.throws(() => recorder.record(-1), RangeError);
  assert.throws(() => recorder.record(Number.NaN), RangeError);
  assert.equal(recorder.count, 0);
});

test('countAbove counts strictly above a counter', () => {
  const recorder = new LatencyRecorder();
  for (const us of [10, 20, 20, 30]) recorder.record(us);
  const taken = recorder.take();
  assert.deepEqual([countAbove(taken, 9), countAbove(taken, 10), countAbove(taken, 20), countAbove(taken, 30)], [4, 3, 1, 0]);
});

test('one record costs far less than the library’s', () => {
  const [recorder, count] = [new LatencyRecorder(), 2_000_000];
  const values = Float64Array.from({ length: 4096 }, (_, n) => 500 + n * 37.3);
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const start = process.hrtime.bigint();
    for (let n = 0; n < count; n += 1) recorder.record(values[n & 4095] ?? 0);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / count);
  }
  assert.ok(best < 60, `${best.toFixed(1)} ns a record`);
});

test('a merge leaves nothing behind for the next, even where a tool’s extremes do not fit its counters', () => {
  const foreign = { counts: [500, 3, 9_000, 1], count: 4, minUs: 700.4, maxUs: 800.9, sumUs: 3_000 };
  assert.deepEqual([...mergeHistograms([foreign]).indices], [500, 9_000]);
  assert.deepEqual(encodeHistogram(mergeHistograms([{ ...EMPTY_HISTOGRAM, counts: [10, 1], count: 1, minUs: 10, maxUs: 10, sumUs: 10 }])).counts, [10, 1]);
});
