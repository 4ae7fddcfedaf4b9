import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { listPlans } from '../../src/plan/list.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { plansPage } from './plans-page.ts';

const file = new URL('../../docs/plans.md', import.meta.url);

test('the page of plans is made from their files', async () => {
  const wanted = plansPage(await Promise.all((await listPlans()).map((id) => loadPlan(id, { cwd: '/' }))));
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, wanted);
  assert.equal(readFileSync(file, 'utf8'), wanted, 'run the test once with UPDATE_DOCS=1');
});
