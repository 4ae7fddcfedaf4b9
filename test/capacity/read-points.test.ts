import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPoints } from '../../src/capacity/read-points.ts';
import { readUsers } from '../../src/capacity/read-users.ts';

const refused = (text: string, message: RegExp): void => assert.throws(() => readPoints('t.csv', text), { code: 'wrong-usage', message });

test('the head shows the separator: a decimal comma does not shift the columns', () => {
  refused('throughput;load\n95,3;1\n', /t\.csv:2: "95,3" is no throughput/);
  refused('load;throughput\n1,5;64.9\n', /t\.csv:2: "1,5" is no load/);
  refused('load\tthroughput\n1\t64,9\n', /t\.csv:2: "64,9" is no throughput/);
});

test('a row with more cells than columns is refused: its number was parted', () => {
  refused('load,throughput\n1,1,652.4\n', /t\.csv:2: 3 cells for 2 columns/);
  assert.deepEqual(readPoints('t.csv', 'load,throughput\n1,65,,\n'), [{ load: 1, throughput: 65 }]);
});

test('a comma in quotes belongs to its cell', () => {
  assert.deepEqual(readPoints('t.csv', 'note,load,throughput\n"a, ""b"", 5", "1" ,64.9\n'), [{ load: 1, throughput: 64.9 }]);
  assert.deepEqual(readPoints('t.csv', 'load;"note; more";throughput\n1;x;64.9\n'), [{ load: 1, throughput: 64.9 }]);
});

test('a comma that can only group thousands is one; a comma that may be either is refused, and so is 0x12', () => {
  assert.deepEqual(readPoints('t.csv', 'load,throughput\n"1,652,400","1,652.4"\n2e3,.5\n'), [{ load: 1_652_400, throughput: 1652.4 }, { load: 2000, throughput: 0.5 }]);
  for (const figure of ['"1,652"', '"95,3"', '0x12', 'Infinity', 'NaN', '1 2']) refused(`load,throughput\n1,${figure}\n`, /is no throughput/);
});

test('two columns of one name are refused, and lines may end as on an old Mac', () => {
  refused('load,throughput,load\n1,2,3\n', /two columns are called load/);
  assert.equal(readPoints('t.csv', 'load,throughput\r1,2\r3,4').length, 2);
});

test('users: a number that its comma parted is refused, with or without a head; 1.200 may be 1,200', () => {
  const days = ['2026-01-01', '2026-02-01', '2026-03-01'];
  const table = (row: (day: string) => string, head = 'date,users\n'): string => head + days.map(row).join('\n');
  assert.equal(readUsers('u.csv', table((day) => `${day},"1,200"`))[0]?.users, 1200);
  assert.equal(readUsers('u.csv', table((day) => `${day},120`, ''))[0]?.users, 120);
  for (const text of [table((day) => `${day},1,200`), table((day) => `${day},1,200`, '')]) assert.throws(() => readUsers('u.csv', text), { message: /3 cells for 2 columns/ });
  assert.throws(() => readUsers('u.csv', table((day) => `${day};1.200`, 'date;users\n')), { message: /such as 1200, got "1\.200"/ });
});
