import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countOf, levelOf, longestStretch, medianOf, onsetOf, standsFor, stretchSeconds, totalOf } from '../../src/diagnose/window.ts';
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

describe('trap: one reading that is told of several seconds is no proof by repetition', () => {
  /** Each value is one reading, told of `span` seconds. */
  const held = (span: number, values: readonly number[]): Series => {
    const seconds = values.flatMap((value) => Array.from({ length: span }, () => value));
    return { values: Float64Array.from(seconds), spans: new Float64Array(seconds.length).fill(span) };
  };

  it('is no level by itself, nor two of them; of three the middle one is, whole', () => {
    assert.equal(levelOf(held(5, [900]), [0, 5]), null);
    assert.equal(levelOf(held(5, [900, 900]), [0, 10]), null);
    assert.equal(levelOf(held(5, [40, 900, 50]), [0, 15]), 50);
    assert.equal(levelOf(held(1, [40, 900, 50]), [0, 3]), 50);
    assert.equal(medianOf(held(5, [900, 900]), [0, 10]), null);
  });

  it('is counted once, however many seconds it stands for; a share is one of time', () => {
    assert.equal(countOf(held(3, [9, 1, 9]), [0, 9], (value) => value > 5), 2);
    assert.equal(standsFor(0.5, held(3, [9, 9]), [0, 6], (value) => value > 5), false);
    assert.equal(standsFor(0.5, held(3, [9, 9, 9, 1]), [0, 12], (value) => value > 5), true);
    assert.equal(longestStretch(held(3, [9, 9, 1]), [0, 9], (value) => value > 5), 2);
    assert.equal(stretchSeconds(held(3, [9, 9, 1]), [0, 9], (value) => value > 5), 6);
    assert.equal(stretchSeconds(series(9, gap, 9, gap, 1), [0, 5], (value) => value > 5), 4);
  });

  it('dates a beginning as exactly as it was read, which no gap shows', () => {
    assert.deepEqual(onsetOf(held(3, [1, 9, 9, 9]), (value) => value > 5), { second: 3, resolutionSeconds: 3 });
    assert.equal(onsetOf(held(3, [1, 9, 9, 1]), (value) => value > 5), null, 'two readings, six seconds');
    assert.deepEqual(onsetOf(held(1, [1, 9, 9, 9]), (value) => value > 5), { second: 1, resolutionSeconds: 1 });
  });
});
