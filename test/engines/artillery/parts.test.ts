import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { divideRows } from '../../../src/engines/artillery/plugin/rows.ts';
import { openCollector } from '../../../src/engines/artillery/collector.ts';
import { artilleryCommand } from '../../../src/engines/artillery/command.ts';
import { findArtillery } from '../../../src/engines/artillery/installed.ts';
import { kindOfHttpError } from '../../../src/engines/artillery/plugin/error-kind.ts';
import { prepareArtillery } from '../../../src/engines/artillery/prepare.ts';
import { SecondsOfWorkers } from '../../../src/engines/artillery/seconds-of-workers.ts';
import type { WorkerSecond } from '../../../src/engines/artillery/wire.ts';
import type { Interval } from '../../../src/model/interval.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder } from '../../../src/stats/histogram.ts';
import { load, stage } from '../autocannon/measure.ts';
import { constant } from './run-script.ts';

function part(worker: number, second: number, us: readonly number[]): WorkerSecond {
  const latency = new LatencyRecorder();
  for (const one of us) latency.record(one);
  const row = {
    journey: 'a', step: 'b', requests: us.length, errors: us.length > 1 ? { timeout: 1 } : {}, statuses: { 200: us.length }, bytes: 10,
    latency: latency.take(), errorLatency: EMPTY_HISTOGRAM, ttfb: EMPTY_HISTOGRAM,
  };
  const generator = { loopUtilization: worker / 10, loopLagMs: worker };
  return { t: 'second', worker, second, sent: us.length, arrivals: us.length, inFlight: 0, rows: us.length === 0 ? [] : [row], generator };
}

test('a second goes out once every worker has reported it, in order and merged exactly', () => {
  const out: Interval[] = [];
  const seconds = new SecondsOfWorkers(2, (interval) => out.push(interval));
  seconds.expect(2);
  seconds.begin(1_000_000);
  seconds.add(part(1, 0, [100, 300]));
  seconds.add(part(1, 1, [500]));
  assert.equal(out.length, 0);
  seconds.add(part(2, 0, [200]));
  assert.equal(out.length, 1);
  const row = out[0]?.rows[0];
  assert.equal(row?.requests, 3);
  assert.deepEqual(row.errors, { timeout: 1 });
  assert.deepEqual(row.latency, { counts: [100, 1, 200, 1, 300, 1], count: 3, minUs: 100, maxUs: 300, sumUs: 600 });
  assert.deepEqual(out[0]?.generator, { loopUtilization: 0.2, loopLagMs: 2 });
  seconds.end(2);
  assert.deepEqual(out.map(({ second, startedAtMs }) => [second, startedAtMs]), [[0, 1_000_000], [1, 1_001_000]]);
});

test('empty seconds behind the planned end are artillery noticing that it is done; they are left out unless something follows', () => {
  const out: Interval[] = [];
  const seconds = new SecondsOfWorkers(1, (interval) => out.push(interval));
  seconds.expect(1);
  seconds.add(part(1, 0, [1]));
  seconds.add(part(1, 1, []));
  assert.equal(out.length, 1);
  seconds.add(part(1, 2, [7]));
  seconds.add(part(1, 3, []));
  seconds.finish();
  assert.deepEqual(out.map(({ second }) => second), [0, 1, 2]);
});

/** Says these lines to a driver as artillery's threads would, and gives its fault and the seconds before it. */
async function saying(lines: readonly string[]): Promise<{ readonly fault: string | undefined; readonly seconds: readonly number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'collector-test-'));
  const socket = join(folder, 's');
  const collector = await openCollector({ socket, plannedSeconds: 9, idleSeconds: 60 });
  try {
    const client = connect(socket);
    client.on('error', () => {});
    client.write(`${lines.join('\n')}\n`);
    const seconds: number[] = [];
    for await (const { second } of collector.intervals) seconds.push(second);
    client.destroy();
    return { fault: collector.fault()?.message, seconds };
  } finally {
    collector.close();
    await rm(folder, { recursive: true, force: true });
  }
}

test('a line of the plugin that is garbled, missing, told twice or told after the end is a fault; the seconds before it stay', async () => {
  const begin = ['{"t":"main"}', '{"t":"worker","worker":1,"of":1}', '{"t":"begun","atUs":1,"atMs":1}'];
  const second = (at: number): string => JSON.stringify(part(1, at, [1]));
  assert.match((await saying([...begin, '{"t":"sec'])).fault ?? '', /makes no sense: \{"t":"sec/);
  const missing = await saying([...begin, second(0), second(2)]);
  assert.match(missing.fault ?? '', /second 2 of worker 1 came where second 1 was due/);
  assert.deepEqual(missing.seconds, [0]);
  const twice = await saying([...begin, second(0), second(1), second(1)]);
  assert.match(twice.fault ?? '', /second 1 of worker 1 came where second 2 was due/);
  assert.deepEqual(twice.seconds, [0, 1]);
  assert.match((await saying([...begin, second(0), '{"t":"end","worker":1}', second(1)])).fault ?? '', /went on after its end/);
});

test('errors of the HTTP client get the kind that tells a closed connection from a reset one and the target from ourselves', () => {
  const kind = (code: string, message = ''): string => kindOfHttpError(Object.assign(new Error(message), { code }));
  assert.equal(kind('ECONNREFUSED'), 'refused');
  assert.equal(kind('ECONNRESET', 'read ECONNRESET'), 'reset');
  assert.equal(kind('ECONNRESET', 'socket hang up'), 'closed');
  assert.equal(kind('ETIMEDOUT'), 'timeout');
  assert.equal(kind('ERR_SOCKET_TIMEOUT'), 'timeout');
  assert.equal(kind('ENOTFOUND'), 'dns');
  assert.equal(kind('CERT_HAS_EXPIRED'), 'tls');
  assert.equal(kind('EMFILE'), 'engine');
});

test('a missing artillery and a Node that is too old are told apart, each with what to do', async () => {
  assert.match(JSON.stringify(await findArtillery('24.0.0', pathToFileURL('/nowhere/at/all.js').href)), /optional dependency.*npm install artillery/);
  assert.match(JSON.stringify(await findArtillery('22.17.1')), /needs Node 22\.18.*22\.17\.1/);
  const found = await findArtillery();
  assert.ok('bin' in found);
  assert.match(found.version, /^2\./);
});

test('the closed model, a single endpoint and a k6 script are refused with the engines that can', () => {
  assert.throws(() => prepareArtillery(load('http://127.0.0.1:9', { shape: { model: 'closed', stages: [stage(5, 2)] } })), { code: 'engine-cannot', hint: /autocannon or k6/ });
  const open = load('http://127.0.0.1:9', { shape: { model: 'open', stages: [constant(1, 1)] } });
  assert.throws(() => prepareArtillery({ ...open, endpoint: { journey: 'a', step: 'b' } }), { code: 'engine-cannot' });
  assert.throws(() => prepareArtillery({ ...open, scenario: { ...open.scenario, native: { engine: 'k6', reason: 'it is a k6 script' } } }), { code: 'engine-cannot', hint: /k6/ });
  assert.doesNotThrow(() => prepareArtillery(open));
});

test('a payload that artillery could not read as one text is refused before the load, with the engines that leave it on the disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'payload-'));
  try {
    const file = join(folder, 'large.csv');
    await writeFile(file, 'id\n1\n');
    const payload = { file, fields: ['id'], order: 'sequence', skipHeader: true, delimiter: ',' } as const;
    const open = load('http://127.0.0.1:9', { shape: { model: 'open', stages: [constant(1, 1)] } });
    const asked = { ...open, scenario: { ...open.scenario, payloads: [payload] } };
    assert.doesNotThrow(() => prepareArtillery(asked));
    // A hole: no disk is used for it.
    await truncate(file, 1e9);
    assert.throws(() => prepareArtillery(asked), { code: 'engine-cannot', message: /has 1\.0 GB/, hint: /k6 or autocannon/ });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('artillery runs headless without telemetry, and secrets in headers are on no command line', () => {
  const asked = load('http://127.0.0.1:9', { shape: { model: 'open', stages: [constant(1, 1)] }, headers: { authorization: 'Bearer s3cret' } });
  const { args, env } = artilleryCommand('/bin/run', asked, '/tmp/x', '/tmp/x/s');
  assert.ok(!args.join(' ').includes('s3cret'));
  assert.ok(Object.values(env).includes('Bearer s3cret'));
  assert.equal(env['ARTILLERY_DISABLE_TELEMETRY'], '1');
});

test('rows in sequence are dealt out to artillery’s workers, where several of them make arrivals', () => {
  const rowsFor = (worker: number, of: number, phase: { arrivalRate?: number }, order = 'sequence'): unknown => {
    const payload = [{ order, data: [1, 2, 3, 4] }];
    divideRows({ config: { phases: [phase], payload } }, worker, of);
    return payload[0]?.data;
  };
  assert.deepEqual([rowsFor(1, 2, { arrivalRate: 600 }), rowsFor(2, 2, { arrivalRate: 600 })], [[1, 3], [2, 4]]);
  assert.deepEqual(rowsFor(1, 3, { arrivalRate: 600 }), [1, 4, 3, 2]);
  assert.deepEqual([rowsFor(1, 1, { arrivalRate: 600 }), rowsFor(2, 2, {}), rowsFor(2, 2, { arrivalRate: 600 }, 'random')], [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]);
});
