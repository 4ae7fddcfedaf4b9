import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { totalOf } from '../../src/diagnose/window.ts';
import type { Series } from '../../src/stats/series.ts';

const gap = Number.NaN;
const series = (...values: number[]): Series => ({ values: Float64Array.from(values) });

describe('the number of events behind a rate', () => {
  it('is the same however often the rate is read: a reading stands for the seconds since the one before', () => {
    assert.equal(totalOf(series(4, 4, 4, 4, 4, 4), [0, 6]), 24);
    assert.equal(totalOf(series(4, gap, 4, gap, 4, gap, 4), [1, 7]), 24);
    assert.equal(totalOf(series(4, gap, gap, gap, gap, 4), [1, 6]), 20);
  });

  it('does not reach back before the window, nor before the first reading', () => {
    assert.equal(totalOf(series(4, gap, gap, gap, gap, 4), [4, 6]), 8);
    assert.equal(totalOf(series(gap, gap, gap, 4, gap, 4), [0, 6]), 12);
    assert.equal(totalOf(series(gap, gap), [0, 2]), null);
    assert.equal(totalOf(null, [0, 2]), null);
  });
});
