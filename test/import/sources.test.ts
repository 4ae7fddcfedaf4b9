import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ScaleplanError } from '../../src/errors.ts';
import { importedStep } from '../../src/import/imported-step.ts';
import { sourceNamed } from '../../src/import/registry.ts';
import type { Results } from '../../src/import/source.ts';
import { summarize } from '../../src/judge/summarize.ts';
import type { StepSummary } from '../../src/model/report.ts';

// Recorded from k6 2.2.0, JMeter 5.6.3, artillery 2.0.34, Locust and vegeta 12.12.0 on one small server that also hangs, drops and refuses.
const DATA = join(import.meta.dirname, 'data');
const ALL = { fromSeconds: null, toSeconds: null };

async function read(tool: string, file: string): Promise<{ readonly results: Results; readonly summary: StepSummary; readonly steps: StepSummary['journeys'][string]['steps'] }> {
  const results = await (await sourceNamed(tool))(join(DATA, file));
  const summary = summarize(importedStep(file, results, ALL));
  const steps = Object.assign({}, ...Object.values(summary.journeys).map((journey) => journey.steps)) as StepSummary['journeys'][string]['steps'];
  return { results, summary, steps };
}

/** Within so many percent of what the tool itself said. */
function near(actual: number | null | undefined, expected: number, percent: number): void {
  assert.ok(actual !== null && actual !== undefined && Math.abs(actual - expected) <= (expected * percent) / 100, `${actual} is not within ${percent} % of ${expected}`);
}

describe('k6', () => {
  for (const file of ['k6.json.gz', 'k6.csv.gz']) {
    it(`${file}: every request once, with the kind of its failure, by journey and step`, async () => {
      const { summary, steps, results } = await read('k6', file);
      assert.equal(summary.requests, 130);
      const { 'http-5xx': serverErrors = 0, ...others } = summary.errors;
      assert.ok(serverErrors >= 1 && serverErrors <= 2);
      assert.deepEqual(others, { refused: 4, 'http-4xx': 3, timeout: 4, closed: 4 });
      assert.deepEqual(Object.keys(summary.journeys).toSorted(), ['buy', 'reading']);
      assert.deepEqual([steps['list']?.requests, steps['item']?.requests, steps['hang']?.errors.timeout], [43, 43, 4]);
      assert.ok((summary.latencyMs.max ?? 0) >= 1000, 'time-outs rank behind every success');
      near(results.timeoutMs, 1000, 2);
      assert.match(results.notes.join('\n'), /checks failed; k6 does not say of which request/);
    });
  }

  it('adds the connect that http_req_duration leaves out', async () => {
    const lines = gunzipSync(readFileSync(join(DATA, 'k6.json.gz'))).toString().split('\n').filter((line) => line.includes('"Point"')).map((line) => JSON.parse(line) as { metric: string; data: { value: number; tags: Record<string, string> } });
    const sum = (metric: string): number => lines.filter((line) => line.metric === metric && line.data.tags['expected_response'] === 'true').reduce((total, { data }) => total + data.value, 0);
    const connect = sum('http_req_connecting');
    assert.ok(connect > 0);
    const { results } = await read('k6', 'k6.json.gz');
    const sumUs = results.seconds.flatMap(({ rows }) => rows).reduce((total, { latency }) => total + latency.sumUs, 0);
    near(sumUs / 1000, sum('http_req_duration') + connect, 0.1);
  });

  it('calls a run whose iterations were dropped one that its generator spoiled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scaleplan-import-'));
    try {
      const text = gunzipSync(readFileSync(join(DATA, 'k6.json.gz'))).toString();
      const file = join(folder, 'dropped.json');
      writeFileSync(file, `${text}{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-21T06:00:25Z","value":40,"tags":{}}}\n`);
      const { generatorReasons } = await (await sourceNamed('k6'))(file);
      assert.match(generatorReasons.join(), /k6 dropped 40 of \d+ iterations/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('JMeter', () => {
  it('counts samples, not the transactions that repeat them, in quoted fields too', async () => {
    const { summary, steps, results } = await read('jmeter', 'jmeter.jtl');
    assert.equal(summary.requests, 159, 'as JMeter’s own summary says');
    assert.deepEqual(summary.errors, { timeout: 21, refused: 18, closed: 18, 'http-5xx': 6 });
    assert.deepEqual(Object.keys(summary.journeys), ['browsing']);
    assert.equal(steps['order, new']?.requests, 21);
    assert.deepEqual([results.users, results.timeoutMs], [3, 801]);
    assert.match(results.notes.join('\n'), /18 rows of transaction controllers/);
  });
});

describe('vegeta', () => {
  for (const file of ['vegeta.json.gz', 'vegeta.csv.gz']) {
    it(`${file}: as its own report says`, async () => {
      const { summary, results } = await read('vegeta', file);
      assert.equal(summary.requests, 120);
      assert.deepEqual(summary.errors, { refused: 15, closed: 15, timeout: 15 });
      assert.equal(summary.model, 'open');
      near(summary.asked.arrivalsPerSec, 10.09, 2);
      assert.equal(results.timeoutMs, 1000);
      assert.equal(results.seconds[0]?.startedAtMs, Date.parse('2026-11-21T06:02:16.768Z') + (results.seconds[0]?.startedAtMs ?? 0) % 1);
    });
  }
});

describe('artillery', () => {
  it('has the counts of its report, and no percentile below what it says', async () => {
    const { summary, steps, results } = await read('artillery', 'artillery.json');
    assert.equal(summary.requests, 138);
    assert.deepEqual(summary.errors, { timeout: 5, 'http-5xx': 2 });
    assert.deepEqual(Object.fromEntries(Object.entries(steps).map(([name, { requests }]) => [name, requests])), { list: 58, item: 58, order: 17, hang: 5 });
    near(steps['item']?.latencyMs.p95, 37.7, 2);
    near(steps['list']?.latencyMs.p95, 15, 2);
    near(steps['list']?.latencyMs.mean, 10.6, 2);
    const sent = results.seconds.reduce((sum, one) => sum + one.sent, 0);
    assert.equal(sent, 138);
    assert.match(results.notes.join('\n'), /ten seconds.*\n.*first byte/);
  });
});

describe('Locust', () => {
  it('has the totals of its history, with the kinds of failures from the file beside it', async () => {
    const { summary, steps, results } = await read('locust', 'shop_stats_history.csv');
    assert.equal(summary.requests, 352);
    assert.deepEqual(summary.errors, { timeout: 41, 'http-5xx': 7 });
    assert.deepEqual(Object.fromEntries(Object.entries(steps).map(([name, { requests }]) => [name, requests])), { hang: 41, item: 128, list: 128, order: 55 });
    near(steps['list']?.latencyMs.p95, 18, 15);
    near(steps['item']?.latencyMs.p95, 44, 15);
    assert.deepEqual([results.users, results.timeoutMs], [5, 500]);
  });

  it('without that file says that it does not know what failed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scaleplan-import-'));
    try {
      const file = join(folder, 'alone_stats_history.csv');
      writeFileSync(file, readFileSync(join(DATA, 'shop_stats_history.csv')));
      const results = await (await sourceNamed('locust'))(file);
      assert.deepEqual(summarize(importedStep(file, results, ALL)).errors, { expect: 48 });
      assert.match(results.notes.join('\n'), /what failures were is not in the history/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what is no such file', () => {
  it('is refused with its line and what the tool should have written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scaleplan-import-'));
    const jtl = readFileSync(join(DATA, 'jmeter.jtl'), 'utf8');
    const header = jtl.split('\n')[0] ?? '';
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['jmeter', '<?xml version="1.0"?><testResults/>', /JTL as XML/],
      ['jmeter', 'a,b\n1,2\n', /:1 {2}is not a JTL.*timeStamp/],
      ['jmeter', `${header}\n`, /holds no request/],
      ['jmeter', `${header}\n17952,x,list,200,OK\n`, /:2 {2}elapsed: expected a number, got "x"/],
      ['jmeter', `${header}\n17952,5,"list,200,OK\n`, /:2 {2}a quote is opened and never closed/],
      ['k6', '{"metrics":{}}', /:1 {2}is no line of k6’s JSON output/],
      ['vegeta', '\u00ff\u0081binary', /binary form/],
      ['vegeta', '{"latencies":{}}', /:1 {2}is no result of vegeta/],
      ['artillery', '{"aggregate":1}', /no report of artillery/],
      ['artillery', '{"aggregate":{},"intermediate":[]}', /holds no request/],
      ['locust', 'Type,Name\n', /lacks Timestamp/],
    ];
    try {
      for (const [tool, text, says] of cases) {
        const file = join(folder, 'results');
        writeFileSync(file, text);
        await assert.rejects((await sourceNamed(tool))(file), (error) => error instanceof ScaleplanError && error.code === 'wrong-results' && error.exitCode === 2 && says.test(error.message), `${tool} ${text}`);
      }
      await assert.rejects((await sourceNamed('vegeta'))(join(folder, 'none')), /cannot be read/);
      await assert.rejects(sourceNamed('jmter'), /did you mean "jmeter"/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the judged time', () => {
  it('begins and ends where it was asked', async () => {
    const { results } = await read('vegeta', 'vegeta.json.gz');
    const step = importedStep('f', results, { fromSeconds: 3, toSeconds: 8 });
    const { judgedSeconds, requests } = summarize(step);
    assert.equal(judgedSeconds, 5);
    assert.ok(requests >= 45 && requests <= 55, String(requests));
    assert.throws(() => importedStep('f', results, { fromSeconds: 60, toSeconds: null }), /nothing is left of its 11 s/);
  });
});
