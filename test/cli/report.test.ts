import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { report } from '../../src/cli/commands/report.ts';
import { readRun } from '../../src/run/read.ts';
import { recordingHost } from './recording-host.ts';
import { unpackRun } from './saved-run.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-report-'));
after(() => rmSync(cwd, { recursive: true, force: true }));
const folder = unpackRun('format-1', cwd);
const EVERY = ['terminal', 'csv', 'html', 'junit', 'markdown', 'github', 'gitlab'];

/** What the kept run holds; a reader that lost a line would find less. */
const REQUESTS = 1081;
const SAMPLES = 5115;

const contents = (): Record<string, string> => Object.fromEntries(readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => [name, readFileSync(join(folder, name), 'latin1')]));

test('a run of the first format is read: every second, every reading', async () => {
  const run = await readRun(folder);
  assert.equal(run.formatVersion, 1);
  const [step] = run.steps;
  assert.deepEqual([step?.suite, step?.engine, step?.outcome.status], ['load', 'artillery', 'completed']);
  const requests = step?.intervals.flatMap(({ rows }) => rows).reduce((sum, row) => sum + row.requests, 0);
  assert.equal(requests, REQUESTS);
  assert.equal(run.samples.length, SAMPLES);
});

test('it is judged, diagnosed and reported by every reporter, offline; the same run gives the same bytes', async () => {
  const first = recordingHost({ cwd });
  assert.equal(await report(folder, { reporter: EVERY }, first.host), 1);
  assert.match(first.out(), /Milestone hit: database connections \(expected at 500 users\)/);
  const before = contents();
  for (const name of ['report.html', 'summary.csv', 'timeseries.csv', 'junit.xml', 'summary.md', 'github-comment.md', 'load-performance.json']) assert.ok((before[name]?.length ?? 0) > 100, name);
  const again = recordingHost({ cwd, now: () => Date.UTC(2031, 5, 5) });
  await report(folder, { reporter: EVERY }, again.host);
  assert.equal(again.out(), first.out());
  for (const [name, text] of Object.entries(contents())) assert.ok(text === before[name], `${name} differs`);
});

test('--plan judges the same facts by another plan, and the first plan comes to what it came to before', async () => {
  await report(folder, { reporter: ['csv'] }, recordingHost({ cwd }).host);
  const before = contents();
  writeFileSync(join(cwd, 'lenient.yaml'), LENIENT);
  const { host, out } = recordingHost({ cwd });
  await report(folder, { plan: './lenient.yaml', json: true, reporter: ['csv'] }, host);
  const { verdicts } = JSON.parse(out()) as { verdicts: { condition: { text: string }; status: string }[] };
  assert.deepEqual(verdicts.filter(({ condition }) => condition.text.startsWith('http.p95')).map(({ condition, status }) => [condition.text, status]), [['http.p95 < 60 s', 'pass']]);
  assert.notEqual(contents()['summary.csv'], before['summary.csv']);
  await report(folder, { reporter: ['csv'] }, recordingHost({ cwd }).host);
  for (const name of ['run.json', 'summary.csv', 'timeseries.csv']) assert.ok(contents()[name] === before[name], `${name} differs`);
});

const LENIENT = `id: lenient
title: Everything may take a minute
load: { users: 60, requests: "1,200 requests/min" }
assumptions: [{ id: own, text: The figures are ours., reason: There is no document behind them. }]
phases: [{ id: "2", name: Patience, users: 500-2000 }]
slo: [{ condition: "http.p95 < 60 s", assumes: [own] }]
`;
