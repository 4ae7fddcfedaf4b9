import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Unit } from '../../src/model/condition.ts';
import { convert, formatValue, readUnit } from '../../src/model/units.ts';

const written: readonly [value: number, unit: string, canonical: number, Unit][] = [
  [1, 'ms', 1, 'ms'], [250, 'µs', 0.25, 'ms'], [250, 'us', 0.25, 'ms'], [2, 's', 2000, 'ms'], [2, 'seconds', 2000, 'ms'],
  [1.5, 'min', 90_000, 'ms'], [1, 'h', 3_600_000, 'ms'], [1, 'd', 86_400_000, 'ms'], [30, 'days', 2_592_000_000, 'ms'],
  [0.1, '%', 0.1, '%'],
  [100, '/s', 100, '/s'], [60, '/min', 1, '/s'], [100, 'req/s', 100, '/s'], [120, 'requests/min', 2, '/s'], [7200, 'ops/h', 2, '/s'],
  [86_400, 'operations/day', 1, '/s'], [100, 'mentions/minute', 100 / 60, '/s'], [5, 'rps', 5, '/s'],
  [1, 'B', 1, 'B'], [1, 'KB', 1000, 'B'], [1, 'MB', 1e6, 'B'], [8, 'GB', 8e9, 'B'], [1, 'TB', 1e12, 'B'],
  [1, 'KiB', 1024, 'B'], [1, 'MiB', 1_048_576, 'B'], [1, 'GiB', 1_073_741_824, 'B'],
  [5, '$', 5, 'USD'], [5, 'USD', 5, 'USD'], [50, 'jobs', 50, '1'], [1, 'user', 1, '1'], [3, 'queries', 3, '1'], [1, 'query', 1, '1'],
];

for (const [value, unit, canonical, expected] of written) {
  test(`${value} ${unit} is ${canonical} ${expected}`, () => {
    const read = readUnit(unit);
    assert.ok(read !== null);
    assert.equal(read.unit, expected);
    assert.equal(convert(value, read), canonical);
  });
}

test('an unknown unit is none: case counts, and a size or a share is no rate', () => {
  for (const unit of ['mb', 'Ms', 'MB/s', '%/min', '/ms', 'req/', 'furlongs', '', 'ms/s', 'constructor']) assert.equal(readUnit(unit), null, unit);
});

test('values are written in the largest unit that stays short and exact', () => {
  const table: readonly [number, Unit, string][] = [
    [500, 'ms', '500 ms'], [2000, 'ms', '2 s'], [1500, 'ms', '1.5 s'], [1_800_000, 'ms', '30 min'], [0.25, 'ms', '0.25 ms'],
    [8e9, 'B', '8 GB'], [1_073_741_824, 'B', '1 GiB'], [33.3, '/s', '33.3 /s'], [100 / 60, '/s', '100 /min'], [0.1, '%', '0.1 %'],
    [10_000, '1', '10000'], [5, 'USD', '5 $'], [0, 'ms', '0 ms'], [0, '/s', '0 /s'],
  ];
  for (const [value, unit, text] of table) assert.equal(formatValue(value, unit), text);
});
