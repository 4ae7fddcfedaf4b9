import assert from 'node:assert/strict';
import { test } from 'node:test';

import { costAt } from '../../src/capacity/cost.ts';
import { fitGrowth } from '../../src/capacity/fit-growth.ts';
import { forecast } from '../../src/capacity/forecast.ts';
import { readGrowth, steadyCurve } from '../../src/capacity/growth.ts';
import type { Forecast } from '../../src/model/forecast.ts';
import { loadPlan, parsePlan } from '../../src/plan/load.ts';

const [ventures, walls, honeyjar, stolenTee] = await Promise.all(['ventures', 'walls', 'honeyjar', 'stolen-tee'].map((id) => loadPlan(id, { cwd: '/' })));
assert.ok(ventures && walls && honeyjar && stolenTee);

function ahead(users: number, growth: string, plan = ventures): Forecast {
  assert.ok(plan);
  return forecast(plan, steadyCurve(users, readGrowth(growth) ?? assert.fail(), growth), { date: '2026-01-01', users });
}

test('each milestone ahead has its day, and the day by which its remedy must begin', () => {
  // 420 × 1.08^m = 500 at m = 2.2655 months of 30.4375 days = 68.96 days; 400 users were reached 19.30 days ago, and it takes 2 weeks.
  const table = ahead(420, '8%/month').milestones.map(({ id, users, date, beginBy, late }) => [id, users.mid, date.mid, beginBy, late]);
  assert.deepEqual(table, [
    ['db-connections', 500, '2026-03-11', '2025-11-28', true],
    ['qdrant', 2000, '2027-09-11', '2027-04-28', false],
    ['cache', 5000, '2028-09-07', '2028-05-27', false],
    ['node-cpu', 10_000, '2029-06-08', '2029-02-18', false],
    ['architecture', 20_000, '2030-03-09', '2029-09-07', false],
  ]);
});

test('growth that is taken as given has no interval; figures of the plan have none either', () => {
  const [first] = ahead(420, '8%/month').milestones;
  assert.deepEqual(first?.date, { low: '2026-03-11', mid: '2026-03-11', high: '2026-03-11' });
  assert.deepEqual(first.users, { low: 500, mid: 500, high: 500 });
  assert.deepEqual([first.leadTimeWeeks, first.prepareByUsers, first.costMonthlyUsd], [{ min: 1, max: 2 }, 400, { min: 200, max: 500 }]);
});

test('by a number of users a month: 80 more in as many days as 80 of 100 a month take', () => {
  const [first] = ahead(420, '100 users/month').milestones;
  // 0.8 × 30.4375 = 24.35 days; prepared 6.0875 days ago, two weeks before that.
  assert.deepEqual([first?.date.mid, first?.beginBy, first?.late], ['2026-01-26', '2025-12-11', true]);
});

test('the longest lead time counts, to the day: begun a day later it is late', () => {
  const plan = parsePlan('/p.yaml', `
id: p
title: t
load: { requestsPerUserPerMinute: 1 }
phases: [{ id: 1, name: a, users: 1-100 }]
milestones: [{ id: m, title: b, bottleneck: null, users: 200, prepareBy: 128, leadTime: 1-4 weeks, impact: c, remedy: d }]
`);
  const on = (users: number): [string | null | undefined, boolean | undefined] => {
    const [one] = forecast(plan, steadyCurve(users, readGrowth('7 users/week') ?? assert.fail(), ''), { date: '2026-01-01', users }).milestones;
    return [one?.beginBy, one?.late];
  };
  assert.deepEqual(on(100), ['2026-01-01', false]);
  assert.deepEqual(on(101), ['2025-12-31', true]);
});

test('milestones behind the users are named, one at this very number is still ahead', () => {
  const { milestones, passed } = ahead(2000, '8%/month');
  assert.deepEqual(passed, ['db-connections']);
  assert.deepEqual([milestones[0]?.id, milestones[0]?.date.mid, milestones[0]?.late], ['qdrant', '2026-01-01', true]);
  const beyond = ahead(50_000, '8%/month');
  assert.deepEqual([beyond.milestones.length, beyond.passed.length], [0, 5]);
  assert.match(beyond.notes[0] ?? '', /All milestones of the plan are behind 50,000 users/);
});

for (const growth of ['0%/month', '-3%/month', '-10 users/month']) {
  test(`a growth of ${growth}: said plainly, and no day is made up`, () => {
    const { milestones, notes, phases } = ahead(420, growth);
    assert.match(notes[0] ?? '', /does not rise: no milestone ahead is ever reached/);
    for (const { date, beginBy, late } of milestones) assert.deepEqual([date, beginBy, late], [{ low: null, mid: null, high: null }, null, false]);
    assert.deepEqual(phases.map(({ status }) => status), ['now', 'ahead', 'ahead', 'ahead']);
  });
}

test('what lies more than a hundred years ahead has no date, and the notes say so', () => {
  const { milestones, notes } = ahead(420, '0.01%/month');
  assert.equal(milestones.at(-1)?.date.mid, null);
  assert.ok(notes.some((note) => note.includes('a hundred years')));
});

test('phases: the one we are in, those behind, and when the next ones begin', () => {
  assert.deepEqual(ahead(600, '8%/month').phases.map(({ id, status, date }) => [id, status, date?.mid ?? null]), [
    ['1', 'past', null], ['2', 'now', null], ['3', 'ahead', '2027-04-23'], ['4', 'ahead', '2029-01-18'],
  ]);
  assert.deepEqual(ahead(50, '8%/month').phases.map(({ status }) => status), ['ahead', 'ahead', 'ahead', 'ahead']);
});

test('costs at the plan’s figures are the plan’s own, between them on the straight line, beyond them none', () => {
  assert.deepEqual([100, 500, 2000, 5000, 10_000, 20_000].map((users) => [costAt(ventures, users)?.monthlyUsd.min, costAt(ventures, users)?.basis]),
    [[200, 'plan'], [500, 'plan'], [1500, 'plan'], [3000, 'plan'], [6000, 'plan'], [12_000, 'plan']]);
  assert.deepEqual(costAt(ventures, 1250), { monthlyUsd: { min: 1000, max: 1000 }, perUserUsd: { min: 0.8, max: 0.8 }, basis: 'interpolated' });
  assert.deepEqual([costAt(ventures, 99), costAt(ventures, 20_001)], [null, null]);
});

test('costs of ranges of users: one figure holds throughout, two are its ends, an open end is "at least"', () => {
  assert.deepEqual([1, 9999, 10_000, 99_999].map((users) => costAt(walls, users)?.monthlyUsd.min), [5, 5, 10, 10]);
  assert.equal(costAt(walls, 50_000)?.basis, 'plan');
  assert.deepEqual(costAt(walls, 2_000_000), { monthlyUsd: { min: 50, max: null }, perUserUsd: { min: 50 / 2_000_000, max: null }, basis: 'at-least' });
  assert.deepEqual([100, 300, 500, 1250].map((users) => costAt(honeyjar, users)?.monthlyUsd), [{ min: 200, max: 200 }, { min: 500, max: 500 }, { min: 800, max: 800 }, { min: 1900, max: 1900 }]);
});

test('the cost of a user is the document’s where it gives one', () => {
  assert.deepEqual([10, 100, 500, 1000, 2500, 5000].map((users) => costAt(stolenTee, users)?.perUserUsd?.min), [6.9, 2.5, 1.6, 2.43, 1.4, 1]);
});

test('without costs those of the phases are taken, without either there are none and it is said', () => {
  const plan = (cost: string): ReturnType<typeof parsePlan> => parsePlan('/p.yaml', `id: p\ntitle: t\nload: { requestsPerUserPerMinute: 1 }\nphases: [{ id: 1, name: a, users: 100-200${cost} }]\n`);
  assert.deepEqual(costAt(plan(', cost: $10-20/month'), 150)?.monthlyUsd, { min: 15, max: 15 });
  assert.equal(costAt(plan(''), 150), null);
  assert.ok(forecast(plan(''), steadyCurve(150, { model: 'linear', perDay: 1 }, ''), { date: '2026-01-01', users: 150 }).notes.includes('The plan gives no costs.'));
});

test('along the way: a row each month, from the users there are, until a month after the last event', () => {
  const { costs, users } = ahead(420, '8%/month');
  assert.deepEqual([costs[0]?.date, costs[0]?.users, costs[1]?.date], ['2026-01-01', 420, '2026-02-01']);
  assert.deepEqual(users.map(({ date }) => date), costs.map(({ date }) => date));
  assert.ok((costs.at(-1)?.date ?? '') >= '2030-03-09' && (costs.at(-1)?.users ?? 0) > 20_000);
  assert.equal(costs.at(-1)?.monthlyUsd, null);
  assert.ok(ahead(420, '0.1%/month').costs.length <= 241);
});

test('fitted growth: dates with an interval, and the remedy begins by the early one', () => {
  const readings = Array.from({ length: 12 }, (_, month) => ({ day: (month - 11) * 30, users: 200 * 1.08 ** month * (month % 2 === 0 ? 1.03 : 0.97) }));
  const result = forecast(ventures, fitGrowth(readings, { first: '2025-02-05', last: '2026-01-01' }), { date: '2026-01-01', users: 466 });
  const [, second] = result.milestones;
  const { low, mid, high } = second?.date ?? assert.fail();
  assert.ok(low !== null && mid !== null && high !== null && low < mid && mid < high, `${low} ${mid} ${high}`);
  const prepared = fitGrowth(readings, { first: '', last: '' }).dayOf(1500);
  assert.equal(second?.beginBy, new Date(Date.UTC(2026, 0, 1) + (Math.floor(prepared.low ?? 0) - 21) * 86_400_000).toISOString().slice(0, 10));
  assert.ok(result.notes.some((note) => note.includes('one-sided 95 %')));
});

test('of a falling trend whose readings scatter, days are the earliest that may be, and no note says never beside them', () => {
  const readings = [460, 420, 470, 400, 455, 405, 430, 420, 410].map((users, month) => ({ day: (month - 9) * 30, users }));
  const { milestones, notes } = forecast(ventures, fitGrowth(readings, { first: '2025-04-06', last: '2025-12-02' }), { date: '2026-01-01', users: 400 });
  assert.ok(milestones[0]?.date.mid === null && milestones[0].date.low !== null, JSON.stringify(milestones[0]?.date));
  assert.ok(notes.some((note) => /the earliest that the scatter/.test(note)) && notes.every((note) => !/ever reached/.test(note)), notes.join('\n'));
});
