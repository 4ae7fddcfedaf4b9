import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { summaryCsv, timeseriesCsv } from '../../src/reporters/csv.ts';
import type { Report } from '../../src/model/report.ts';
import { condition } from '../judge/facts.ts';
import { assertGolden } from './golden.ts';
import { HOSTILE } from './hostile.ts';
import { parseCsv } from './parse-csv.ts';
import { sampleReport } from './sample-report.ts';

const seriesOf = (report: Report): string => [...timeseriesCsv.render(report)].join('');
const summaryOf = async (report: Report): Promise<Record<string, string>[]> => parseCsv(summaryCsv.render(report));

test('summary.csv is as recorded', async () => assertGolden('summary.csv', summaryCsv.render(sampleReport('failed'))));

test('timeseries.csv begins as recorded', async () => {
  const lines = seriesOf(sampleReport('failed')).split('\n');
  const load = lines.findIndex((line) => line.includes(',load,'));
  const probes = lines.findIndex((line) => line.includes(',postgres.pool_waiting,'));
  assertGolden('timeseries.csv', [...lines.slice(0, 9), ...lines.slice(load, load + 60), ...lines.slice(probes, probes + 30), ''].join('\n'));
});

test('the columns are those of the contract, in its order', async () => {
  assert.equal(summaryCsv.render(sampleReport('passed')).split('\n')[0], 'run,plan,phase,suite,journey,step,metric,value,low,high,unit,limit,status,samples,source');
  assert.equal(seriesOf(sampleReport('passed')).split('\n')[0], 'time,elapsed_s,suite,journey,step,metric,value,unit');
});

test('tidy: value, bounds, limit and samples are numbers or empty, one unit to a row', async () => {
  for (const row of await summaryOf(sampleReport('failed'))) {
    for (const column of ['value', 'low', 'high', 'limit', 'samples']) assert.match(row[column] ?? 'x', /^(-?\d+(\.\d+)?(e[-+]\d+)?)?$/, `${row['metric']} ${column}`);
    assert.match(row['unit'] ?? '', /^(ms|%|\/s|B|1|USD)$/);
  }
});

test('an observation stands once: no two rows of the traffic share suite, journey, step and metric', async () => {
  const rows = (await summaryOf(sampleReport('failed'))).filter((row) => row['status'] === '');
  const keys = rows.map((row) => [row['suite'], row['journey'], row['step'], row['metric']].join('|'));
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.includes('unit|dashboard|finance-summary|http.p95'));
  assert.ok(keys.includes('load|||http.p95'));
});

test('a text that begins like a formula cannot be run by a spreadsheet', async () => {
  for (const text of [summaryCsv.render(sampleReport('hostile')), seriesOf(sampleReport('hostile'))]) {
    for (const row of parseCsv(text)) {
      for (const [column, cell] of Object.entries(row)) {
        if (!['value', 'low', 'high', 'limit', 'samples', 'elapsed_s'].includes(column)) assert.doesNotMatch(cell, /^[=+\-@\t\r]/, `${column}: ${cell}`);
      }
    }
  }
});

test('negative numbers stay numbers', async () => {
  const report = sampleReport('passed');
  const [verdict] = report.verdicts;
  assert.ok(verdict);
  const [row] = await summaryOf({ ...report, verdicts: [{ ...verdict, observed: -3.5, low: -4, high: -1e-7 }] });
  assert.deepEqual([row?.['value'], row?.['low'], row?.['high']].map(Number), [-3.5, -4, -1e-7]);
});

test('names with quotes, commas, line feeds and carriage returns come back whole', async () => {
  const rows = await summaryOf(sampleReport('hostile'));
  assert.ok(rows.some((row) => row['journey'] === HOSTILE.quoted));
  const report = sampleReport('passed');
  const text = summaryCsv.render({ ...report, run: { ...report.run, id: 'a\rb' } });
  assert.ok(text.includes('"a\rb"'), 'many readers end a line at a lone carriage return');
});

test('alternatives name each metric, scopes without a column stay on it, and a relative limit is what it was in this run', async () => {
  const report = sampleReport('passed');
  const [verdict] = report.verdicts;
  assert.ok(verdict);
  const verdicts = [
    { ...verdict, condition: condition('node.cpu > 80 % or node.event_loop_lag > 100 ms'), observed: 120, limit: 100 },
    { ...verdict, condition: condition('redis.memory_used{instance=cache} < 80 %'), observed: 20, limit: 80 },
    { ...verdict, condition: condition('http.p95 < 3 x reference'), observed: 50, limit: 206 },
    { ...verdict, condition: condition('redis.hit_ratio > 60 %'), observed: null, limit: null, status: 'not-measured' as const },
  ];
  const rows = (await summaryOf({ ...report, verdicts })).slice(0, 4);
  assert.deepEqual(rows.map((row) => [row['metric'], row['unit'], row['limit']]), [
    ['node.cpu or node.event_loop_lag', 'ms', '100'], ['redis.memory_used{instance=cache}', '%', '80'], ['http.p95', 'ms', '206'], ['redis.hit_ratio', '%', '60'],
  ]);
});

test('a run without a step still has its verdicts, and a time series of its columns alone', async () => {
  assert.ok((await summaryOf(sampleReport('interrupted'))).every((row) => row['value'] === ''));
  assert.equal(seriesOf(sampleReport('interrupted')).trim().split('\n').length, 1);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test('another reader of CSV finds the same rows and cells', { skip: hasPython ? false : 'no Python on this machine' }, () => {
  const read = 'import csv, json, sys; print(json.dumps(list(csv.DictReader(open(sys.stdin.fileno(), newline="", encoding="utf-8")))))';
  for (const text of [summaryCsv.render(sampleReport('hostile')), seriesOf(sampleReport('hostile'))]) {
    const { stdout, stderr } = spawnSync('python3', ['-c', read], { input: text, encoding: 'utf8', maxBuffer: 64e6 });
    assert.equal(stderr, '');
    assert.deepEqual(JSON.parse(stdout), parseCsv(text));
  }
});

test('trap: a day of seconds is more than one string can hold: it comes in pieces, each of whole rows', () => {
  const pieces = [...timeseriesCsv.render(sampleReport('failed'))];
  assert.ok(pieces.length > 3);
  assert.ok(pieces.every((piece) => piece.endsWith('\n') && piece.length < 2_000_000));
});
