import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forecast } from '../../src/capacity/forecast.ts';
import { readGrowth, steadyCurve } from '../../src/capacity/growth.ts';
import { NOTHING_SHOWN, type ShownLimit, type ShownLimits } from '../../src/capacity/shown-limits.ts';
import type { Forecast } from '../../src/model/forecast.ts';
import { loadPlan } from '../../src/plan/load.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const growth = readGrowth('10%/month');
assert.ok(growth !== null);
const curve = steadyCurve(420, growth, '10%/month');

function ahead(shown: Partial<ShownLimits>, users = 420): Forecast {
  return forecast(plan, users === 420 ? curve : steadyCurve(users, growth ?? assert.fail(), '10%/month'), { date: '2026-01-01', users }, { ...NOTHING_SHOWN, ...shown });
}

function limit(low: number, mid: number, high: number, more: Partial<ShownLimit> = {}): ShownLimit {
  return { users: { low, mid, high }, basis: 'measured', run: 'a-run', ...more };
}

describe('a milestone that a run has shown', () => {
  it('takes the place of the plan’s figure, moves behind those it now comes after, and is as wide in days as in users', () => {
    const { milestones } = ahead({ milestones: new Map([['db-connections', limit(3000, 3300, 3700)]]) });
    assert.deepEqual(milestones.slice(0, 2).map(({ id, basis, run }) => [id, basis, run]), [['qdrant', 'plan', undefined], ['db-connections', 'measured', 'a-run']]);
    const found = milestones[1];
    assert.equal(found?.planUsers, 500);
    assert.equal(found?.users.mid, 3300);
    assert.equal(found?.prepareByUsers, 2400);
    const { low, mid, high } = found?.date ?? { low: null, mid: null, high: null };
    assert.ok(low !== null && mid !== null && high !== null && low < mid && mid < high);
    assert.ok(found?.beginBy !== null && (found?.beginBy ?? '') < low);
  });

  it('below today’s users stands first and is overdue, whatever the plan says; what only the plan has below them is passed', () => {
    const { milestones, passed } = ahead({ milestones: new Map([['db-connections', limit(4420, 4900, 5420, { basis: 'predicted' })]]) }, 5000);
    const [first] = milestones;
    assert.deepEqual([first?.id, first?.overdue, first?.late, first?.users.mid, first?.planUsers], ['db-connections', true, true, 4900, 500]);
    assert.deepEqual(passed, ['qdrant']);
    assert.ok(milestones.slice(1).every(({ overdue }) => overdue === undefined));
  });

  it('with room for nobody is overdue too, though it was reached on no day', () => {
    const [first] = ahead({ milestones: new Map([['cache', limit(0, 0, 0, { basis: 'what-if' })]]) }).milestones;
    assert.deepEqual([first?.id, first?.overdue, first?.late, first?.beginBy], ['cache', true, true, null]);
  });
});

describe('a limit of which the plan has no milestone', () => {
  it('is a row of its own with its day, and without a remedy to begin', () => {
    const { milestones } = ahead({ unplanned: { ...limit(896, 986, 1200), bottleneck: 'host-cpu' } });
    const [, found] = milestones;
    assert.deepEqual([found?.id, found?.title, found?.bottleneck, found?.planUsers, found?.beginBy, found?.late], ['first-limit', 'The system breaks: host CPU', 'host-cpu', undefined, null, false]);
    assert.ok((found?.date.low ?? '') < (found?.date.mid ?? '') && (found?.date.mid ?? '') < (found?.date.high ?? ''), JSON.stringify(found?.date));
  });
});

describe('what was carried', () => {
  const carried = { users: 4304, run: 'a-run', except: new Set<never>() };

  it('moves a milestone of the plan that lies below it beyond it, without a day to begin on; the plan’s figure stays', () => {
    const { milestones, notes } = ahead({ carried, milestones: new Map([['qdrant', limit(4304, 4710, 5150)]]) });
    const [first, second] = milestones;
    assert.deepEqual([first?.id, first?.users.mid, first?.basis, first?.beginBy, first?.late, first?.date.mid], ['db-connections', 500, 'plan', null, false, null]);
    assert.deepEqual(first?.carried, { users: 4304, run: 'a-run' });
    assert.equal(first?.date.low, second?.date.low);
    assert.ok(notes.every((note) => !/hundred years/.test(note)), notes.join('\n'));
  });

  it('says nothing of a resource that is smaller now, nor of milestones beyond it', () => {
    const { milestones } = ahead({ carried: { ...carried, except: new Set(['db-connections']) } });
    assert.deepEqual(milestones.map(({ carried: one }) => one !== undefined), [false, true, false, false, false]);
    assert.equal(milestones.find(({ id }) => id === 'db-connections')?.late, true);
  });
});

describe('a phase', () => {
  it('has the plan’s own weeks beside its day, and its last user against the first limit', () => {
    const { phases } = ahead({ first: { users: { low: 1800, mid: 1900, high: 2100 }, basis: 'measured' } });
    assert.deepEqual(phases.map(({ timeline, limit: against }) => [timeline, against?.status]), [['weeks 1-6', 'within'], ['weeks 7-12', 'uncertain'], ['weeks 13-20', 'beyond'], ['months 6-12', 'beyond']]);
    assert.deepEqual(ahead({}).phases.map(({ limit: against }) => against), [null, null, null, null]);
  });

  it('of which only one side of the limit is known is told on that side alone', () => {
    const at = (bound: 'at-most' | 'at-least'): (string | undefined)[] => ahead({ first: { users: { low: 2000, mid: 2000, high: 2000 }, basis: 'measured', bound } }).phases.map(({ limit: against }) => against?.status);
    assert.deepEqual(at('at-most'), ['uncertain', 'beyond', 'beyond', 'beyond']);
    assert.deepEqual(at('at-least'), ['within', 'within', 'uncertain', 'uncertain']);
  });
});
