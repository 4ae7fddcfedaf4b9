import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPoints } from '../../src/capacity/read-points.ts';
import { drawPoints } from '../../src/cli/draw-points.ts';

test('a table is read by its header, whatever stands beside and in whichever order', () => {
  assert.deepEqual(readPoints('t.csv', '\uFEFFrun;"Throughput";load\na;64.9;1\r\n\nb;995.9;18\n'), [{ load: 1, throughput: 64.9 }, { load: 18, throughput: 995.9 }]);
});

test('what is no table is refused with file and line', () => {
  for (const [text, message] of [['', /t\.csv:1: the file is empty/], ['a,b\n1,2\n', /t\.csv:1: no column is called load; there are a, b/], ['load,throughput\n1,2\n3\n', /t\.csv:3: "" is no throughput/], ['load,throughput\n-1,2\n', /t\.csv:2: "-1" is no load/]] as const) {
    assert.throws(() => readPoints('t.csv', text), { code: 'wrong-usage', message });
  }
});

test('points lie where they belong: the highest at the top, the last at the right', () => {
  const lines = drawPoints([[1, 1], [10, 10]], (x) => x, 10, 80);
  const first = lines.findIndex((line) => line.includes('●'));
  assert.equal(first, 0);
  assert.equal(lines[0]?.at(-1), '●');
  assert.ok(lines.every((line) => line.length <= 70));
  assert.ok(drawPoints([[1, 1], [10, 10]], (x) => x, 10, 50).every((line) => line.length <= 50));
});
