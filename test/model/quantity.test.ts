import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readAddress } from '../../src/model/address.ts';
import { readQuantity } from '../../src/model/quantity.ts';
import type { Quantity } from '../../src/model/quantity.ts';

const good: readonly [string, Quantity['min'], Quantity['max'], Quantity['unit']][] = [
  ['500', 500, 500, '1'], ['500-2,000 users', 500, 2000, '1'], ['500–2000', 500, 2000, '1'], ['10,000+', 10_000, null, '1'],
  ['10K+ users', 10_000, null, '1'], ['15K-20K', 15_000, 20_000, '1'], ['1M', 1_000_000, 1_000_000, '1'], ['> 1,000,000 users', 1_000_000, null, '1'],
  ['$200-500/month', 200, 500, 'USD'], ['$1,500 per month', 1500, 1500, 'USD'], ['$50+', 50, null, 'USD'], ['$0.05', 0.05, 0.05, 'USD'],
  ['1-2 weeks', 1, 2, 'week'], ['3-6 months', 13, 26, 'week'], ['24 h', 86_400_000, 86_400_000, 'ms'], ['100-300 ms', 100, 300, 'ms'],
  ['60-120 requests/min', 1, 2, '/s'], ['20-30/min', 20 / 60, 0.5, '/s'], ['200-400 MB', 2e8, 4e8, 'B'], ['70 %', 70, 70, '%'], ['10 x', 10, 10, '1'],
];

for (const [text, min, max, unit] of good) {
  test(`reads the figure ${text}`, () => {
    assert.deepEqual(readQuantity(text), { min, max, unit });
  });
}

test('what is no figure, a range that runs backwards, or an open range is none', () => {
  for (const text of ['', 'many', '5-3', '10 foo', '1-2-3', '500-1000+', '1,00', '-5', '$5 ms', '5 weeks ago', '1.2.3']) assert.equal(readQuantity(text), null, text);
});

test('the lines behind a text are its address', () => {
  assert.deepEqual(readAddress('1-2 weeks @49'), { text: '1-2 weeks', lines: [49] });
  assert.deepEqual(readAddress('$200-500/month @238,240-242'), { text: '$200-500/month', lines: [238, 240, 241, 242] });
  assert.deepEqual(readAddress('http.p95{step=a@5} < 2 s'), { text: 'http.p95{step=a@5} < 2 s', lines: [] });
  assert.deepEqual(readAddress('@12'), { text: '', lines: [12] });
});

test('a span that cannot be a passage of a document is one line, not a list without end', () => {
  assert.deepEqual(readAddress('x @1-999999999').lines, [1]);
});
