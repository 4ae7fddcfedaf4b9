import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addMonths } from '../../src/capacity/days.ts';
import { readGrowth, steadyCurve } from '../../src/capacity/growth.ts';
import { trendOf, type CapacityReading } from '../../src/capacity/trend.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';

const TODAY = '2026-07-01';
const curve = steadyCurve(1000, readGrowth('10%/month') ?? assert.fail(), '10%/month');

/** A capacity each month, bounded by ± 8 %. */
function monthly(users: readonly number[], width = 1.08): CapacityReading[] {
  return users.map((mid, at) => ({ id: `run-${at}`, date: addMonths(TODAY, at + 1 - users.length), users: { low: mid / width, mid, high: mid * width } }));
}

describe('the trend of capacity', () => {
  it('shrinks by what each month loses, and the users reach it sooner', () => {
    const found = trendOf(monthly(Array.from({ length: 6 }, (_, at) => 3000 * 0.9 ** at)), curve, TODAY) ?? assert.fail();
    assert.equal(found.direction, 'shrinking');
    assert.ok(Math.abs(found.percentPerMonth.mid + 10) < 0.5 && found.percentPerMonth.low < -10 && found.percentPerMonth.high > -10, JSON.stringify(found.percentPerMonth));
    const steady = trendOf(monthly([1770, 1772, 1771, 1770, 1773, 1771]), curve, TODAY) ?? assert.fail();
    assert.equal(steady.direction, 'not-told');
    assert.ok(found.meets !== null && steady.meets !== null && found.meets < steady.meets, `${found.meets} ${steady.meets}`);
  });

  it('of two runs has their own intervals to go by', () => {
    const told = trendOf(monthly([3000, 2000]), curve, TODAY);
    const untold = trendOf(monthly([3000, 2800]), curve, TODAY);
    assert.deepEqual([told?.direction, untold?.direction], ['shrinking', 'not-told']);
  });

  it('is not told from noise of 30 %, and of a hundred such series hardly ever', () => {
    const normal = normalNumbers(randomNumbers(9));
    const wrong = Array.from({ length: 100 }, () => trendOf(monthly(Array.from({ length: 8 }, () => 3000 * Math.exp(0.3 * normal())), 1.1), curve, TODAY)).filter((one) => one?.direction !== 'not-told');
    // 10 are expected of bounds that are each missed by 5 %.
    assert.ok(wrong.length <= 18, String(wrong.length));
  });

  it('is none of one run, nor of runs within a week', () => {
    assert.equal(trendOf(monthly([3000]), curve, TODAY), null);
    assert.equal(trendOf(monthly([3000, 2000]).map((one) => ({ ...one, date: TODAY })), curve, TODAY), null);
  });

  it('is met today where there are too many users already, and never where they go away', () => {
    assert.equal(trendOf(monthly([500, 501, 502]), curve, TODAY)?.meets, TODAY);
    const leaving = steadyCurve(1000, readGrowth('-2%/month') ?? assert.fail(), '-2%/month');
    assert.equal(trendOf(monthly([3000, 3010, 2990]), leaving, TODAY)?.meets, null);
  });
});
