import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../src/reporters/html/page.ts';
import { chartData } from '../../src/reporters/html/panels.ts';
import { thin } from '../../src/reporters/html/thin.ts';
import { reportWithBaseline, SAMPLES, sampleReport, type SampleName } from './sample-report.ts';

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

test('a long run has at most 1,440 points a line: each the mean of its seconds with the lowest and the highest, so that no peak is lost', async () => {
  const report = sampleReport('passed');
  const load = report.run.steps.at(-1);
  const first = load?.intervals[0];
  assert.ok(load && first);
  const hours = Array.from({ length: 7200 }, (_, second) => ({ ...first, second, startedAtMs: load.startedAtMs + second * 1000, sent: second === 5000 ? 999 : 33 }));
  const long = { ...report, run: { ...report.run, endedAtMs: load.startedAtMs + 7_200_000, steps: [{ ...load, intervals: hours }] } };
  const { seconds, secondsPerPoint, panels } = chartData(long);
  assert.deepEqual([seconds.length, secondsPerPoint], [1440, 5]);
  const sent = panels.find(({ id }) => id === 'throughput')?.lines.find(({ label }) => label === 'sent');
  assert.deepEqual([sent?.values[1000], sent?.low?.[1000], sent?.high?.[1000]], [226.2, 33, 999]);
  assert.match(await html.render(long), /Each point stands for 5 seconds<\/strong>: the line is their mean/);
  assert.doesNotMatch(await page('passed'), /Each point stands/);
});

test('thinning keeps what is missing missing, and a line of single seconds as it is', () => {
  assert.deepEqual(thin([1, null, 3, 5, null, null], 2), { values: [1, 4, null], low: [1, 3, null], high: [1, 5, null] });
  assert.deepEqual(thin([1, null], 1), { values: [1, null] });
});

test('what was asked for is drawn behind what was sent: a schedule asks, connections do not', () => {
  const labels = (name: SampleName): string[] => chartData(sampleReport(name)).panels.find(({ id }) => id === 'throughput')?.lines.map(({ label }) => label) ?? [];
  assert.deepEqual(labels('passed'), ['asked', 'sent', 'completed']);
  const report = sampleReport('passed');
  const unit = chartData({ ...report, run: { ...report.run, steps: report.run.steps.slice(0, 2) } }).panels.find(({ id }) => id === 'throughput');
  assert.deepEqual(unit?.lines.map(({ label }) => label), ['sent', 'completed']);
});

test('the bottleneck on the clock of latency and errors: its evidence for and against, each beside its chart, and when it began', async () => {
  const text = await page('failed');
  const timeline = text.slice(text.indexOf('class="charts timeline"'), text.indexOf('<h2>Over time'));
  const ids = [...timeline.matchAll(/id="chart-([\w-]+)"/g)].map(([, id]) => id ?? '');
  assert.deepEqual(ids.slice(0, 3), ['latency', 'journeys', 'errors']);
  assert.ok(['pool', 'acquire', 'search', 'hit-ratio', 'loop'].every((id) => ids.includes(id)), ids.join());
  assert.ok(!ids.includes('throughput'), 'nothing was said of it');
  assert.match(timeline, /class="for">for<\/span> 45 requests wait[\s\S]*id="chart-pool"/);
  assert.match(timeline, /class="against">against<\/span> cache: hit ratio[\s\S]*id="chart-hit-ratio"/);
  const [onset] = chartData(sampleReport('failed')).onsets;
  assert.ok(onset && onset.second >= 116 && onset.second <= 145, String(onset?.second));
  assert.doesNotMatch(await page('passed'), /class="charts timeline"/);
});

test('the histogram holds every answer of the judged seconds, and so does its table', async () => {
  const text = await page('failed');
  const [, section = ''] = /<h2>How latencies are spread<\/h2>([\s\S]*?)<h2>/.exec(text) ?? [];
  const counts = [...section.matchAll(/<title>[^<]*: ([\d,]+) answers/g)].map(([, count]) => Number(count?.replaceAll(',', '')));
  const load = sampleReport('failed').steps.find(({ suite }) => suite === 'load');
  assert.equal(counts.reduce((sum, count) => sum + count, 0), (load?.requests ?? 0) - 1, 'all but the one that failed');
  assert.equal(section.match(/<tr>/g)?.length, counts.length + 1);
  assert.match(section, /By journey and request[\s\S]*finance-summary: p50 [\d.]+ ms, p95 [\d.]+ ms, p99 [\d.]+ ms/);
});

test('what was not measured stands in one table with what would measure it', async () => {
  const [, section = ''] = /<h2>Not measured, and how to measure it<\/h2>([\s\S]*?)<h2>/.exec(await page('noProbes')) ?? [];
  assert.match(section, /redis\.<?w?b?r?>?hit_ratio|redis\.hit_ratio/);
  assert.match(section, /--probe/);
});

test('a capacity that was measured, dates and costs of what comes next', async () => {
  const report = sampleReport('failed');
  const [first] = report.outlook.next;
  assert.ok(first);
  const users = { low: 2050, mid: 2300, high: 2600 };
  const outlook = { capacity: { users, ratePerSec: { low: 34, mid: 38, high: 43 }, method: 'by the scalability law' }, next: [{ ...first, users, basis: 'measured' as const, date: '2026-09-01', beginBy: '2026-08-01' }] };
  const text = await html.render({ ...report, outlook });
  assert.match(text, /carries about <strong>2,300 \(2,050–2,600\) users<\/strong>, 38 \(34–43\) requests per second\. .*by the scalability law/);
  assert.match(text, /2,300 \(2,050–2,600\)<\/td>.*2026-09-01<\/td><td>2026-08-01<\/td><td class="figure">\$500–1,000/);
  assert.match(await page('failed'), /Dates need a growth: scaleplan forecast/);
});

test('the comparison with a baseline, where there is one', async () => {
  const text = await html.render(reportWithBaseline());
  assert.match(text, /<h2>Against the baseline<\/h2>[\s\S]*\+25.*%[\s\S]*fail-text">worse<[\s\S]*slower by more[\s\S]*one &lt;b&gt;note[\s\S]*block bootstrap/);
  assert.doesNotMatch(await page('passed'), /Against the baseline/);
});
