import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parsePrometheusText } from '../../src/probes/prometheus-text.ts';
import { bucketQuantile, histogramDelta, sumHistogram } from '../../src/probes/server-histogram.ts';
import type { ServerHistogram } from '../../src/probes/server-histogram.ts';

function read(text: string, name: string, accepts: (labels: Readonly<Record<string, string>>) => boolean = () => true): ServerHistogram {
  const family = parsePrometheusText(text).families.get(name);
  assert.ok(family);
  const histogram = sumHistogram(family, accepts);
  assert.ok(histogram);
  return histogram;
}

function recorded(name: string): ServerHistogram {
  const text = readFileSync(new URL(`data/qdrant-${name}.txt`, import.meta.url), 'utf8');
  return read(text, 'rest_responses_duration_seconds', ({ endpoint = '' }) => /points\/(search|query)$/.test(endpoint));
}

describe('a server’s histogram over an interval', () => {
  it('gives quantiles of the interval alone, whatever came before', () => {
    const delta = histogramDelta(recorded('4-before-slow'), recorded('6-after-slow'));
    assert.ok(delta);
    assert.equal(delta.count, 2871 + 50, 'the client’s 2,871 and the 50 it had in flight at its end');
    const p95 = bucketQuantile(delta, 0.95);
    assert.ok(p95 !== null && p95.low === 0.1 && p95.high === 0.5);
    const since = bucketQuantile(recorded('6-after-slow'), 0.5);
    assert.ok(since !== null && since.high <= 0.005, 'the life-time median still looks healthy');
    const median = bucketQuantile(delta, 0.5);
    assert.ok(median !== null && median.value > 0.1);
  });

  it('agrees with what the client saw: the server’s quantile is at most the client’s, within a bucket', () => {
    const healthy = histogramDelta(recorded('1-before-healthy'), recorded('3-after-healthy'));
    assert.ok(healthy);
    assert.equal(healthy.count, 7616 + 4, 'the client’s 7,616 and the 4 it had in flight at its end');
    const p95 = bucketQuantile(healthy, 0.95);
    assert.ok(p95 !== null && p95.low <= 0.0081 && p95.value > 0.004 && p95.value < 0.0101, JSON.stringify(p95));
  });

  it('counts an endpoint that appeared in between from zero', () => {
    const delta = histogramDelta(recorded('6-after-slow'), recorded('7-after-query'));
    assert.ok(delta);
    assert.ok(delta.count >= 4505 && delta.count <= 4600);
  });

  it('gives nothing when the server was restarted in between', () => {
    assert.equal(histogramDelta(recorded('6-after-slow'), recorded('1-before-healthy')), null);
  });

  it('adds up only bounds that all series share', () => {
    const text = '# TYPE h histogram\n'
      + 'h_bucket{e="a",le="1"} 1\nh_bucket{e="a",le="2"} 4\nh_bucket{e="a",le="+Inf"} 4\nh_sum{e="a"} 5\nh_count{e="a"} 4\n'
      + 'h_bucket{e="b",le="2"} 6\nh_bucket{e="b",le="+Inf"} 6\nh_sum{e="b"} 7\nh_count{e="b"} 6\n';
    assert.deepEqual(read(text, 'h'), { bounds: [2, Infinity], cumulative: [10, 10], sum: 12, count: 10 });
  });

  it('stays at the last bound when the quantile lies beyond it, and says that it is open above', () => {
    const text = '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 10\nh_sum 99\nh_count 10\n';
    assert.deepEqual(bucketQuantile(read(text, 'h'), 0.95), { value: 1, low: 1, high: Infinity });
  });

  it('has no quantile without events', () => {
    const same = recorded('6-after-slow');
    const delta = histogramDelta(same, same);
    assert.ok(delta);
    assert.equal(bucketQuantile(delta, 0.95), null);
  });

  it('keeps the true quantile within its bucket, for any values', () => {
    for (let round = 1; round <= 50; round += 1) {
      const values = Array.from({ length: 40 + round }, (_, index) => ((index * 7919 * round) % 1000) / 100);
      const bounds = [0.5, 1, 2, 4, 8, 10, Infinity];
      const histogram = { bounds, cumulative: bounds.map((bound) => values.filter((value) => value <= bound).length), sum: 0, count: values.length };
      for (const q of [0.5, 0.9, 0.99]) {
        const truth = values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0;
        const found = bucketQuantile(histogram, q);
        assert.ok(found !== null && found.low <= truth && truth <= found.high && found.low <= found.value && found.value <= found.high);
      }
    }
  });
});
