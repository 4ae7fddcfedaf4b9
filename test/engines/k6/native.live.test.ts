import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { k6 as engine } from '../../../src/engines/k6/driver.ts';
import type { LoadShape } from '../../../src/model/load.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { constant } from '../artillery/run-script.ts';
import { load, stage, summarize, type Measured } from '../autocannon/measure.ts';
import type { Interval } from '../../../src/model/interval.ts';
import { startBehavingServer } from '../behaving-server.ts';
import { missingK6 } from './built.ts';

const skip = await missingK6();

/** Runs a k6 script and gives what was measured, and what the script judged by itself. */
async function runNative(target: string, source: string, { shape = { model: 'open', stages: [constant(20, 1)] }, name = 'script.js' }: { shape?: LoadShape; name?: string } = {}): Promise<{ measured: Measured; findings: unknown; log: string }> {
  const workDir = await mkdtemp(join(tmpdir(), 'k6-native-'));
  try {
    const file = join(workDir, name);
    await writeFile(file, source);
    await writeFile(join(workDir, 'beside.json'), '{"path":"/beside"}');
    const intervals: Interval[] = [];
    const asked = load(target, { workDir, shape, timeoutMs: 2000, scenario: await loadScenario(file) });
    for await (const interval of engine.run(asked, new AbortController().signal)) intervals.push(interval);
    return { measured: summarize(intervals), findings: await engine.findings?.(asked), log: await readFile(join(workDir, 'k6.log'), 'utf8') };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

describe('a k6 script of the user’s', { skip, concurrency: 3 }, () => {
  test('runs as it is under our load; its thresholds and checks are reported beside, and k6’s exit code 99 for crossed ones is no failure of the engine', async () => {
    await using server = await startBehavingServer({ delayMs: 20 });
    const { measured, findings } = await runNative(server.url, `
      import http from 'k6/http';
      import { check } from 'k6';
      const beside = JSON.parse(open('./beside.json'));
      export const options = { vus: 100, duration: '1h', thresholds: { http_req_duration: ['p(95)<5'], checks: ['rate>0.9'] } };
      export function setup() { return { path: beside.path }; }
      export default function (data) {
        const answer = http.get(__ENV.TARGET + data.path);
        check(answer, { 'is 200': (r) => r.status === 200 });
        http.post(__ENV.TARGET + '/b?secret=1', 'x', { tags: { name: 'second' } });
      }`);
    const record = await server.record();
    assert.equal(record.length, 40);
    assert.equal(measured.requests, 40);
    assert.equal(measured.sent, 40);
    assert.equal(measured.intervals.reduce((sum, { arrivals }) => sum + arrivals, 0), 20);
    assert.deepEqual(new Set(measured.rows.map(({ journey, step }) => `${journey}/${step}`)), new Set(['default/GET /beside', 'default/second']));
    assert.ok(measured.quantileMs(0.5) >= 20 && measured.quantileMs(0.5) < 70, `p50 ${measured.quantileMs(0.5)}`);
    assert.deepEqual(findings, [
      { source: 'k6', kind: 'threshold', name: 'checks: rate>0.9', passed: 1, failed: 0 },
      { source: 'k6', kind: 'threshold', name: 'http_req_duration: p(95)<5', passed: 0, failed: 1 },
      { source: 'k6', kind: 'check', name: 'is 200', passed: 20, failed: 0 },
    ]);
  });

  test('its scenarios take turns under our load, in TypeScript and in the closed model, too; an exception is an error and not silence', async () => {
    await using server = await startBehavingServer({ delayMs: 10, failing: { every: 3, status: 503 } });
    const { measured, log } = await runNative(server.url, `
      import http from 'k6/http';
      export const options: object = { scenarios: { a: { executor: 'shared-iterations', exec: 'buy' }, b: { executor: 'constant-vus', vus: 1, duration: '1h', exec: 'broken' } } };
      export function buy(): void { http.get(__ENV.TARGET + '/buy'); }
      export function broken(): void { http.get(__ENV.TARGET + '/broken'); throw new Error('no such thing'); }`,
    { name: 'script.ts', shape: { model: 'closed', stages: [stage(2, 1)] } });
    const record = await server.record();
    const of = (step: string): number => measured.rows.filter((row) => row.step === step).reduce((sum, row) => sum + row.requests, 0);
    assert.equal(of('GET /buy') + of('GET /broken'), record.length);
    assert.ok(Math.abs(of('GET /buy') - of('GET /broken')) <= 3);
    assert.equal(measured.errors.engine, of('(exception)'));
    assert.ok(of('(exception)') >= of('GET /broken') - 2);
    assert.equal(measured.errors['http-5xx'], record.filter(({ status }) => status === 503).length);
    assert.match(log, /no such thing/);
  });

  test('one that cannot be read is a fault of the scenario, in k6’s words', async () => {
    for (const [source, said] of [['import http from "k6/http"; export default function () {', /Unexpected|SyntaxError/], ['import http from "k6/http"; export const a = 1;', /exports no function "default"/]] as const) {
      await assert.rejects(runNative('http://127.0.0.1:20000', source), { code: 'wrong-scenario', message: said });
    }
  });
});
