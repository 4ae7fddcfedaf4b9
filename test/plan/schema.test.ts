import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { bundledPlanFile, listPlans } from '../../src/plan/list.ts';
import { planJsonSchema } from '../../src/plan/schema.ts';
import { readYaml } from '../../src/yaml/read.ts';
import { fits } from './json-schema.ts';

const file = new URL('../../thresholds/plan.schema.json', import.meta.url);
const schema = planJsonSchema();
const valueOf = (text: string): unknown => readYaml('plan.yaml', text, 'wrong-plan').value;

test('the schema that ships is the one of the code', () => {
  const wanted = `${JSON.stringify(schema, null, 1)}\n`;
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, wanted);
  assert.ok(existsSync(file) && readFileSync(file, 'utf8') === wanted, 'run the test once with UPDATE_DOCS=1');
});

test('every bundled plan fits it, and no longer once a key is misspelt or a name is unknown', async () => {
  for (const id of await listPlans()) {
    const text = readFileSync(bundledPlanFile(id), 'utf8');
    assert.ok(fits(valueOf(text), schema), id);
    assert.ok(!fits(valueOf(text.replace('\nphases:', '\nphase:')), schema), `${id}: a misspelt key`);
    assert.ok(!fits(valueOf(text.replace(/engine: \w+/, 'engine: artilery')), schema), `${id}: an unknown engine`);
  }
});

const extending: readonly [title: string, text: string, isRight: boolean][] = [
  ['an id is enough', 'extends: ventures\nid: shop', true],
  ['without an id', 'extends: ventures', false],
  ['an entry of which only one figure changes', 'extends: ventures\nid: shop\nphases: [{ id: 2, cost: $5/month }]', true],
  ['an entry that is taken away', 'extends: ventures\nid: shop\nmilestones: [{ id: qdrant, remove: true }]', true],
  ['a key that is taken away', 'extends: ventures\nid: shop\nalerts: null\nload: { readShare: null }', true],
  ['an entry without an id', 'extends: ventures\nid: shop\nphases: [{ cost: $5/month }]', false],
  ['an unknown key inside', 'extends: ventures\nid: shop\nphases: [{ id: 2, csot: $5/month }]', false],
  ['half a document', 'extends: ventures\nid: shop\ndocument: { file: mine.md }', false],
  ['without extends everything is asked for', 'id: shop\nphases: [{ id: 2, cost: $5/month }]', false],
];

for (const [title, text, isRight] of extending) {
  test(`a plan that extends another: ${title} is ${isRight ? 'right' : 'wrong'}`, () => assert.equal(fits(valueOf(text), schema), isRight));
}
