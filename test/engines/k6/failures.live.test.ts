import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { describe, test } from 'node:test';
import { createK6, k6 as engine } from '../../../src/engines/k6/driver.ts';
import { PROTOCOL } from '../../../src/engines/k6/protocol.ts';
import { ScaleplanError } from '../../../src/errors.ts';
import type { Interval } from '../../../src/model/interval.ts';
import { constant } from '../artillery/run-script.ts';
import { journey, load, measure, request, scenario, stage } from '../autocannon/measure.ts';
import { startBehavingServer } from '../behaving-server.ts';
import { missingK6 } from './built.ts';

const skip = await missingK6();

/** Processes of k6 that were started by this one and still live. */
async function k6Left(): Promise<number> {
  let left = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (status.includes(`PPid:\t${process.pid}\n`) && status.includes('Name:\tk6')) left += 1;
  }
  return left;
}

describe('stopping', { skip }, () => {
  test('k6 cuts off what is in flight on a signal: an abort lets it end, starts nothing more, yields everything and returns', async () => {
    await using server = await startBehavingServer({ delayMs: 300 });
    const { place } = request('/');
    const flow = [request('/a'), { type: 'think', seconds: 5, place } as const, request('/never')];
    for (const shape of [{ model: 'open', stages: [constant(20, 60)] }, { model: 'closed', stages: [stage(8, 60)] }] as const) {
      const before = (await server.record()).length;
      const stopping = new AbortController();
      const beganAt = performance.now();
      const measured = await measure(load(server.url, { timeoutMs: 1000, scenario: scenario({ journeys: [journey('j', flow)] }), shape }), {
        engine, signal: stopping.signal, onInterval: () => stopping.abort(),
      });
      const record = (await server.record()).slice(before);
      assert.ok(performance.now() - beganAt < 20_000);
      assert.ok(record.length >= 8, `${record.length}`);
      assert.equal(measured.successes, record.length);
      assert.ok(record.every(({ end, url }) => end === 'answered' && url === '/a'));
    }
    assert.equal(await k6Left(), 0);
  });

  test('an abort before the start puts no load on the target; a reader that leaves in the middle leaves no process behind', async () => {
    await using server = await startBehavingServer({ delayMs: 20 });
    const nothing = await measure(load(server.url), { engine, signal: AbortSignal.abort() });
    assert.equal(nothing.intervals.length, 0);
    assert.equal((await server.record()).length, 0);
    for await (const { second } of engine.run(load(server.url, { shape: { model: 'closed', stages: [stage(2, 30)] } }), new AbortController().signal)) {
      if (second === 0) break;
    }
    assert.equal(await k6Left(), 0);
  });

  test('k6 killed in the middle is an engine that failed, and the seconds before it stay', async () => {
    await using server = await startBehavingServer();
    const seconds: number[] = [];
    const killed = measure(load(server.url, { timeoutMs: 1000, shape: { model: 'open', stages: [constant(20, 30)] } }), {
      engine,
      onInterval: ({ second }) => {
        seconds.push(second);
        if (second === 0) void killChildren();
      },
    });
    await assert.rejects(killed, { code: 'engine-failed', message: /ended by SIGKILL/ });
    assert.equal(seconds[0], 0);
  });
});

async function killChildren(): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (status.includes(`PPid:\t${process.pid}\n`) && status.includes('Name:\tk6')) process.kill(Number(pid), 'SIGKILL');
  }
}

const HELLO = JSON.stringify({ type: 'hello', protocol: PROTOCOL });
const END = JSON.stringify({ type: 'end', code: 0, reason: '', own: null });

/** What the extension says at the end of a second without requests. */
function line(second: number): string {
  return JSON.stringify({
    type: 'interval', interval: { second, startedAtMs: 1, sent: 0, arrivals: 0, skipped: 0, rows: [], generator: { loopUtilization: 0, loopLagMs: 0 } },
  });
}

/** Runs a program of this source in place of k6 and gives what the driver makes of it. */
async function inPlaceOfK6(source: string): Promise<{ error: ScaleplanError; seconds: number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'k6-fake-'));
  const seconds: number[] = [];
  try {
    const file = join(folder, 'k6.mjs');
    await writeFile(file, `const say = (text) => console.log(text); const [hello, end] = ${JSON.stringify([HELLO, END])}; const seconds = ${JSON.stringify([line(0), line(1), line(2)])};\n${source}`);
    const fake = createK6({ silenceMs: 1500, command: [execPath, file] });
    const asked = load('http://127.0.0.1:20000', { shape: { model: 'open', stages: [constant(1, 5)] } });
    const run = measure(asked, { engine: fake, onInterval: ({ second }: Interval) => seconds.push(second) });
    const error = await run.then(() => null, (thrown: unknown) => thrown);
    assert.ok(error instanceof ScaleplanError, String(error));
    return { error, seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('an engine that does not behave', { concurrency: 4 }, () => {
  const cases: readonly (readonly [what: string, source: string, message: RegExp, seconds: number[]])[] = [
    ['dies', 'say(hello); say(seconds[0]); setTimeout(() => { console.error(\'level=error msg="out of memory"\'); process.exit(109); }, 200);', /ended with code 109 \(k6 itself crashed/, [0]],
    ['hangs', 'say(hello); say(seconds[0]); setInterval(() => {}, 1000);', /has said nothing for 1\.5 s/, [0]],
    ['leaves out a second', 'say(hello); say(seconds[0]); say(seconds[2]); setInterval(() => {}, 1000);', /second 2 came where second 1 was due/, [0]],
    ['says a second twice', 'say(hello); say(seconds[0]); say(seconds[0]); setInterval(() => {}, 1000);', /second 0 came where second 1 was due/, [0]],
    ['speaks nonsense', 'say(hello); say("{\\"type\\":\\"int"); setInterval(() => {}, 1000);', /something that is no interval/, []],
    ['ends early, with exit code 0', 'say(hello); say(seconds[0]); say(end);', /ended after 1 of 5 s/, [0]],
    ['gives up with a code of its own', 'say(hello); say(seconds[0]); say(JSON.stringify({ type: "end", code: 108, reason: "aborted", own: null }));', /ended by itself with code 108: aborted/, [0]],
  ];
  for (const [what, source, message, expected] of cases) {
    test(`one that ${what} is a failure that says so; the seconds before stay`, async () => {
      const { error, seconds } = await inPlaceOfK6(source);
      assert.equal(error.code, 'engine-failed');
      assert.match(error.message, message);
      assert.deepEqual(seconds, expected);
    });
  }

  test('one that was built for another version is refused with the command that builds the right one', async () => {
    const { error } = await inPlaceOfK6('say(JSON.stringify({ type: "hello", protocol: 99 })); setInterval(() => {}, 1000);');
    assert.equal(error.code, 'engine-missing');
    assert.match(error.hint ?? '', /scaleplan engines install k6/);
  });
});
