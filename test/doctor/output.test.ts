import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { checkOutput } from '../../src/doctor/output.ts';

it('refuses a folder below one in which nothing can be made, /proc for one, instead of trying for ever', { skip: !existsSync('/proc/self'), timeout: 10_000 }, async () => {
  for (const folder of ['/proc/scaleplan/reports', '/proc/self/reports']) {
    const found = await checkOutput(folder);
    assert.equal(found.status, 'fail');
    assert.match(found.detail, new RegExp(`Cannot write the run to ${folder}`));
    assert.match(found.hint ?? '', /--output <dir>/);
  }
});

it('leaves nothing behind that was not there, and refuses a file where a folder should be', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-output-'));
  try {
    assert.equal((await checkOutput(join(folder, 'a/b/reports'))).status, 'ok');
    assert.equal(existsSync(join(folder, 'a')), false);
    writeFileSync(join(folder, 'file'), '');
    assert.equal((await checkOutput(join(folder, 'file'))).status, 'fail');
    assert.equal((await checkOutput(join(folder, 'file/reports'))).status, 'fail');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
