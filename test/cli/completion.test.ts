import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { createProgram } from '../../src/cli/program.ts';
import { recordingHost } from './recording-host.ts';

async function scriptFor(shell: string): Promise<string> {
  const { host, out } = recordingHost();
  await createProgram(host, () => {}).parseAsync(['node', 'scaleplan', 'completion', shell]);
  return out();
}

/** What bash itself offers behind these words; the last may be half written. */
function offered(script: string, ...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _scaleplan; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim().split('\n');
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('completion', { skip: has('bash') ? false : 'bash is not here' }, () => {
  it('offers commands, subcommands, flags and known values in bash', async () => {
    const script = await scriptFor('bash');
    assert.deepEqual(offered(script, 'scaleplan', 'te'), ['test']);
    assert.deepEqual(offered(script, 'scaleplan', 'plan', 'sh'), ['show']);
    assert.deepEqual(offered(script, 'scaleplan', 'test', '--ph'), ['--phase']);
    assert.deepEqual(offered(script, 'scaleplan', 'plan', 'show', '--me'), ['--metrics']);
    assert.deepEqual(offered(script, 'scaleplan', 'test', '--plan', 've'), ['ventures']);
    assert.deepEqual(offered(script, 'scaleplan', 'test', '--phase', '2', '--demo', 'db-c'), ['db-connections']);
    assert.deepEqual(offered(script, 'scaleplan', 'test', '--profile', 'd'), ['documented']);
    assert.deepEqual(offered(script, 'scaleplan', 'completion', 'z'), ['zsh']);
    assert.deepEqual(offered(script, 'scaleplan', 'engines', 'ins'), ['install']);
  });
});

describe('completion in other shells', () => {
  it('is a script that the shell itself takes, where it is here', async () => {
    for (const shell of ['zsh', 'fish']) {
      const script = await scriptFor(shell);
      assert.match(script, /doctor/);
      assert.match(script, /db-connections/);
      if (!has(shell)) continue;
      const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    }
  });

  it('quotes what a shell would read: no apostrophe of a description ends a text', async () => {
    for (const line of (await scriptFor('fish')).trim().split('\n')) {
      const quotes = line.replaceAll(String.raw`'\''`, '').split("'").length - 1;
      assert.equal(quotes % 2, 0, line);
    }
  });
});
