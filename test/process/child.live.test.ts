import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { spawnChild } from '../../src/process/child.ts';
import { goneWithin } from './gone-within.ts';

const node = process.execPath;
const dir = mkdtempSync(join(tmpdir(), 'child-test-'));
after(() => rmSync(dir, { recursive: true, force: true }));

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

test('stdout comes line by line, the last one without its newline too', async () => {
  const child = spawnChild(node, ['-e', 'process.stdout.write("one\\ntwo \\u00e4\\r\\n\\nlast")']);
  assert.deepEqual(await all(child.lines), ['one', 'two ä', '', 'last']);
  assert.deepEqual(await child.exited, { code: 0, signal: null, error: null });
});

test('lines are not lost when nobody reads them before the child has ended', async () => {
  const child = spawnChild(node, ['-e', 'for (let i = 0; i < 500; i++) console.log(i)']);
  await child.exited;
  assert.equal((await all(child.lines)).length, 500);
});

test('an over-long line is cut at 4 million characters and the next line is whole', async () => {
  const child = spawnChild(node, ['-e', 'process.stdout.write("x".repeat(5_000_000) + "\\nnext\\n")']);
  assert.deepEqual((await all(child.lines)).map((line) => line.length), [4_000_000, 4]);
});

test('what is written arrives as lines on stdin, and writing after the exit does nothing', async () => {
  const child = spawnChild(node, ['-e', 'process.stdin.once("data", (d) => { console.log("got " + d); process.exit(0) })']);
  child.write('hello');
  assert.equal((await all(child.lines))[0], 'got hello');
  await child.exited;
  child.write('too late');
  child.signal('SIGTERM');
});

test('variables are merged over our own, and undefined takes one away', async () => {
  process.env['CHILD_TEST_ONE'] = 'ours';
  const child = spawnChild(node, ['-e', 'console.log(process.env.CHILD_TEST_ONE, process.env.CHILD_TEST_TWO, !!process.env.PATH)'], {
    env: { CHILD_TEST_ONE: undefined, CHILD_TEST_TWO: 'two' },
  });
  assert.deepEqual(await all(child.lines), ['undefined two true']);
});

test('the end of stderr is kept at 4 KB, and is complete when the exit is known', async () => {
  const child = spawnChild(node, ['-e', 'process.stderr.write("x".repeat(100_000) + "the end"); process.exitCode = 3']);
  assert.equal((await child.exited).code, 3);
  assert.ok(child.stderrTail().endsWith('xthe end'));
  assert.equal(child.stderrTail().length, 4_096);
});

test('the log file receives stdout and stderr when nobody reads lines, and stays under its bound', async () => {
  const logFile = join(dir, 'big.log');
  const script = 'console.error("from stderr"); for (let i = 0; i < 300; i++) process.stdout.write("y".repeat(50_000))';
  const child = spawnChild(node, ['-e', script], { logFile, readLines: false });
  await child.exited;
  assert.deepEqual(await all(child.lines), []);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const log = readFileSync(logFile, 'utf8');
  assert.match(log, /from stderr/);
  assert.match(log, /cut here/);
  assert.ok(statSync(logFile).size < 10_200_000);
});

test('a missing command is an exit with ENOENT and its name, not a throw', async () => {
  const child = spawnChild('no-such-command-here', [], { name: 'the engine' });
  const exit = await child.exited;
  assert.equal(exit.error?.code, 'ENOENT');
  assert.match(exit.error?.message ?? '', /^the engine could not be started: .*no-such-command-here/);
  assert.equal(exit.code, null);
  assert.deepEqual(await all(child.lines), []);
  child.write('x');
  child.signal('SIGKILL');
  assert.equal((await child.stop(10)).error?.code, 'ENOENT');
});

test('stop asks first: a child that listens ends by its own code', async () => {
  const child = spawnChild(node, ['-e', 'process.on("SIGINT", () => process.exit(7)); setInterval(() => {}, 1000); console.log("up")'], {
    stopSignal: 'SIGINT',
  });
  for await (const line of child.lines) if (line === 'up') break;
  assert.deepEqual(await child.stop(10_000), { code: 7, signal: null, error: null });
});

test('stop escalates: a child that ignores being asked is killed after the grace', async () => {
  const child = spawnChild(node, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")']);
  for await (const line of child.lines) if (line === 'up') break;
  const from = Date.now();
  assert.equal((await child.stop(300)).signal, 'SIGKILL');
  assert.ok(Date.now() - from >= 290);
});

test('a second stop with less patience is heeded', async () => {
  const child = spawnChild(node, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")']);
  for await (const line of child.lines) if (line === 'up') break;
  const from = Date.now();
  const first = child.stop(60_000);
  await child.stop(100);
  assert.equal((await first).signal, 'SIGKILL');
  assert.ok(Date.now() - from < 30_000);
});

test('a worker that a crashed child left behind is cleared away with it', async () => {
  const worker = 'setInterval(() => {}, 1000)';
  const script = `console.log(require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(worker)}], {stdio: "inherit"}).pid); setTimeout(() => process.kill(process.pid, "SIGKILL"), 100)`;
  const child = spawnChild(node, ['-e', script]);
  const lines = await all(child.lines);
  assert.equal((await child.exited).signal, 'SIGKILL');
  await goneWithin(Number(lines[0]), 5_000);
});
