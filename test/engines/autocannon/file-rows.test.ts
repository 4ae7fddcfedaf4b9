import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileRows } from '../../../src/engines/autocannon/file-rows.ts';
import { openPayload, partOf, readPayload } from '../../../src/engines/autocannon/payloads.ts';
import { parseCsv } from '../../../src/scenario/variables.ts';
import { randomNumbers } from '../../stats/random.ts';

async function inFile(text: string, use: (file: string) => void | Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rows-'));
  try {
    const file = join(folder, 'rows.csv');
    await writeFile(file, text);
    await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const allOf = (rows: FileRows): unknown[] => Array.from({ length: rows.length }, (_, at) => rows.at(at));
const whole = { index: 0, of: 1 };

test('rows read from the disk are those that reading the whole file gives, whatever its quotes, line ends and empty lines', async () => {
  const random = randomNumbers(7);
  const cells = ['1', 'two', '"with ; and , in it"', '"a ""quoted"" word"', '"two\nlines"', 'é\u{1f600}', '', '5" pipe', '"0"'];
  for (let round = 0; round < 60; round += 1) {
    const lines = Array.from({ length: Math.floor(60 * random()) }, () => Array.from({ length: 1 + Math.floor(3 * random()) }, () => cells[Math.floor(cells.length * random())]).join(';'));
    const text = `${random() < 0.3 ? '\uFEFF' : ''}${lines.join(random() < 0.5 ? '\r\n' : '\n')}${random() < 0.5 ? '\n' : ''}`;
    for (const skipHeader of [false, true]) {
      const expected = parseCsv(text, { delimiter: ';', skipHeader });
      await inFile(text, (file) => {
        const rows = new FileRows({ file, delimiter: ';', skipHeader }, whole);
        assert.deepEqual(allOf(rows), expected, JSON.stringify(text));
        rows.close();
      });
    }
  }
});

test('of several workers no two read the same row before all have been read', async () => {
  await inFile(Array.from({ length: 37 }, (_, at) => `${at}\n`).join(''), (file) => {
    const parts = [0, 1, 2].map((index) => new FileRows({ file, delimiter: ',', skipHeader: false }, { index, of: 3 }));
    const firstRound = Array.from({ length: 12 }, (_, turn) => parts.map((part) => Number(part.at(turn)?.[0]))).flat();
    assert.equal(new Set(firstRound).size, 36);
    assert.equal(new Set(allOf(parts[1] ?? assert.fail()).map(String)).size, 37, 'each goes round all of them');
    for (const part of parts) part.close();
  });
});

test('a payload too large to be held stays on the disk; one without rows, or that is not there, is a fault of the scenario either way', async () => {
  const row = `${'x'.repeat(200)}\n`;
  await inFile(`name\n${row.repeat(90_000)}last\n`, async (file) => {
    const payload = { file, fields: ['name'], order: 'sequence', skipHeader: true, delimiter: ',' } as const;
    const job = await readPayload(payload);
    assert.equal(job.kind, 'file');
    assert.ok(JSON.stringify(partOf(job, 1, 2)).length < 1000, 'the worker is told where, and not what');
    const { rows } = openPayload(job);
    assert.equal(rows.length, 90_001);
    assert.deepEqual([rows.at(0)?.[0]?.length, rows.at(90_000)], [200, ['last']]);
    await assert.rejects(readPayload({ ...payload, file: `${file}.not` }), { code: 'wrong-scenario' });
  });
  await inFile('name\n', (file) => assert.rejects(readPayload({ file, fields: ['name'], order: 'sequence', skipHeader: true, delimiter: ',' }), { code: 'wrong-scenario', message: /has no rows/ }));
});
