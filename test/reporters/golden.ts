import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Holds a text against its file in `golden/`; `UPDATE_GOLDEN=1` writes the file anew, to be looked at before it is committed. */
export function assertGolden(name: string, actual: string): void {
  const file = join(import.meta.dirname, 'golden', name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, 'utf8'), `${name} differs; UPDATE_GOLDEN=1 takes it over`);
}
