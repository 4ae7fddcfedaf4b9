import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addDays, addMonths, DAYS_PER_MONTH, daysBetween, readDay } from '../../src/capacity/days.ts';
import { fitGrowth, type Reading } from '../../src/capacity/fit-growth.ts';
import { readGrowth, steadyCurve } from '../../src/capacity/growth.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';

const near = (actual: number | null, expected: number, by: number): void => assert.ok(actual !== null && Math.abs(actual - expected) <= by, `${actual} is not ${expected}`);
const times = { first: '2025-01-01', last: '2025-12-31' };

const GROWTHS: readonly [text: string, model: 'exponential' | 'linear', atOneMonth: number][] = [
  ['8%/month', 'exponential', 1080], ['8 % / month', 'exponential', 1080], ['8% per month', 'exponential', 1080], ['-3%/month', 'exponential', 970], ['0%/month', 'exponential', 1000],
  ['2%/week', 'exponential', 1000 * 1.02 ** (DAYS_PER_MONTH / 7)], ['100%/year', 'exponential', 1000 * 2 ** (1 / 12)], ['1%/day', 'exponential', 1000 * 1.01 ** DAYS_PER_MONTH],
  ['120 users/month', 'linear', 1120], ['1,200 users a month', 'linear', 2200], ['120/month', 'linear', 1120], ['1 user/day', 'linear', 1000 + DAYS_PER_MONTH], ['-50 users/month', 'linear', 950],
];

for (const [text, model, users] of GROWTHS) {
  test(`reads the growth ${text}`, () => {
    const growth = readGrowth(text) ?? assert.fail();
    assert.equal(growth.model, model);
    near(steadyCurve(1000, growth, text).usersAt(DAYS_PER_MONTH).mid, users, 0.01);
  });
}

for (const text of ['', '8', '8%', 'fast', '8%/fortnight', '-100%/month', '1.2.3%/month', 'users.csv']) {
  test(`"${text}" is no growth`, () => assert.equal(readGrowth(text), null));
}

test('the day on which a number of users is reached, by share and by number', () => {
  const curve = steadyCurve(420, readGrowth('8%/month') ?? assert.fail(), '');
  near(curve.dayOf(500).mid, (Math.log(500 / 420) / Math.log(1.08)) * DAYS_PER_MONTH, 1e-6);
  near(curve.dayOf(400).mid, (Math.log(400 / 420) / Math.log(1.08)) * DAYS_PER_MONTH, 1e-6);
  near(steadyCurve(400, readGrowth('100 users/month') ?? assert.fail(), '').dayOf(500).mid, DAYS_PER_MONTH, 1e-6);
});

test('without growth, or with the users going away, nothing is ever reached', () => {
  for (const text of ['0%/month', '-3%/month', '0 users/month', '-5 users/month']) {
    assert.deepEqual(steadyCurve(420, readGrowth(text) ?? assert.fail(), text).dayOf(500), { low: null, mid: null, high: null }, text);
  }
  assert.equal(steadyCurve(100, readGrowth('-50 users/month') ?? assert.fail(), '').usersAt(365).mid, 0, 'and nobody is fewer than none');
});

const readings = (count: number, users: (month: number) => number): Reading[] => Array.from({ length: count }, (_, month) => ({ day: (month - count + 1) * 30, users: users(month) }));

test('a share each month is told from a number each month by Akaike’s criterion', () => {
  const random = randomNumbers(5);
  const noise = (): number => 1 + 0.02 * (random() - 0.5);
  const share = fitGrowth(readings(18, (month) => 100 * 1.1 ** month * noise()), times);
  assert.equal(share.growth.model, 'exponential');
  near(share.growth.perMonth, 100 * (1.1 ** (DAYS_PER_MONTH / 30) - 1), 0.3);
  const number = fitGrowth(readings(18, (month) => (1000 + 100 * month) * noise()), times);
  assert.equal(number.growth.model, 'linear');
  near(number.growth.perMonth, 100 * (DAYS_PER_MONTH / 30), 6);
  const fit = number.growth.fit ?? assert.fail();
  assert.ok(fit.aic.exponential !== null && fit.aic.linear < fit.aic.exponential && fit.points === 18);
});

test('readings without noise give a line without width, and its exact day', () => {
  const curve = fitGrowth(readings(6, (month) => 100 * 2 ** month), times);
  const { low, mid, high } = curve.dayOf(6400);
  near(mid, 30, 1e-6);
  near(low, 30, 1e-3);
  near(high, 30, 1e-3);
});

test('a new reading is within each bound in 95 of 100 cases', () => {
  const random = randomNumbers(11);
  const normal = normalNumbers(random);
  let [below, above] = [0, 0];
  for (let round = 0; round < 1000; round += 1) {
    const curve = fitGrowth(readings(15, (month) => 200 * 1.08 ** month * Math.exp(0.05 * normal())), times);
    const later = 200 * 1.08 ** 18 * Math.exp(0.05 * normal());
    const { low, high } = curve.usersAt(120);
    below += Number(later >= low);
    above += Number(later <= high);
  }
  // 950 ± 5 standard errors; a share may be larger, since correlated-looking noise widens the band.
  for (const count of [below, above]) assert.ok(count > 915 && count < 990, `${count} of 1000`);
});

test('readings that resemble their neighbours count for fewer, and the interval is wider', () => {
  const wave = (month: number): number => 200 * 1.08 ** month * (1 + 0.1 * Math.sin(month / 3));
  const flicker = (month: number): number => 200 * 1.08 ** month * (1 + 0.1 * Math.sin(month * 2.6));
  const [slow, quick] = [fitGrowth(readings(24, wave), times), fitGrowth(readings(24, flicker), times)];
  assert.ok((slow.growth.fit?.effectivePoints ?? 24) < 12 && (quick.growth.fit?.effectivePoints ?? 0) > 20);
  const width = ({ dayOf }: typeof slow): number => (dayOf(5000).high ?? 0) - (dayOf(5000).low ?? 0);
  assert.ok(width(slow) > 1.2 * width(quick));
});

test('users that go away: not expected, and at the latest never', () => {
  const curve = fitGrowth(readings(12, (month) => 1000 * 0.95 ** month), times);
  assert.deepEqual(curve.dayOf(2000), { low: null, mid: null, high: null });
  const flat = fitGrowth(readings(12, (month) => 1000 + (month % 2 === 0 ? 30 : -30)), times);
  assert.equal(flat.dayOf(1500).high, null, 'a trend that may as well be none');
});

test('what was not reached on the last day cannot have been reached before it', () => {
  const random = randomNumbers(3);
  const curve = fitGrowth(readings(8, (month) => 480 * 1.001 ** month * (1 + 0.02 * (random() - 0.5))), times);
  const { low } = curve.dayOf(500);
  assert.ok(low !== null && low >= 0);
});

test('zero users have no logarithm: the line is straight', () => {
  assert.equal(fitGrowth(readings(5, (month) => month * 10), times).growth.model, 'linear');
});

test('from a number of users that is given, the trend goes on from there', () => {
  const curve = fitGrowth(readings(6, (month) => 100 * 2 ** month), times, 1000);
  near(curve.usersAt(0).mid, 1000, 1e-6);
  near(curve.dayOf(2000).mid, 30, 1e-6);
});

test('days: UTC, months by the calendar, nothing that is no day', () => {
  assert.deepEqual([addDays('2026-02-28', 1), addDays('2024-02-28', 1), addDays('2026-01-01', -1)], ['2026-03-01', '2024-02-29', '2025-12-31']);
  assert.deepEqual([addMonths('2026-01-31', 1), addMonths('2026-01-31', 2), addMonths('2025-12-15', 1), addMonths('2026-03-31', 11)], ['2026-02-28', '2026-03-31', '2026-01-15', '2027-02-28']);
  assert.equal(daysBetween('2026-03-01', '2026-04-01'), 31, 'no hour is lost in spring');
  assert.deepEqual(['2026-01-31', '2026-02-30', '2026-1-1', 'today', '31.01.2026', '2026-13-01'].map(readDay), ['2026-01-31', null, null, null, null, null]);
});
