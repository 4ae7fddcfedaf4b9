import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAutocannon } from '../../../src/engines/autocannon/driver.ts';
import { ScaleplanError } from '../../../src/errors.ts';
import type { Interval } from '../../../src/model/interval.ts';
import { startBehavingServer } from '../behaving-server.ts';
import { journey, load, measure, request, scenario, stage } from './measure.ts';

const tenSeconds = { model: 'closed', stages: [stage(4, 10)] } as const;

/** Processes of the worker that were started by this one and still live. */
async function workersLeft(): Promise<number> {
  let left = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [status, command] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]).catch(() => ['', '']);
    if (status.includes(`PPid:\t${process.pid}\n`) && command.includes('autocannon/worker')) left += 1;
  }
  return left;
}

test('autocannon’s command says nothing when it is interrupted without a terminal: an abort stops new requests, lets those in flight end, yields everything and returns', async () => {
  await using server = await startBehavingServer({ delayMs: 300 });
  const stopping = new AbortController();
  const measured = await measure(load(server.url, { shape: tenSeconds }), { signal: stopping.signal, onInterval: () => stopping.abort() });
  const record = await server.record();
  assert.ok(measured.intervals.length < 5);
  assert.equal(measured.requests, record.length);
  assert.ok(record.every(({ end }) => end === 'answered'));
  assert.equal(await workersLeft(), 0);
});

test('an abort before the start puts no load on the target', async () => {
  await using server = await startBehavingServer();
  const measured = await measure(load(server.url), { signal: AbortSignal.abort() });
  assert.equal(measured.intervals.length, 0);
  assert.equal((await server.record()).length, 0);
});

test('a reader that leaves in the middle leaves no process behind', async () => {
  await using server = await startBehavingServer({ delayMs: 20 });
  for await (const interval of createAutocannon().run(load(server.url, { shape: tenSeconds }), new AbortController().signal)) {
    if (interval.second === 0) break;
  }
  assert.equal(await workersLeft(), 0);
});

/** What a worker says at the end of a second without requests. */
function line(second: number): string {
  return JSON.stringify({
    type: 'interval', interval: { second, startedAtMs: 1, sent: 0, arrivals: 0, skipped: 0, rows: [], generator: { loopUtilization: 0, loopLagMs: 0 } },
  });
}

/** Runs a worker of this source in place of ours and gives what the driver makes of it. */
async function withWorker(source: string): Promise<{ error: ScaleplanError; seconds: number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'autocannon-worker-'));
  const seconds: number[] = [];
  let error: ScaleplanError | null = null;
  try {
    const workerFile = join(folder, 'worker.mjs');
    await writeFile(workerFile, `const say = (text) => console.log(text); const seconds = ${JSON.stringify([line(0), line(1), line(2)])};\n${source}`);
    const engine = createAutocannon({ silenceMs: 1500, workerFile });
    await assert.rejects(
      measure(load('http://127.0.0.1:20000'), { engine, onInterval: (interval: Interval) => seconds.push(interval.second) }),
      (thrown) => {
        assert.ok(thrown instanceof ScaleplanError);
        error = thrown;
        return true;
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  assert.ok(error !== null);
  return { error, seconds };
}
test('a generator that dies is a failure with what it said last; the seconds before stay', async () => {
  const { error, seconds } = await withWorker('say(seconds[0]); setTimeout(() => { console.error("out of memory, really"); process.exit(7); }, 200);');
  assert.equal(error.code, 'engine-failed');
  assert.match(error.message, /ended with code 7/);
  assert.match(error.hint ?? '', /out of memory, really/);
  assert.deepEqual(seconds, [0]);
});

test('a generator that hangs is a failure', async () => {
  const { error } = await withWorker('say(seconds[0]); setInterval(() => {}, 1000);');
  assert.match(error.message, /said nothing for 1.5 s/);
});

test('a generator that speaks nonsense, or leaves out a second, is a failure', async () => {
  assert.match((await withWorker('say(seconds[0]); say("{}"); setInterval(() => {}, 1000);')).error.message, /no interval/);
  assert.match((await withWorker('say(seconds[0].replace("sent", "send")); setInterval(() => {}, 1000);')).error.message, /no interval/);
  const { error, seconds } = await withWorker('say(seconds[0]); say(seconds[2]); setInterval(() => {}, 1000);');
  assert.match(error.message, /second 2 came where second 1 was due/);
  assert.deepEqual(seconds, [0]);
});

test('a generator that says a second twice, ends before the load does, or is killed is a failure; one that is late is not', async () => {
  const twice = await withWorker('say(seconds[0]); say(seconds[0]); setInterval(() => {}, 1000);');
  assert.match(twice.error.message, /second 0 came where second 1 was due/);
  const early = await withWorker('say(seconds[0]); say(JSON.stringify({ type: "end" }));');
  assert.match(early.error.message, /ended after 1 of 2 s/);
  assert.deepEqual(early.seconds, [0]);
  const killed = await withWorker('say(seconds[0]); setTimeout(() => process.kill(process.pid, "SIGKILL"), 100);');
  assert.match(killed.error.message, /was ended by SIGKILL/);
  const late = await withWorker('say(seconds[0]); setTimeout(() => { say(seconds[1]); say("{}"); }, 1000);');
  assert.deepEqual(late.seconds, [0, 1]);
});

test('a before that fails is a failure that says which request', async () => {
  await using server = await startBehavingServer({ failing: { every: 1, status: 503 } });
  const asked = load(server.url, { scenario: scenario({ before: [request('/login', { name: 'log in' })], journeys: [journey('j', [request('/')])] }) });
  await assert.rejects(measure(asked), (error: ScaleplanError) => error.code === 'engine-failed' && /"log in" was answered with status 503/.test(error.message));
});
