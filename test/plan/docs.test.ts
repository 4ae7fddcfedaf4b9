import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseCondition } from '../../src/model/grammar.ts';
import { METRICS } from '../../src/model/metrics.ts';
import { loadPlan, parsePlan } from '../../src/plan/load.ts';

const file = new URL('../../docs/plan-files.md', import.meta.url);
const page = readFileSync(file, 'utf8');

/** The registry as the page shows it: run with UPDATE_DOCS=1 to write it. */
function metricTable(): string {
  const rows = [...METRICS].filter(([, { writable }]) => writable).map(([name, { unit, better, scopes, from, meaning }]) => {
    const sources = from.length === 0 ? 'the plan, a person' : from.join(', ');
    return `| \`${name}\` | ${unit === '1' ? 'count' : unit === 'USD' ? '$' : unit} | ${better} | ${scopes?.join(', ') ?? ''} | ${sources} | ${meaning} |`;
  });
  return ['| Metric | Unit | Better | Narrowed by | Read from | Meaning |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

test('the list of metrics is the registry', () => {
  const wanted = page.replace(/(<!-- metrics -->\n)[^]*(<!-- end of metrics -->)/, (_, before: string, after: string) => `${before}${metricTable()}\n${after}`);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, wanted);
  else assert.equal(page, wanted, 'run the test once with UPDATE_DOCS=1');
});

test('every example of a condition is one, and every wrong one is refused', () => {
  const examples = [...page.matchAll(/```conditions\n([^]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
  assert.ok(examples.length > 10);
  for (const example of examples) {
    const [condition = '', remark = ''] = example.split(/\s+# /);
    assert.equal(parseCondition(condition).ok, !remark.startsWith('wrong'), example);
  }
});

test('the example of a plan file is one', () => {
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const plan = parsePlan('/example.yaml', example);
  assert.equal(plan.milestones[0]?.sources?.['leadTimeWeeks']?.line, 49);
});

test("the example of a plan of one's own fits in 30 lines and says what it seems to say", async (t) => {
  const [, example = ''] = /```yaml own\n([^]*?)```/.exec(page) ?? [];
  assert.ok(example.trimEnd().split('\n').length <= 30);
  const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-own-'));
  t.after(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'plan.yaml'), example);
  const plan = await loadPlan('plan.yaml', { cwd });
  assert.deepEqual(plan.phases.map(({ id }) => id), ['1', '2', '3']);
  assert.equal(plan.phases[1]?.load.requestsPerSecond, (2000 * 4) / 60);
  assert.deepEqual(plan.milestones.map(({ id, users, prepareByUsers }) => [id, users, prepareByUsers]).slice(0, 2), [['db-connections', 700, 600], ['qdrant', 2000, 1500]]);
  assert.deepEqual(plan.slo.map(({ text }) => text), ['http.p95{journey=checkout} < 1 s', 'http.error_rate < 0.5 %']);
  assert.deepEqual(plan.phases[0]?.steps.map(({ scenario }) => scenario), [join(cwd, 'scenarios/shop.yml')]);
});
