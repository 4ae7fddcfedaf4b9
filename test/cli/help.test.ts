import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CommanderError, type Command } from 'commander';
import { run } from '../../src/cli/main.ts';
import { createProgram } from '../../src/cli/program.ts';
import { afterHelp, cliPage, everyCommand, pathOf } from './cli-page.ts';
import { recordingHost } from './recording-host.ts';

const PAGE = new URL('../../docs/cli.md', import.meta.url);

function program(): Command {
  return createProgram(recordingHost().host, () => {});
}

/** What stderr says to a command line that commander itself refuses. */
async function refusal(...args: string[]): Promise<string> {
  const { host, err } = recordingHost();
  await assert.rejects(createProgram(host, () => {}).parseAsync(['node', 'scaleplan', ...args]), CommanderError);
  return err();
}

describe('the help of every command', () => {
  it('shows examples that name the command, with flags that it has', () => {
    const wrong = everyCommand(program()).flatMap((command) => {
      const lines = afterHelp(command).split('\n').map((line) => line.trim());
      const own = lines.filter((line) => line.includes(`${pathOf(command)} `) || line === pathOf(command));
      // A command that only groups others is shown by theirs.
      return own.length > 0 || command.commands.some((one) => lines.some((line) => line.includes(pathOf(one)))) ? [] : [pathOf(command)];
    });
    assert.deepEqual(wrong, []);
  });

  it('shows no example with a flag or command that does not exist', () => {
    const commands = everyCommand(program()).toSorted((a, b) => pathOf(b).length - pathOf(a).length);
    const wrong = commands.flatMap((command) => afterHelp(command).split('\n').flatMap((line) => {
      const at = line.indexOf('scaleplan ');
      if (at < 0 || !/^\s+(source <\()?scaleplan /.test(line)) return [];
      const text = line.slice(at).replace(/\s+#.*$/, '');
      const shown = commands.find((one) => text === pathOf(one) || text.startsWith(`${pathOf(one)} `));
      if (shown === undefined) return [line];
      const flags = [...text.matchAll(/(?<=\s)--?[a-z][\w-]*/g)].map(([flag]) => flag);
      return flags.filter((flag) => !shown.createHelp().visibleOptions(shown).some(({ long, short }) => long === flag || short === flag)).map((flag) => `${line}: ${flag}`);
    }));
    assert.deepEqual(wrong, []);
  });

  it('describes every flag', () => {
    const bare = everyCommand(program()).flatMap((command) => command.options.filter(({ description }) => description === '').map(({ flags }) => `${pathOf(command)} ${flags}`));
    assert.deepEqual(bare, []);
  });
});

describe('the help of a command that there is not', () => {
  it('is no help, but says so with the nearest name', async () => {
    const { main, err } = silent(['tset', '--help']);
    assert.equal(await main, 2);
    assert.match(err(), /unknown command 'tset'\n\(Did you mean test\?\)/);
    assert.equal(await silent(['plan', 'chekc', '-h']).main, 2);
    const known = silent(['plan', 'check', '--help']);
    assert.equal(await known.main, 0);
    assert.match(known.out(), /scaleplan plan check/);
  });
});

function silent(words: readonly string[]): { readonly main: Promise<number>; readonly out: () => string; readonly err: () => string } {
  const { host, out, err } = recordingHost();
  return { main: run({ ...host, argv: ['node', 'scaleplan', ...words] }), out, err };
}

describe('a typing error', () => {
  it('in a command, a subcommand or a flag is answered with the nearest there is', async () => {
    assert.match(await refusal('tset'), /unknown command 'tset'\n\(Did you mean test\?\)/);
    assert.match(await refusal('plan', 'chekc'), /Did you mean check\?/);
    assert.match(await refusal('test', '--phse', '2'), /unknown option '--phse'\n\(Did you mean --phase\?\)/);
    assert.match(await refusal('doctor', '--taget', 'x'), /Did you mean --target\?/);
  });

  it('in a value of a flag is answered with those there are', async () => {
    assert.match(await refusal('test', '--profile', 'quik'), /quick, documented, as-written/);
    assert.match(await refusal('completion', 'basch'), /bash, zsh, fish/);
  });
});

it('docs/cli.md is made from the commands', () => {
  const wanted = cliPage(program());
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, wanted);
  assert.equal(readFileSync(PAGE, 'utf8'), wanted, 'run the test once with UPDATE_DOCS=1');
});
