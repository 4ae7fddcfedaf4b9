import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loadPlan } from '../../src/plan/load.ts';
import { showPlan } from '../../src/plan/show.ts';

const shown = JSON.parse(JSON.stringify(showPlan(await loadPlan('ventures', { cwd: '/' })))) as Record<string, readonly Record<string, unknown>[]>;

test('a plan is shown with the keys of the contract, then ours', () => {
  assert.deepEqual(Object.keys(shown), [
    'id', 'title', 'source', 'load', 'phases', 'milestones', 'triggers', 'alerts', 'slo', 'suites', 'costs', 'capacity', 'decisions', 'roadmap',
    'checklist', 'assumptions', 'notes', 'omitted', 'experiments', 'application', 'decisionTrees',
  ]);
});

test('conditions are shown in canonical units with document, section and line', () => {
  assert.deepEqual(shown['slo']?.[1], {
    metric: 'http.p95', aggregate: null, scope: { journey: 'content-generation' }, op: '<', value: 5000, relativeTo: null, unit: 'ms',
    forSeconds: null, inSeconds: null, kind: 'threshold', level: 'fail', required: true, reason: null,
    text: 'http.p95{journey=content-generation} < 5 s',
    source: { document: '003_d36ad4ab48920cb0.txt', section: 'SLA targets', line: 380 }, assumes: [],
  });
});

test('a phase shows the throughput that is derived for it', () => {
  const [, phase2] = shown['phases'] ?? [];
  assert.ok(phase2 !== undefined);
  assert.deepEqual((phase2['thresholds'] as readonly { text: string }[]).map(({ text }) => text), ['http.throughput >= 31.7 /s']);
  assert.deepEqual((phase2['steps'] as readonly unknown[])[2], { suite: 'load', scenario: '../scenarios/ventures/load.yml', engine: 'artillery', model: 'open', load: {} });
  assert.deepEqual(phase2['users'], { min: 500, max: 2000 });
  assert.deepEqual(phase2['costs'], { monthlyUsd: { min: 500, max: 1500 } });
});

test('milestones show users, deadline, lead time and cost, each with its own address', () => {
  const table = (shown['milestones'] ?? []).map((milestone) => [milestone['bottleneck'], milestone['users'], milestone['prepareByUsers'], milestone['leadTimeWeeks'], milestone['costMonthlyUsd']]);
  assert.deepEqual(table, [
    ['db-connections', 500, 400, { min: 1, max: 2 }, { min: 200, max: 500 }],
    ['qdrant', 2000, 1500, { min: 2, max: 3 }, { min: 500, max: 1000 }],
    ['cache', 5000, 4000, { min: 1, max: 2 }, { min: 300, max: 600 }],
    ['node-cpu', 10_000, 8000, { min: 2, max: 3 }, { min: 1000, max: 2000 }],
    [null, 20_000, null, { min: 13, max: 26 }, { min: 5000, max: 10_000 }],
  ]);
  const sources = shown['milestones']?.[0]?.['sources'] as Record<string, { line: number }>;
  assert.equal(sources['prepareByUsers']?.line, 54);
});
