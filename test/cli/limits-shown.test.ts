import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitsShown } from '../../src/cli/limits-shown.ts';
import type { ShownByRun } from '../../src/cli/shown-by-run.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { run } from '../judge/facts.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const users = { low: 900, mid: 1000, high: 1200 };

function shown(more: Partial<ShownByRun>): ShownByRun {
  return { run: run([]), date: '2026-01-01', edge: null, broke: null, behind: null, carried: null, reason: '', ...more };
}

describe('the limits that a run shows', () => {
  it('are the milestone of what broke first, and that of what the model sees behind it as a prediction', () => {
    const { milestones, unplanned, first } = limitsShown(shown({ edge: { users, basis: 'measured', bottleneck: 'qdrant' }, behind: { users: { low: 3000, mid: 4000, high: 5000 }, bottleneck: 'node-cpu' } }), plan);
    assert.deepEqual([...milestones].map(([id, { basis, users: { mid } }]) => [id, basis, mid]), [['qdrant', 'measured', 1000], ['node-cpu', 'predicted', 4000]]);
    assert.deepEqual([unplanned, first], [null, { users, basis: 'measured' }]);
  });

  it('are a limit of its own where the plan has no milestone for what broke, or nobody knows what it was', () => {
    for (const bottleneck of ['host-cpu', null] as const) {
      const { milestones, unplanned } = limitsShown(shown({ edge: { users, basis: 'measured', bottleneck } }), plan);
      assert.deepEqual([milestones.size, unplanned?.bottleneck, unplanned?.users], [0, bottleneck, users]);
    }
  });

  it('bound a milestone from above where a test broke of it earlier than the plan expects, and leave one that the plan has earlier', () => {
    const { milestones, first } = limitsShown(shown({ broke: { users: 2000, bottlenecks: ['cache', 'db-connections'] } }), plan);
    assert.deepEqual([...milestones], [['cache', { users: { low: 2000, mid: 2000, high: 2000 }, run: 'r', basis: 'measured', bound: 'at-most' }]]);
    assert.equal(first?.bound, 'at-most');
  });

  it('are at least what was carried where nothing broke', () => {
    const { milestones, carried, first } = limitsShown(shown({ carried: 1500 }), plan);
    assert.deepEqual([milestones.size, carried?.users, first], [0, 1500, { users: { low: 1500, mid: 1500, high: 1500 }, basis: 'measured', bound: 'at-least' }]);
  });
});
