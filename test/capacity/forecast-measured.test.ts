import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forecast } from '../../src/capacity/forecast.ts';
import { readGrowth, steadyCurve } from '../../src/capacity/growth.ts';
import { loadPlan } from '../../src/plan/load.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const growth = readGrowth('10%/month');
assert.ok(growth !== null);
const curve = steadyCurve(420, growth, '10%/month');

it('a measured milestone takes the place of the plan’s figure, moves behind those it now comes after, and is as wide in days as in users', () => {
  const measured = new Map([['db-connections', { low: 3000, mid: 3300, high: 3700 }]]);
  const { milestones } = forecast(plan, curve, { date: '2026-01-01', users: 420 }, measured);
  assert.deepEqual(milestones.slice(0, 2).map(({ id }) => id), ['qdrant', 'db-connections']);
  const found = milestones[1];
  assert.equal(found?.planUsers, 500);
  assert.equal(found?.users.mid, 3300);
  assert.equal(found?.prepareByUsers, 2400);
  const { low, mid, high } = found?.date ?? { low: null, mid: null, high: null };
  assert.ok(low !== null && mid !== null && high !== null && low < mid && mid < high);
  assert.ok(found?.beginBy !== null && (found?.beginBy ?? '') < low);
});

it('a milestone that was measured below today’s users is behind us', () => {
  const { passed } = forecast(plan, curve, { date: '2026-01-01', users: 420 }, new Map([['qdrant', { low: 200, mid: 250, high: 300 }]]));
  assert.ok(passed.includes('qdrant'));
});
