import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { capacity } from '../../src/cli/commands/capacity.ts';
import { createRunFolder } from '../../src/run/store.ts';
import { HEALTHY, sampleRun } from '../reporters/sample-run.ts';
import { recordingHost } from './recording-host.ts';

async function printed(flags: Parameters<typeof capacity>[0]): Promise<string> {
  const { host, out } = recordingHost();
  assert.equal(await capacity(flags, host), 0);
  return out();
}

test('the examples of the document are printed with their lines', async () => {
  const text = await printed({ plan: 'stolen-tee', responseTime: '1.2s', cpu: '75%' });
  for (const line of [
    '  5 instances × 5 connections = 25 against 15–20: too few connections',
    '  to change: 3–4 instances at most, or 3–4 connections for each at most, or a higher limit',
    '  15 connections ÷ 3 instances = 5',
    '  5 instances × 5 connections × 20 requests = 500; 500 ÷ 1.2 = 416',
    '  → scale up by 1 instance (line 696)',
  ]) assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
});

test('--json prints JSON and nothing else', async () => {
  const shown = JSON.parse(await printed({ plan: 'stolen-tee', errorRate: '0.5%', responseTime: '300ms', json: true })) as Record<string, any>;
  assert.deepEqual(Object.keys(shown), ['plan', 'phases', 'connections', 'connectionsEach', 'concurrentUsers', 'queueing', 'latency', 'decisions', 'missing']);
  assert.deepEqual([shown['connections'].needed, shown['concurrentUsers'].safeUsers, shown['decisions'][0].outcome.text], [25, 416, 'all is well, keep watching']);
});

test('figures are given with or without their unit, in any that fits', async () => {
  const flags = { instances: '5', connections: '5 connections', limit: '15-20', requestsPerConnection: '20', margin: '20', rate: '2,000/min', latency: '0.3 s' };
  const text = await printed(flags);
  assert.match(text, /500 ÷ 1\.2 = 416/);
  assert.match(text, /33\.3 requests\/s × 0\.3 s = 10 at the same time\n +18 servers: +1 % of the requests wait/);
});

test('a tree is walked on what a saved run measured, and what is given comes first', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-capacity-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { samples, steps, ...facts } = sampleRun({ ...HEALTHY, judgedSeconds: 40 });
  const saved = createRunFolder(folder, 'ventures', '2', facts.startedAtMs);
  saved.write('run.json', JSON.stringify({ formatVersion: 1, facts: { ...facts, steps: steps.map(({ intervals: _intervals, ...step }) => step) } }));
  steps.forEach(({ intervals }, step) => intervals.forEach((interval) => saved.appendInterval(step, interval)));
  saved.appendSamples(samples);
  saved.close();
  const measured = await printed({ plan: 'stolen-tee', from: saved.path });
  assert.match(measured, /http\.p95 > 1 s\? {2}no {2}\d[\d.]* ms .*against > 1,000 ms.*\(line 694\)/);
  assert.match(measured, /http\.error_rate > 1 %\? {2}no/);
  assert.match(measured, /→ all is well, keep watching/);
  assert.match(await printed({ plan: 'stolen-tee', from: join(saved.path, 'run.json'), errorRate: '3%' }), /http\.error_rate > 1 %\? {2}yes {2}http\.error_rate is 3 %.*\n {2}→ look at the logs/);
});

const refused: readonly [title: string, flags: Parameters<typeof capacity>[0], message: RegExp][] = [
  ['a word for a number', { instances: 'many' }, /--instances many is no figure that fits/],
  ['a negative number', { connections: '-5' }, /--connections -5/],
  ['nothing at all', { instances: '0' }, /--instances 0/],
  ['half an instance', { instances: '2.5' }, /--instances 2\.5/],
  ['a range turned round', { limit: '20-15' }, /--limit 20-15/],
  ['a time without a unit', { latency: '300' }, /--latency 300/],
  ['a size for a time', { responseTime: '3 MB' }, /--response-time 3 MB/],
  ['a range where one value is asked for', { cpu: '70-80%' }, /--cpu 70-80%/],
  ['an unknown metric', { value: ['queue.deph=3'] }, /there is no metric "queue\.deph"; did you mean "queue\.depth"/],
  ['a value that does not fit', { value: ['queue.depth=3 s'] }, /--value queue\.depth=3 s/],
  ['an unknown phase', { phase: '9' }, /no phase "9"/],
];

for (const [title, flags, message] of refused) {
  test(`refuses ${title}`, async () => {
    await assert.rejects(capacity(flags, recordingHost().host), { message, exitCode: 2 });
  });
}
