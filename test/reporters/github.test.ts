import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import { deliver } from '../../src/cli/deliver.ts';
import type { Report, Verdict } from '../../src/model/report.ts';
import { gitlab } from '../../src/reporters/gitlab.ts';
import { reportersNamed } from '../../src/reporters/registry.ts';
import type { Reporter } from '../../src/reporters/reporter.ts';
import { recordingHost } from '../cli/recording-host.ts';
import { reportWithBaseline, sampleReport } from './sample-report.ts';

const root = join(import.meta.dirname, '../..');
const reporters = await reportersNamed(['github'], root);
const byFile = (fileName: string | null): Reporter => reporters.find((one) => one.fileName === fileName) ?? assert.fail(`none writes ${fileName}`);
async function rendered(fileName: string | null, report: Report, from = root): Promise<string> {
  const text = await byFile(fileName).render(report, { chalk: new Chalk({ level: 0 }), columns: 80, root: from });
  return typeof text === 'string' ? text : [...text].join('');
}
const commandsOf = async (report: Report, from = root): Promise<string[]> => (await rendered(null, report, from)).split('\n').filter(Boolean);

/** `::error file=…,line=…::message` as the runner takes it apart. */
function parse(command: string): { kind: string; properties: Record<string, string>; message: string } {
  const [, kind = '', properties = '', message = ''] = /^::(\w+) (.*?)::(.*)$/.exec(command) ?? assert.fail(command);
  const decode = (text: string): string => text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
  return { kind, message: decode(message), properties: Object.fromEntries(properties.split(',').map((pair) => [pair.split('=')[0] ?? '', decode(pair.slice(pair.indexOf('=') + 1))])) };
}

test('a failed threshold is annotated at its line of the plan file', async () => {
  const failed = (await commandsOf(sampleReport('failed'))).map(parse).find(({ properties }) => properties['title']?.startsWith('Failed: '));
  assert.equal(failed?.kind, 'error');
  const { file = '', line } = failed.properties;
  assert.equal(file, 'thresholds/ventures.yaml');
  assert.match(readFileSync(join(root, file), 'utf8').split('\n')[Number(line) - 1] ?? '', /http\.p95\{journey=dashboard\} < 500 ms/);
  assert.match(failed.message, /limit < 500 ms.*§SLA targets, line 379/);
});

test('a milestone that was hit is an error, a sign that fired a notice, a required threshold nobody could decide a warning', async () => {
  const titles = async (name: 'failed' | 'inconclusive'): Promise<string[]> => (await commandsOf(sampleReport(name))).map(parse).map(({ kind, properties }) => `${kind} ${properties['title']}`);
  assert.deepEqual(await titles('failed'), ['error Milestone hit: database connections', 'error Failed: http.p95{journey=dashboard} < 500 ms', 'notice Fired: http.p95 > 3 x reference']);
  assert.deepEqual(await titles('inconclusive'), ['warning Not decided: http.error_rate < 0.1 %']);
});

test('a run that passed has nothing to annotate; one that is broken has one error and no line', async () => {
  assert.deepEqual(await commandsOf(sampleReport('passed')), []);
  const [invalid] = (await commandsOf(sampleReport('invalid'))).map(parse);
  assert.deepEqual([invalid?.kind, invalid?.properties['file']], ['error', undefined]);
});

test('a regression against the baseline is an error without a line', async () => {
  const [worse, ...others] = (await commandsOf(reportWithBaseline())).map(parse);
  assert.deepEqual([worse?.kind, worse?.properties['title'], others.length], ['error', 'Worse than the baseline: load · dashboard p95', 0]);
});

test('a plan outside the repository has no line to point at', async () => {
  const commands = (await commandsOf(sampleReport('failed'), '/some/where/else')).map(parse);
  assert.ok(commands.length > 0 && commands.every(({ properties }) => properties['file'] === undefined));
});

test('trap: GitHub drops the eleventh annotation of a kind; the tenth says how many there were', async () => {
  const base = sampleReport('failed');
  const verdict = base.verdicts.find(({ status }) => status === 'fail');
  assert.ok(verdict);
  const many = Array.from({ length: 25 }, (_, at): Verdict => ({ ...verdict, reason: `number ${at}` }));
  const commands = (await commandsOf({ ...base, verdicts: many, diagnosis: { ...base.diagnosis, bottlenecks: [] } })).map(parse);
  assert.equal(commands.length, 10);
  assert.equal(commands[9]?.properties['title'], '16 more');
});

test('no text can end its command, or begin another', async () => {
  const base = sampleReport('hostile');
  const [verdict] = base.verdicts;
  assert.ok(verdict);
  const reason = 'one\n::error::two\r\n%0A';
  const place = { file: join(root, 'a,b:c%d.yaml'), line: 3, column: 1 };
  const commands = await commandsOf({ ...base, verdicts: [{ ...verdict, status: 'fail', reason, condition: { ...verdict.condition, required: true, place } }] });
  const own = commands.map(parse).find(({ properties }) => properties['line'] === '3');
  assert.equal(own?.properties['file'], 'a,b:c%d.yaml');
  assert.ok(commands.every((command) => command.startsWith('::')));
  assert.match(own.message, /one ::error::two %0A$/);
});

test('the comment begins with a marker that is the same for every run of plan and phase, and fits GitHub’s limit', async () => {
  const marker = '<!-- scaleplan: ventures phase 2 -->';
  for (const name of ['failed', 'passed', 'hostile'] as const) {
    const body = await rendered('github-comment.md', sampleReport(name));
    assert.equal(body.split('\n')[0], marker);
    assert.ok(body.length <= 65_536);
  }
  const base = sampleReport('failed');
  const verdicts = Array.from({ length: 5000 }, () => base.verdicts).flat().slice(0, 5000);
  const huge = await rendered('github-comment.md', { ...base, verdicts, plan: { ...base.plan, id: 'a --> b' } });
  assert.ok(Buffer.byteLength(huge) <= 65_536);
  assert.match(huge, /^<!-- scaleplan: a - b phase 2 -->\n## ❌ FAIL/);
  assert.ok(Buffer.byteLength(await rendered('summary.md', { ...base, verdicts })) <= 1024 * 1024);
});

test('in a workflow the summary is appended to the file of the step, and annotations leave --json alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-github-'));
  try {
    const GITHUB_STEP_SUMMARY = join(folder, 'step');
    const { host, out, err } = recordingHost({ cwd: root, env: { GITHUB_STEP_SUMMARY, GITHUB_WORKSPACE: root } });
    const files: string[] = [];
    const twice = [...reporters, ...(await reportersNamed(['json'], root))];
    for (const name of ['failed', 'passed'] as const) await deliver(sampleReport(name), twice, { write: (file) => void files.push(file) }, host);
    assert.deepEqual(files, ['run.json', 'summary.md', 'github-comment.md', 'run.json', 'summary.md', 'github-comment.md']);
    assert.match(readFileSync(GITHUB_STEP_SUMMARY, 'utf8'), /^## ❌ FAIL[\s\S]*\n## ✅ PASS/);
    assert.match(err(), /^::error /);
    assert.match(out(), /^\{\n/);
    assert.doesNotMatch(out(), /::error/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What the merge-request widget does with the file, in its own order: index, then show. */
function asTheWidgetReadsIt(text: string): Record<string, unknown> {
  const { metrics } = JSON.parse(text) as { metrics: Record<string, Record<string, number>> };
  const { checks, http_reqs: requests, http_req_waiting: waiting } = metrics;
  return {
    ...(checks ? { Checks: `${(((checks['passes'] ?? 0) / ((checks['passes'] ?? 0) + (checks['fails'] ?? 0))) * 100).toFixed(2)}%` } : {}),
    ...(requests ? { RPS: requests['rate'] } : {}),
    ...(waiting ? { 'TTFB P90': waiting['p(90)'], 'TTFB P95': waiting['p(95)'] } : {}),
  };
}

test('gitlab: the widget finds checks, requests per second and times to the first byte; what was not measured is left out', () => {
  const base = sampleReport('failed');
  const shown = asTheWidgetReadsIt(gitlab.render(base));
  assert.equal(shown['Checks'], '96.15%');
  assert.ok(Math.abs(Number(shown['RPS']) - 33.4) < 0.5);
  assert.equal('TTFB P95' in shown, false, 'artillery’s sample has no first bytes');
  const steps = base.steps.map((step) => ({ ...step, ttfbMs: { p50: 5, p90: 9, p95: 12.5, p99: 20, max: 30, mean: 6 } }));
  assert.deepEqual([asTheWidgetReadsIt(gitlab.render({ ...base, steps }))].map((one) => [one['TTFB P90'], one['TTFB P95']]), [[9, 12.5]]);
  assert.deepEqual(asTheWidgetReadsIt(gitlab.render({ ...sampleReport('interrupted'), verdicts: [] })), {});
});
