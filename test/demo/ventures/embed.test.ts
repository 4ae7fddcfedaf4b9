import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIMENSIONS, embed } from '../../../src/demo/ventures/embed.ts';

function similarity(a: string, b: string): number {
  const [x, y] = [embed(a), embed(b)];
  return x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0) / (Math.hypot(...x) * Math.hypot(...y));
}

test('texts with words in common lie closer together than texts without', () => {
  const near = similarity('A spring campaign for coffee and books', 'Coffee campaign in spring');
  const far = similarity('A spring campaign for coffee and books', 'Invoices of last year');
  assert.ok(near > far + 0.2, `${near} against ${far}`);
});

test('the same text gives the same vector, of the length a collection is made for', () => {
  assert.deepEqual(embed('Bäckerei & Café'), embed('bäckerei café'));
  assert.equal(embed('').length, DIMENSIONS);
  assert.ok(embed('').every((value) => value === 0));
});
