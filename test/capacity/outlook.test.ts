import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outlookFrom } from '../../src/capacity/outlook.ts';
import { loadPlan } from '../../src/plan/load.ts';

const plan = await loadPlan('ventures', { cwd: '/' });

describe('the outlook of the plan', () => {
  it('lists the milestones ahead, nearest first, as the plan’s own figures', () => {
    const { next, capacity } = outlookFrom(plan, 3000, []);
    assert.deepEqual(next.map(({ bottleneck, users, basis }) => [bottleneck, users.mid, basis]), [['cache', 5000, 'plan'], ['node-cpu', 10_000, 'plan'], [null, 20_000, 'plan']]);
    assert.equal(capacity, null);
  });

  it('keeps a milestone expected at this very number of users that was not hit', () => {
    assert.equal(outlookFrom(plan, 2000, []).next[0]?.bottleneck, 'qdrant');
  });

  it('leaves out one that was hit before the plan expects it', () => {
    const early = plan.milestones.find(({ bottleneck }) => bottleneck === 'cache')?.id ?? '';
    assert.deepEqual(outlookFrom(plan, 2000, [early]).next.map(({ bottleneck }) => bottleneck), ['qdrant', 'node-cpu', null]);
  });
});
