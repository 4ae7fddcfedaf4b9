import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createArtillery } from '../../../src/engines/artillery/driver.ts';
import { startBehavingServer } from '../behaving-server.ts';
import type { Behaviour } from '../behaving-server.ts';
import type { Measured } from '../autocannon/measure.ts';
import { constant, runScript, script } from './run-script.ts';

const GET = '      - get: {url: "/a"}';

async function withServer(behaviour: Behaviour, use: (server: Awaited<ReturnType<typeof startBehavingServer>>) => Promise<void>): Promise<void> {
  await using server = await startBehavingServer(behaviour);
  await use(server);
}

/** How late artillery's own loop was at worst, as on a busy machine: that is in its latencies, and is told. */
function lateMs({ intervals }: Measured): number {
  return Math.max(...intervals.map(({ generator }) => generator.loopLagMs));
}

describe('latency', () => {
  test('a body that takes 500 ms is measured to its last byte, not to the first byte that artillery reports', () => withServer(
    { pieces: { count: 5, overMs: 500 }, bodyBytes: 5000 },
    async ({ url, record }) => {
      const run = await runScript(script(GET), { target: url, stages: [constant(15, 2)] });
      assert.ok(run.quantileMs(0.5) > 490 && run.quantileMs(0.5) < 620, `p50 ${run.quantileMs(0.5)}`);
      assert.ok(run.ttfbMs(0.5) < 100, `time to first byte ${run.ttfbMs(0.5)}`);
      assert.equal(run.requests, (await record()).length);
    },
  ));

  test('latencies are in µs, not in whole ms, and come every second, not every 10 s', () => withServer({ delayMs: 5 }, async ({ url }) => {
    const run = await runScript(script(GET), { target: url, stages: [constant(20, 3)] });
    assert.deepEqual(run.intervals.slice(0, 3).map(({ second }) => second), [0, 1, 2]);
    assert.ok(run.intervals.slice(0, 3).every((interval) => interval.rows.length === 1 && interval.sent >= 15));
    const means = run.rows.flatMap((row) => (row.latency.count > 0 ? [row.latency.minUs, row.latency.maxUs] : []));
    assert.ok(means.some((us) => us % 1000 !== 0));
  }));

  test('Connection: close: a true 20 ms stays 20 ms', () => withServer({ delayMs: 20, connectionClose: true }, async ({ url }) => {
    const run = await runScript(script(`${GET}\n      - get: {url: "/b"}`), { target: url, stages: [constant(20, 3)] });
    assert.deepEqual(run.errors, {});
    assert.ok(run.quantileMs(0.5) >= 20 && run.quantileMs(0.5) < 40 + lateMs(run), `p50 ${run.quantileMs(0.5)}, ${lateMs(run)} ms late`);
  }));
});

describe('failures', { concurrency: 3 }, () => {
  test('time-outs are counted and never in the histogram', () => withServer({ silentEvery: 2 }, async ({ url, record }) => {
    const run = await runScript(script(GET), { target: url, stages: [constant(10, 2)], timeoutMs: 700 });
    assert.equal(run.requests, 20);
    assert.deepEqual(run.errors, { timeout: 10 });
    assert.equal(run.successes, 10);
    assert.ok(run.quantileMs(1) < 700);
    assert.equal((await record()).length, 20);
  }));

  test('a body that stops half-way is a time-out too, though artillery limits the first byte only', () => withServer(
    { pieces: { count: 2, overMs: 20_000 }, bodyBytes: 100 },
    async ({ url }) => {
      const started = Date.now();
      const run = await runScript(script(GET), { target: url, stages: [constant(5, 1)], timeoutMs: 1000 });
      assert.deepEqual(run.errors, { timeout: 5 });
      assert.ok(Date.now() - started < 18_000);
    },
  ));

  test('a target that is down: artillery ends with code 0, we count every request as refused', async () => {
    const server = await startBehavingServer();
    await server.stop();
    const run = await runScript(script(GET), { target: server.url, stages: [constant(20, 2)] });
    assert.equal(run.requests, 40);
    assert.deepEqual(run.errors, { refused: 40 });
    assert.equal(run.sent, 40);
  });

  test('exit code 0 with a hook that throws, and no request is sent: each journey that it ends is one failed request of the step (exception)', () => withServer({}, async ({ url, record }) => {
    const text = `config:\n  target: http://127.0.0.1:9\n  processor: ./hooks.cjs\nscenarios:\n  - name: visit\n    flow:\n      - get: {url: "/a", capture: {json: $.nothing, as: x, strict: false}}\n      - get: {url: "/b", beforeRequest: seldom}\n`;
    const hooks = 'let calls = 0; module.exports = { seldom(params, context, events, next) { calls += 1; if (calls % 4 === 0) throw new Error("no such thing"); next(); } };';
    const run = await runScript(text, { target: url, stages: [constant(20, 1)], files: { 'hooks.cjs': hooks } });
    const seen = await record();
    assert.deepEqual([seen.filter((one) => one.url === '/a').length, seen.filter((one) => one.url === '/b').length], [20, 15]);
    assert.deepEqual(run.rows.filter(({ step }) => step === '(exception)').reduce((sum, { requests }) => sum + requests, 0), 5);
    assert.deepEqual(run.errors, { engine: 5 });
    assert.equal(run.requests, 40);
  }));

  test('exit code 0 with a plugin that is missing, and 1 with an `ensure` of the script that fails: neither is a fault of the load', () => withServer({}, async ({ url }) => {
    for (const more of ['  plugins: {nowhere: {}}\n', '  plugins: {ensure: {}}\n  ensure: {thresholds: [{"http.response_time.p99": 0}]}\n']) {
      const run = await runScript(script(GET, more), { target: url, stages: [constant(10, 1)] });
      assert.deepEqual([run.requests, run.errors], [10, {}]);
    }
  }));

  for (const [how, kind] of [['fin', 'closed'], ['rst', 'reset']] as const) {
    test(`1 in 50 connections ended by ${how.toUpperCase()} without an answer, of which artillery’s event trace:http:error never tells: each is counted once, as ${kind}`, () => withServer(
      { delayMs: 20, drop: { every: 50, how } },
      async ({ url, record }) => {
        const run = await runScript(script(GET), { target: url, stages: [constant(75, 2)] });
        assert.deepEqual(run.errors, { [kind]: 3 });
        assert.equal(run.requests, 150);
        assert.equal((await record()).filter(({ end }) => end === how).length, 3);
        assert.ok(run.quantileMs(0.5) >= 20 && run.quantileMs(0.5) < 40 + lateMs(run), `p50 ${run.quantileMs(0.5)}, ${lateMs(run)} ms late`);
      },
    ));
  }

  test('a capture that finds nothing is an error of its step, and the journey ends there', () => withServer({}, async ({ url, record }) => {
    const flow = '      - get: {url: "/items", name: list, capture: {json: "$.nothing[0].id", as: id}}\n      - get: {url: "/items/{{ id }}", name: item}';
    const run = await runScript(script(flow), { target: url });
    assert.deepEqual(run.rows.map(({ step }) => step).filter((step) => step !== 'list'), []);
    assert.deepEqual(run.errors, { capture: 40 });
    assert.equal((await record()).length, 40);
  }));

  test('expectations count without artillery’s own plugin for them: wrong property, wrong status, and a 404 that was expected', () => withServer({}, async ({ url }) => {
    const flow = [
      '      - get: {url: "/items", name: good, expect: [{statusCode: 200}, {contentType: json}, {hasProperty: items}]}',
      '      - get: {url: "/items", name: property, expect: {hasProperty: missing}}',
      '      - get: {url: "/items", name: status, expect: {statusCode: 201}}',
      '      - get: {url: "/items/7", name: gone, expect: {statusCode: 404}}',
      '      - get: {url: "/items/7", name: lost}',
    ].join('\n');
    const run = await runScript(script(flow), { target: url, stages: [constant(5, 2)] });
    const errorsOf = (step: string): object => Object.assign({}, ...run.rows.filter((row) => row.step === step).map(({ errors }) => errors));
    assert.deepEqual(errorsOf('good'), {});
    assert.deepEqual(Object.keys(errorsOf('property')), ['expect']);
    assert.deepEqual(Object.keys(errorsOf('status')), ['expect']);
    assert.deepEqual(errorsOf('gone'), {});
    assert.deepEqual(Object.keys(errorsOf('lost')), ['http-4xx']);
    assert.equal(run.requests, 50);
    assert.equal(run.errors.expect, 20);
  }));

  test('status 500 is http-5xx, its latency apart from the successes', () => withServer({ failing: { every: 4, status: 500 } }, async ({ url }) => {
    const run = await runScript(script(GET), { target: url });
    assert.deepEqual(run.errors, { 'http-5xx': 10 });
    assert.equal(run.rows.reduce((sum, row) => sum + row.errorLatency.count, 0), 10);
    assert.equal(run.rows.reduce((sum, row) => sum + row.latency.count, 0), 30);
  }));
});

describe('the load', () => {
  test('counts equal the server’s own record to the last request, by step', () => withServer({ delayMs: 3 }, async ({ url, record }) => {
    const run = await runScript(script(`${GET}\n      - loop:\n          - post: {url: "/b", json: {a: 1}}\n        count: 3`), { target: url, stages: [constant(40, 3)] });
    const seen = await record();
    assert.equal(run.requests, seen.length);
    assert.equal(run.sent, seen.length);
    for (const [step, method] of [['GET /a', 'GET'], ['POST /b', 'POST']]) {
      const counted = run.rows.filter((row) => row.step === step).reduce((sum, row) => sum + row.requests, 0);
      assert.equal(counted, seen.filter((request) => request.method === method).length);
    }
    assert.equal(run.intervals.reduce((sum, interval) => sum + interval.arrivals, 0), 120);
  }));

  test('a rate with a fraction is really made', () => withServer({}, async ({ url }) => {
    const stages = [constant(4.58, 5), { ...constant(0, 5), arrivalsPerSec: { from: 4.58, to: 9.16 } }];
    const run = await runScript(script(GET), { target: url, stages });
    assert.equal(run.requests, Math.round(4.58 * 5 + 6.87 * 5));
    const firstStage = run.intervals.slice(0, 5).reduce((sum, interval) => sum + interval.arrivals, 0);
    assert.ok(Math.abs(firstStage - 23) <= 1, `first stage ${firstStage}`);
  }));

  test('saturation is silent in artillery; here the arrivals of each second fall visibly short of 4,000', () => withServer({}, async ({ url }) => {
    const abort = new AbortController();
    const run = await runScript(script(GET), {
      target: url, stages: [constant(4000, 3)], signal: abort.signal, onInterval: ({ second }) => { if (second === 2) abort.abort(); },
    });
    const arrivals = run.intervals.slice(0, 3).map((interval) => interval.arrivals);
    assert.ok(arrivals.every((count) => count > 100 && count < 3600), `arrivals ${arrivals.join()}`);
  }));
});

describe('stopping', () => {
  test('an abort yields everything measured so far, although artillery writes no report after a signal, and nothing in flight is lost', () => withServer({ delayMs: 300 }, async ({ url, record }) => {
    const abort = new AbortController();
    const started = Date.now();
    const run = await runScript(script(`${GET}\n      - think: 30\n      - get: {url: "/never"}`), {
      target: url, stages: [constant(20, 60)], signal: abort.signal, onInterval: ({ second }) => { if (second === 1) abort.abort(); },
    });
    assert.ok(Date.now() - started < 20_000);
    const seen = await record();
    assert.equal(run.requests, seen.length);
    assert.deepEqual(run.errors, {});
    assert.ok(run.requests >= 40 && run.requests < 120, `${run.requests}`);
  }));

  test('artillery that hangs is an engine that failed, and the seconds before it stay', () => withServer({}, async ({ url }) => {
    const seconds: number[] = [];
    const text = script('      - get: {url: "/a", beforeRequest: hang}', '  processor: ./hooks.cjs\n');
    const hooks = 'const began = Date.now(); module.exports = { hang(params, context, events, next) { while (Date.now() - began > 2500); next(); } };';
    const run = runScript(text, {
      target: url, stages: [constant(20, 30)], files: { 'hooks.cjs': hooks }, engine: createArtillery({ silenceMs: 4000 }), onInterval: ({ second }) => seconds.push(second),
    });
    await assert.rejects(run, { code: 'engine-failed', message: /has said nothing for \d+ s and was ended/ });
    assert.equal(seconds[0], 0);
  }));

  test('artillery that is ended early from within, with exit code 0, is an engine that failed and says so', () => withServer({}, async ({ url }) => {
    const text = script('      - get: {url: "/a", beforeRequest: leave}', '  processor: ./hooks.cjs\n');
    const hooks = 'const began = Date.now(); module.exports = { leave(params, context, events, next) { if (Date.now() - began > 2500) process.exit(0); next(); } };';
    await assert.rejects(runScript(text, { target: url, stages: [constant(20, 8)], files: { 'hooks.cjs': hooks } }), { code: 'engine-failed' });
  }));

  test('artillery killed in the middle is an engine that failed, and the seconds before it stay', () => withServer({}, async ({ url }) => {
    const seconds: number[] = [];
    const killer = `const { setTimeout: later } = globalThis;\nlet is = false;\nexport function die(context, events, done) {\n  if (!is) later(() => process.kill(process.pid, 'SIGKILL'), 2500);\n  is = true;\n  done();\n}\n`;
    const run = runScript(script(`      - function: die\n${GET}`, '  processor: ./die.mjs\n'), {
      target: url, stages: [constant(20, 30)], files: { 'die.mjs': killer }, onInterval: ({ second }) => seconds.push(second),
    });
    await assert.rejects(run, { code: 'engine-failed', message: /SIGKILL in the middle of the load/ });
    assert.deepEqual(seconds.slice(0, 2), [0, 1]);
  }));
});
