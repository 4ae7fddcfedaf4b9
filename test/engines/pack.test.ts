import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packInterval } from '../../src/engines/pack.ts';
import type { EncodedHistogram, Interval } from '../../src/model/interval.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder, mergeHistograms } from '../../src/stats/histogram.ts';

function histogramOf(latenciesUs: readonly number[]): EncodedHistogram {
  const recorder = new LatencyRecorder();
  for (const us of latenciesUs) recorder.record(us);
  return recorder.take();
}

function intervalOf(latency: EncodedHistogram, ttfb: EncodedHistogram): Interval {
  const row = { journey: 'one', step: 'GET /', requests: latency.count, errors: {}, statuses: { 200: latency.count }, bytes: 1, latency, errorLatency: EMPTY_HISTOGRAM, ttfb };
  return { second: 3, startedAtMs: 1000.5, sent: 7, arrivals: 0, skipped: 0, rows: [row], generator: { loopUtilization: 0.5, loopLagMs: 0.25 } };
}

const wide = histogramOf(Array.from({ length: 300 }, (_, at) => at ** 3.8));
const repeated = histogramOf(Array.from({ length: 100_000 }, (_, at) => 900 + (at % 40)));
const few = histogramOf([0, 5, 3_600_000_000]);

test('a packed interval reads as the one it was made of', () => {
  for (const [latency, ttfb] of [[wide, repeated], [few, wide], [EMPTY_HISTOGRAM, few]] as const) {
    const interval = intervalOf(latency, ttfb);
    assert.deepEqual(packInterval(interval), interval);
  }
});

test('a packed interval is written to the run’s folder as the one it was made of', () => {
  const interval = intervalOf(wide, repeated);
  assert.equal(JSON.stringify(packInterval(interval)), JSON.stringify(interval));
});

test('histograms read in turn do not get into each other’s way', () => {
  const [row] = packInterval(intervalOf(wide, repeated)).rows;
  assert.ok(row);
  assert.deepEqual(mergeHistograms([row.latency, row.ttfb, row.latency]), mergeHistograms([wide, repeated, wide]));
});
