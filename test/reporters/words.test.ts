import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prose } from '../../src/reporters/html/escape.ts';
import { sayBounds, sayWeeks } from '../../src/reporters/words.ts';
import { sampleReport } from './sample-report.ts';

test('of a rare error the upper bound is said, of a throughput both: how little it may be decides', () => {
  const { verdicts } = sampleReport('passed');
  const errors = verdicts.find(({ condition }) => condition.text.startsWith('http.error_rate'));
  const throughput = verdicts.find(({ condition }) => condition.text.startsWith('http.throughput'));
  assert.ok(errors && throughput);
  assert.equal(sayBounds({ ...errors, observed: 0.02, low: 0.001, high: 0.05 }), '(≤ 0.05)');
  assert.equal(sayBounds({ ...throughput, observed: 2220, low: 0, high: 7594 }), '(0–7,594)');
});

test('a figure in a sentence of the page is not parted from its unit or its sign', () => {
  assert.equal(prose('14.9 %, asked for < 0.1 % & 5 ms'), '14.9\u00a0%, asked for &lt;\u00a00.1\u00a0% &amp; 5\u00a0ms');
});

test('a week is one', () => {
  assert.deepEqual([{ min: 1, max: 1 }, { min: 1, max: 2 }, { min: 2, max: 2 }, { min: 1, max: null }].map(sayWeeks), ['1 week', '1–2 weeks', '2 weeks', '1+ weeks']);
});
