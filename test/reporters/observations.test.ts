import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import { metricOf } from '../../src/model/metrics.ts';
import type { Diagnosis, Report } from '../../src/model/report.ts';
import { EVIDENCE } from '../../src/reporters/html/evidence.ts';
import { html } from '../../src/reporters/html/page.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { sampleReport } from './sample-report.ts';

const OBSERVED = { for: true, text: 'requests in flight grow from 4 to 80: <more> come in than are answered', metric: null, observed: null, limit: null };

function reportWith(outcome: Diagnosis['outcome']): Report {
  const base = sampleReport('failed');
  const bottlenecks = outcome === 'bottleneck' ? base.diagnosis.bottlenecks : [];
  return { ...base, diagnosis: { ...base.diagnosis, outcome, bottlenecks, observations: [OBSERVED] } };
}

const screen = (report: Report): string => terminal.render(report, { chalk: new Chalk({ level: 0 }), columns: 200, root: '/' });

test('what the client alone can say stands on the screen where no cause is known, and not beside one that is', () => {
  assert.match(screen(reportWith('not-enough-evidence')), /seen +requests in flight grow from 4 to 80/);
  assert.doesNotMatch(screen(reportWith('bottleneck')), /requests in flight grow/);
});

test('the page always has it, as text', async () => {
  for (const outcome of ['bottleneck', 'undetermined'] as const) assert.match(await html.render(reportWith(outcome)), /What else was seen.*&lt;more&gt; come in/s);
});

test('every sign that a rule names a bottleneck by is drawn on the clock of the latency', () => {
  const drawn = new Set<string>([...EVIDENCE.flatMap(({ lines }) => lines.map(([metric]) => metric as string)), 'redis.hit_ratio']);
  const root = join(import.meta.dirname, '../../src/diagnose');
  const sources = globSync('{rules,signs}/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const named = [...sources.matchAll(/(?:sign\([^,\n]*, ?|against\()'([a-z]+\.[a-z_0-9]+)'/g)].map(([, metric]) => metric ?? '');
  assert.ok(named.length > 40, `${named.length} found`);
  // How many keys there are, and whether a queue is paused, is told in words.
  const told = ['redis.keys', 'redis.queue_keys', 'queue.paused', 'qdrant.quota_exceeded'];
  assert.deepEqual([...new Set(named)].filter((metric) => !metric.startsWith('http.') && !drawn.has(metric) && !told.includes(metric)), []);
});

test('the lines of one chart have one unit', () => {
  for (const { id, lines } of EVIDENCE) assert.equal(new Set(lines.map(([metric]) => metricOf(metric)?.unit)).size, 1, id);
});
