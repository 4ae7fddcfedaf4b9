import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import autocannon from 'autocannon';
import { asClient } from '../../../src/engines/autocannon/client.ts';
import { autocannon as engine } from '../../../src/engines/autocannon/driver.ts';
import { freePort } from '../../../src/process/free-port.ts';
import { startBehavingServer, type Behaviour, type SeenRequest } from '../behaving-server.ts';
import { load, measure, stage, type Measured } from './measure.ts';

/** Puts 5 users for some seconds on a server of this behaviour; the record is the server's own. */
async function run(behaviour: Behaviour, seconds = 2, timeoutMs = 5000): Promise<{ measured: Measured; record: readonly SeenRequest[] }> {
  await using server = await startBehavingServer(behaviour);
  const measured = await measure(load(server.url, { timeoutMs, shape: { model: 'closed', stages: [stage(5, seconds)] } }));
  return { measured, record: await server.record() };
}

/** How far the engine's quantile may be above the server's own: what two event loops on a busy machine cost. The faults cost 80 ms and more. */
const SLACK_MS = 50;

function assertTrue(measured: Measured, record: readonly SeenRequest[]): void {
  const served = record.flatMap(({ servedUs }) => (servedUs === null ? [] : [servedUs / 1000])).sort((a, b) => a - b);
  for (const q of [0.5, 0.95]) {
    const own = served[Math.ceil(q * served.length) - 1] ?? Number.NaN;
    const seen = measured.quantileMs(q);
    assert.ok(seen > own - 1 && seen < own + SLACK_MS, `p${q * 100}: the server took ${own} ms, measured were ${seen} ms`);
  }
}

function count(record: readonly SeenRequest[], end: SeenRequest['end']): number {
  return record.filter((request) => request.end === end).length;
}

test('no p95, and milliseconds cut off: fractions of a millisecond are there at every quantile', async () => {
  const { measured, record } = await run({});
  assert.ok(measured.quantileMs(0.05) > 0, 'a local answer takes more than nothing');
  assert.ok(measured.rows.some(({ latency }) => latency.minUs > 0 && latency.minUs % 1000 !== 0));
  assert.equal(measured.successes, record.length);
});

test('a constant 20 ms is reported as 20 ms, sent and answered in full, second by second', async () => {
  const { measured, record } = await run({ delayMs: 20 }, 3);
  assertTrue(measured, record);
  assert.deepEqual(measured.intervals.map(({ second }) => second), [0, 1, 2, 3].slice(0, measured.intervals.length));
  assert.ok(measured.intervals.length >= 3);
  const [first, next] = measured.intervals;
  assert.equal((next?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0), 1000);
  assert.ok(measured.intervals.every(({ generator }) => generator.loopUtilization >= 0 && generator.loopUtilization <= 1 && generator.loopLagMs >= 0));
});

test('latencies corrupted by reconnects: Connection: close keeps 20 ms and loses nothing', async () => {
  const { measured, record } = await run({ delayMs: 20, connectionClose: true });
  assertTrue(measured, record);
  assert.deepEqual(measured.errors, {});
  assert.equal(measured.requests, record.length);
});

test('latencies corrupted by reconnects: 1 in 50 ended without an answer (FIN) keeps 20 ms, each counted once as closed', async () => {
  const { measured, record } = await run({ delayMs: 20, drop: { every: 50, how: 'fin' } }, 3);
  assertTrue(measured, record);
  assert.ok(count(record, 'fin') > 0);
  assert.deepEqual(measured.errors, { closed: count(record, 'fin') });
  assert.equal(measured.requests, record.length);
});

test('latencies corrupted by reconnects: 1 in 50 reset (RST) keeps 20 ms, each counted once as reset', async () => {
  const { measured, record } = await run({ delayMs: 20, drop: { every: 50, how: 'rst' } }, 3);
  assertTrue(measured, record);
  assert.ok(count(record, 'rst') > 0);
  assert.deepEqual(measured.errors, { reset: count(record, 'rst') });
  assert.equal(measured.requests, record.length);
});

test('latencies corrupted by reconnects: a server away for 1 s keeps 20 ms afterwards, without a busy loop of errors', async () => {
  const { measured, record } = await run({ delayMs: 20, away: { atMs: 700, forMs: 1000 } }, 3);
  assertTrue(measured, record);
  const refused = measured.errors.refused ?? 0;
  // 5 users, 1 s, one attempt every 100 ms.
  assert.ok(refused >= 10 && refused <= 80, `${refused} refused connections`);
  // A busy server may have answered all of them in the moment in which it goes away.
  assert.equal(measured.errors.reset ?? 0, count(record, 'cut'));
  assert.ok((measured.intervals[2]?.rows[0]?.latency.count ?? 0) > 50, 'load goes on when the server is back');
});

test('time-outs counted more than once: each is one error, at a limit below the second that autocannon insists on, and its connection is replaced', async () => {
  const { measured, record } = await run({ delayMs: 2, silentEvery: 40 }, 2, 300);
  const silent = count(record, 'silent');
  assert.ok(silent > 5);
  assert.deepEqual(measured.errors, { timeout: silent });
  assert.equal(measured.successes, count(record, 'answered'), 'no time-out among the latencies');
  // The limit, and a timer that comes late on a busy machine.
  assert.ok(measured.quantileMs(1) < 600);
});

test('requests in flight cut off by the stop: the counts equal the server’s record to the last request', async () => {
  const { measured, record } = await run({ delayMs: 400 }, 1);
  assert.equal(measured.successes, record.length);
  assert.equal(measured.sent, record.length);
  assert.equal(count(record, 'answered'), record.length);
});

test('exit code 0 with 100 % status 500: every answer is an error, with its latency among the errors’', async () => {
  const { measured, record } = await run({ delayMs: 5, failing: { every: 1, status: 500 } });
  assert.equal(measured.successes, 0);
  assert.deepEqual(measured.errors, { 'http-5xx': record.length });
  assert.deepEqual(measured.statuses, { 500: record.length });
  assert.equal(measured.rows.reduce((sum, row) => sum + row.errorLatency.count, 0), record.length);
});

test('exit code 0 with the connection refused, and bailout looks once a second only: refused connections are errors, a bounded number of them', async () => {
  const target = `http://127.0.0.1:${await freePort()}`;
  const measured = await measure(load(target, { shape: { model: 'closed', stages: [stage(3, 1)] } }));
  assert.equal(measured.successes, 0);
  const refused = measured.errors.refused ?? 0;
  assert.deepEqual(measured.errors, { refused });
  assert.ok(refused >= 3 && refused <= 40, `${refused} attempts of 3 users in 1 s`);
});

test('a target that accepts and never answers ends in bounded time, all time-outs', async () => {
  const beganAt = performance.now();
  const { measured, record } = await run({ silentEvery: 1 }, 1, 800);
  assert.ok(performance.now() - beganAt < 8000);
  assert.ok(record.length >= 5);
  assert.deepEqual(measured.errors, { timeout: record.length });
});

test('a body that takes 500 ms counts to its last byte, its first byte separately', async () => {
  const { measured, record } = await run({ delayMs: 10, bodyBytes: 5000, pieces: { count: 5, overMs: 500 } });
  assertTrue(measured, record);
  assert.ok(measured.quantileMs(0.5) > 500);
  assert.ok(measured.ttfbMs(0.5) > 8 && measured.ttfbMs(0.5) < 100, `first byte after ${measured.ttfbMs(0.5)} ms`);
});

test('a stall of 1 s stays in the latencies', async () => {
  const { measured, record } = await run({ delayMs: 10, stall: { atMs: 500, forMs: 1000 } }, 3);
  assert.ok(measured.quantileMs(1) > 900, 'the requests that were held');
  assert.equal(measured.requests, record.length);
});

test('an answer without a length, ended by the connection, is a whole answer; one that is no HTTP is an error at once', async () => {
  for (const [answer, errors] of [['HTTP/1.0 200 OK\r\n\r\nhello', undefined], ['this is no HTTP\r\n\r\n', 'closed']] as const) {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => setTimeout(() => socket.end(answer), 20));
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      const measured = await measure(load(`http://127.0.0.1:${port}`, { shape: { model: 'closed', stages: [stage(2, 1)] } }));
      assert.ok(measured.requests > 5);
      if (errors === undefined) {
        assert.equal(measured.successes, measured.requests);
        assert.ok(measured.quantileMs(0.5) < 20 + SLACK_MS);
      } else {
        assert.deepEqual(measured.errors, { [errors]: measured.requests });
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
});

test('the inside of autocannon’s client is what the measurement was built on', async () => {
  const checked = await engine.check();
  assert.deepEqual(checked, { usable: true, version: '9.0.0' });
  await using server = await startBehavingServer();
  let members: string[] = [];
  await autocannon({
    url: server.url, connections: 1, amount: 1,
    setupClient: (given) => { members = Object.keys(asClient(given)); },
  });
  for (const member of ['parser', 'pipelinedRequests', 'timeout', 'destroyed']) assert.ok(members.includes(member), member);
});
