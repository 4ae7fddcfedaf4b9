import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { comparisonsOf } from '../../src/model/condition.ts';
import { listPlans } from '../../src/plan/list.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { readYaml } from '../../src/yaml/read.ts';

const ids = await listPlans();

test('plans ship with the package', () => {
  assert.ok(ids.includes('ventures'));
});

for (const id of ids) {
  const plan = await loadPlan(id, { cwd: '/' });

  test(`${id}: the file is named after the plan it holds`, () => {
    assert.equal(plan.id, id);
  });

  test(`${id}: every journey that a condition names stands in one of the scenarios it is judged on`, async () => {
    const files = new Set(plan.phases.flatMap(({ steps }) => steps.map(({ scenario }) => scenario)));
    const journeys = new Set((await Promise.all([...files].map(journeysOf))).flat());
    const conditions = [...plan.slo, ...plan.milestones.flatMap(({ symptoms }) => symptoms), ...plan.phases.flatMap(({ thresholds }) => thresholds)];
    const named = conditions.flatMap(comparisonsOf).flatMap(({ scope }) => scope['journey'] ?? []);
    assert.deepEqual(named.filter((journey) => !journeys.has(journey)), []);
  });

  test(`${id}: everything that was taken from the document names section and line`, () => {
    const cited = [
      // A suite that the document does not have names the assumption it rests on; its thresholds are the document's all the same.
      ...plan.phases, ...plan.milestones, ...plan.suites.filter(({ assumes }) => assumes.length === 0), ...plan.costs, ...plan.slo, ...plan.suites.flatMap(({ thresholds }) => thresholds),
      ...plan.milestones.flatMap(({ symptoms }) => symptoms), ...plan.phases.flatMap(({ actions, expects }) => [...actions, ...expects]),
      ...plan.decisions, ...plan.roadmap, ...plan.checklist,
    ];
    for (const entry of cited) {
      assert.ok(entry.source !== null && entry.source.line > 0 && entry.source.section !== '', JSON.stringify(entry));
    }
  });

  test(`${id}: a suite has an address or an assumption`, () => {
    for (const { id: suite, source, assumes } of plan.suites) assert.ok(source !== null || assumes.length > 0, suite);
  });

  test(`${id}: every assumption that a condition rests on gives its reason`, () => {
    for (const { id: name, reason } of plan.assumptions) assert.ok(reason.length > 20, name);
  });
}

async function journeysOf(file: string): Promise<readonly string[]> {
  const script = readYaml(file, await readFile(file, 'utf8'), 'wrong-scenario').value as { readonly scenarios: readonly { readonly name: string }[] };
  return script.scenarios.map(({ name }) => name);
}
