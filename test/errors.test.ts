import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ERROR_CODES, EXIT, ScaleplanError, type ErrorCode } from '../src/errors.ts';

const page = readFileSync(new URL('../docs/exit-codes.md', import.meta.url), 'utf8');

describe('the list of errors', () => {
  it('documents every code with the exit code it really has', () => {
    const documented = Object.fromEntries([...page.matchAll(/^\| `([a-z-]+)` \| (\d+) \|/gm)].map(([, code, exit]) => [code, Number(exit)]));
    assert.deepEqual(documented, { ...ERROR_CODES });
  });

  it('documents every exit code', () => {
    for (const code of Object.values(EXIT)) assert.match(page, new RegExp(`^\\| [^|]*\\b${code}\\b[^|]* \\|`, 'm'));
  });

  it('gives an error the exit code of its kind', () => {
    for (const [code, exit] of Object.entries(ERROR_CODES)) assert.equal(new ScaleplanError(code as ErrorCode, 'x').exitCode, exit);
  });
});
