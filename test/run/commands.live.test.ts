import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { byCommands } from '../../src/run/commands.ts';

test('commands of the user’s own begin and end an experiment, in the folder of the call', { timeout: 30_000 }, async () => {
  const folder = await makeTempFolder('commands');
  try {
    const { begin, end } = byCommands({ begin: 'echo begin >> told', end: 'echo end >> told' }, folder.path);
    await begin(new AbortController().signal);
    await end?.();
    assert.equal(await readFile(join(folder.path, 'told'), 'utf8'), 'begin\nend\n');
  } finally {
    await folder.dispose();
  }
});

test('a command that fails says how, in its own last words, without its secrets', { timeout: 30_000 }, async () => {
  const { begin } = byCommands({ begin: 'echo "no host at postgres://shop:hunter2@db" >&2; exit 3', end: null }, '/');
  await assert.rejects(begin(new AbortController().signal), (error: Error) => /ended with code 3/.test(error.message) && /no host/.test(error.message) && !error.message.includes('hunter2'));
  const { begin: unknown } = byCommands({ begin: 'no-such-command-here', end: null }, '/');
  await assert.rejects(unknown(new AbortController().signal), /ended with code 127/);
});

test('a command that goes on is ended with the run', { timeout: 30_000 }, async () => {
  const stop = new AbortController();
  const { begin } = byCommands({ begin: 'sleep 600', end: null }, '/');
  const running = begin(stop.signal);
  setTimeout(() => stop.abort(), 300);
  await assert.rejects(running, /was ended by SIGTERM/);
});
