import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownBottleneck, ownPhase, planForBottleneck } from '../../src/cli/known-bottleneck.ts';
import type { ApplicationId } from '../../src/model/application.ts';
import { BOTTLENECKS } from '../../src/model/bottleneck.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';

test('each of the fourteen bottlenecks can be demonstrated without naming a plan or a phase', async () => {
  assert.equal(BOTTLENECKS.length, 14);
  for (const id of BOTTLENECKS) {
    const plan = await planForBottleneck(id, 'ventures');
    assert.equal((await knownBottleneck(plan as ApplicationId, id))?.id, id);
    const phase = await ownPhase({ demo: id }, null);
    assert.ok(phase !== null && findPhase(await loadPlan(plan, { cwd: '/' }), phase).id === phase, `${id} in phase ${phase} of ${plan}`);
  }
});

test('a demonstration runs the phase that its figures are for, of the plan that was named', async () => {
  assert.equal(await ownPhase({ demo: 'memory' }, null), '0');
  assert.equal(await ownPhase({ demo: 'file-reads' }, null), '1');
  assert.equal(await ownPhase({ demo: 'node-cpu' }, null), '2');
  assert.equal(await ownPhase({ demo: 'node-cpu' }, 'stolen-tee'), '1');
  assert.equal(await ownPhase({ demo: 'node-cpu' }, 'own-plan.yaml'), '2');
});

test('an experiment of the reference application has a phase of its own, one on a target of the user’s has none', async () => {
  assert.equal(await ownPhase({ during: 'kill-instance' }, null), '1');
  assert.equal(await ownPhase({ during: 'kill-instance', target: 'http://127.0.0.1:1' }, null), null);
  assert.equal(await ownPhase({}, null), null);
});

test('an unknown bottleneck is told with the nearest that the application can have', async () => {
  await assert.rejects(knownBottleneck('stolen-tee', 'memmory'), /did you mean "memory"/);
});
