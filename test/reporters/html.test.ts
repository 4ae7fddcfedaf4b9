import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../src/reporters/html/page.ts';
import { chartData } from '../../src/reporters/html/panels.ts';
import { thin } from '../../src/reporters/html/thin.ts';
import { SAMPLES, sampleReport, type SampleName } from './sample-report.ts';

const page = async (name: SampleName): Promise<string> => html.render(sampleReport(name));

test('a page is one file of less than 1 MB that names no other', async () => {
  for (const name of Object.keys(SAMPLES) as SampleName[]) {
    const text = await page(name);
    assert.ok(text.length < 1_000_000, `${name}: ${text.length}`);
    assert.doesNotMatch(text, /<(?:link|script|img|iframe)[^>]*\s(?:src|href)=/i, name);
    assert.doesNotMatch(text, /\bimport\s*\(|@import|url\(/i, name);
  }
});

test('the policy of the page allows one script and nothing from outside', async () => {
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(await page('passed')) ?? [];
  assert.match(policy ?? '', /default-src 'none'.*script-src 'sha256-[\w+/]+=*';/);
  assert.doesNotMatch(policy ?? '', /script-src[^;]*(?:unsafe|http|\*)/);
});

test('charts are about the load suite: the faster endpoints before it would press it flat', () => {
  const report = sampleReport('failed');
  const { seconds, panels, stages } = chartData(report);
  const load = report.run.steps.at(-1);
  assert.equal(seconds.length, load?.intervals.length);
  assert.equal(seconds[0], 116);
  assert.deepEqual(stages.map(({ name, judged }) => [name, judged]), [['reference', false], ['ramp', false], ['judged', true]]);
  const throughput = panels.find(({ id }) => id === 'throughput');
  assert.ok(throughput?.lines.every(({ values }) => Math.max(...values.map((value) => value ?? 0)) < 60));
});

test('client, evidence and limits are there, each once', () => {
  const { panels } = chartData(sampleReport('failed'));
  assert.deepEqual(panels.slice(0, 4).map(({ id }) => id), ['latency', 'journeys', 'throughput', 'errors']);
  assert.ok(['pool', 'acquire', 'search', 'hit-ratio', 'loop', 'cpu', 'queue'].every((id) => panels.some((panel) => panel.id === id)));
  const limitsOf = (id: string): unknown[] => panels.find((panel) => panel.id === id)?.limits.map(({ value }) => value) ?? [];
  assert.deepEqual(limitsOf('errors'), [0.1]);
  assert.deepEqual(limitsOf('journeys').slice(0, 3), [500, 2000, 5000], 'thresholds first, the nearest before the others');
  assert.deepEqual(limitsOf('hit-ratio'), [60]);
  for (const { limits } of panels) assert.equal(new Set(limits.map(({ label }) => label)).size, limits.length);
});

test('without probes there are no charts of servers, without steps none at all', () => {
  assert.deepEqual(chartData(sampleReport('noProbes')).panels.map(({ id }) => id), ['latency', 'journeys', 'throughput', 'errors']);
  assert.deepEqual(chartData(sampleReport('interrupted')).panels, []);
});

test('what a verdict rests on stands beside it, and what people have to judge below', async () => {
  const text = await page('failed');
  assert.match(text, /<code>http\.<wbr>p95<\/code>(?:(?!<tr>).)*assumed: A response time without a percentile is read as the 95th\./s);
  assert.match(text, /<h2>For people to judge<\/h2><ul><li>do users complain that pages never finish loading\? \(line 45\)<\/li>/);
});

test('a long run has at most 600 points a line, and no peak is lost', () => {
  const report = sampleReport('passed');
  const load = report.run.steps.at(-1);
  const first = load?.intervals[0];
  assert.ok(load && first);
  const hours = Array.from({ length: 7200 }, (_, second) => ({ ...first, second, startedAtMs: load.startedAtMs + second * 1000, sent: second === 5000 ? 999 : 33 }));
  const run = { ...report.run, endedAtMs: load.startedAtMs + 7_200_000, steps: [{ ...load, intervals: hours }] };
  const { seconds, secondsPerPoint, panels } = chartData({ ...report, run });
  assert.deepEqual([seconds.length, secondsPerPoint], [600, 12]);
  const sent = panels.find(({ id }) => id === 'throughput')?.lines.find(({ label }) => label === 'sent');
  assert.equal(sent?.values.length, 600);
  assert.ok(sent?.values.includes(999));
});

test('thinning keeps what is missing missing', () => {
  assert.deepEqual(thin([1, null, 3, null, null, 0], 2), [1, 3, 0]);
  assert.deepEqual(thin([null, null, 2], 2), [null, 2]);
  assert.deepEqual(thin([1, null], 1), [1, null]);
});
