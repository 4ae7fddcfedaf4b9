import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findGo } from '../../../src/engines/k6/go.ts';
import { k6Sources } from '../../../src/engines/k6/sources.ts';
import { spawnChild } from '../../../src/process/child.ts';
import { missingK6 } from './built.ts';

const { folder, goVersion } = k6Sources();
// Where k6 cannot be built, its modules are not there to compile the tests either.
const go = await missingK6() || await findGo(goVersion, process.env).catch((error: unknown) => String(error));

test('the extension’s own tests, in Go', { skip: typeof go === 'string' ? go : false, timeout: 600_000 }, async () => {
  assert.ok(typeof go !== 'string');
  const child = spawnChild(go.file, ['test', '.'], { cwd: folder, env: go.env, readLines: false });
  const { code } = await child.exited;
  assert.equal(code, 0, child.stderrTail());
});
