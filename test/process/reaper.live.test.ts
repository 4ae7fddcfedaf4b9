import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { startTime } from '../../src/process/start-time.ts';
import { isOurTempFolder } from '../../src/process/temp-folder-name.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { goneWithin } from './gone-within.ts';

interface Started {
  readonly pid: number;
  readonly child: number;
  readonly worker: number;
  readonly folder: string;
}

/** Runs the command of reaper-command.ts, which starts a stubborn child with a worker, and waits for what it started. */
async function startCommand(end: string): Promise<Started> {
  const command = spawn(process.execPath, [fileURLToPath(new URL('./reaper-command.ts', import.meta.url)), end], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of command.stdout) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const started = JSON.parse(text) as Omit<Started, 'pid'>;
  assert.ok(command.pid);
  return { pid: command.pid, ...started };
}

async function assertCleared(started: Started): Promise<void> {
  await goneWithin(started.child, 5_000);
  await goneWithin(started.worker, 1_000);
  for (let i = 0; i < 40 && existsSync(started.folder); i++) await sleep(50);
  assert.equal(existsSync(started.folder), false);
}

test('a command killed by SIGKILL leaves no child, no grandchild and no folder', async () => {
  const started = await startCommand('wait');
  assert.ok(existsSync(started.folder) && startTime(started.child) !== null && startTime(started.worker) !== null);
  process.kill(started.pid, 'SIGKILL');
  await assertCleared(started);
});

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  test(`a command that dies of ${name} without a handler leaves nothing`, async () => {
    const started = await startCommand('wait');
    process.kill(started.pid, name);
    await assertCleared(started);
  });
}

test('an uncaught exception leaves nothing', async () => {
  await assertCleared(await startCommand('throw'));
});

test('a command that ends without stopping its children leaves nothing', async () => {
  await assertCleared(await startCommand('exit'));
});

test('the reaper does not keep a finished command alive, and a disposed folder is gone at once', async () => {
  const folder = await makeTempFolder('reaper-test');
  assert.ok(existsSync(folder.path) && isOurTempFolder(folder.path));
  await folder.dispose();
  await folder.dispose();
  assert.equal(existsSync(folder.path), false);
  // That this file ends by itself, with a reaper running, is the other half of the test.
});

test('no folder but our own may be deleted', () => {
  for (const path of ['/', '/tmp', '/tmp/other', '/home/scaleplan-x', '/tmp/scaleplan-x/../../home']) {
    assert.equal(isOurTempFolder(path), false, path);
  }
});
