import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Counters } from '../../src/probes/counters.ts';

const readings = (values: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(values));

describe('counters', () => {
  it('give rates over the time that really passed, however many ticks were missed', () => {
    const counters = new Counters();
    assert.equal(counters.advance(readings({ a: 10 }), 100), null);
    assert.equal(counters.advance(readings({ a: 40 }), 102)?.perSecond('a'), 15);
    assert.equal(counters.advance(readings({ a: 100 }), 108)?.perSecond('a'), 10);
  });

  it('give no rate when one of them fell back (the server was restarted), and go on from there', () => {
    const counters = new Counters();
    counters.advance(readings({ a: 10, b: 10 }), 1);
    assert.equal(counters.advance(readings({ a: 12, b: 3 }), 2), null);
    assert.equal(counters.advance(readings({ a: 13, b: 5 }), 3)?.of('b'), 2);
  });

  it('forget, at a restart, what they knew of counters that have not come back yet', () => {
    const counters = new Counters();
    counters.advance(readings({ a: 10, late: 1000 }), 1);
    assert.equal(counters.advance(readings({ a: 0 }), 2), null);
    const growth = counters.advance(readings({ a: 1, late: 4 }), 3);
    assert.deepEqual([growth?.of('a'), growth?.of('late')], [1, 4]);
  });

  it('take a counter that appears late for one that had counted nothing', () => {
    const counters = new Counters();
    counters.advance(readings({}), 1);
    assert.equal(counters.advance(readings({ a: 4 }), 2)?.of('a'), 4);
  });

  it('go on from where a counter was last seen when it was left out of a reading: its whole life is no growth', () => {
    const counters = new Counters();
    counters.advance(readings({ a: 1000, b: 0 }), 1);
    assert.ok(Number.isNaN(counters.advance(readings({ b: 1 }), 2)?.perSecond('a')));
    const growth = counters.advance(readings({ a: 1010, b: 2 }), 3);
    assert.deepEqual([growth?.of('a'), growth?.perSecond('a'), growth?.perSecond('b')], [10, 5, 1]);
  });

  it('give NaN, which is dropped, and no rate out of nothing, for a value that is NaN', () => {
    const counters = new Counters();
    counters.advance(readings({ a: 5, b: Number.NaN }), 1);
    assert.ok(Number.isNaN(counters.advance(readings({ a: Number.NaN, b: 900 }), 2)?.of('a')));
    const growth = counters.advance(readings({ a: 9, b: 901 }), 3);
    assert.deepEqual([growth?.of('a'), growth?.perSecond('a'), growth?.of('b')], [4, 2, 1]);
  });

  it('give no rate when the server’s clock jumps back, nor one between two readings at the same moment', () => {
    const counters = new Counters();
    counters.advance(readings({ a: 1 }), 100);
    assert.equal(counters.advance(readings({ a: 2 }), 40), null);
    assert.equal(counters.advance(readings({ a: 5 }), 41)?.perSecond('a'), 3);
    assert.equal(counters.advance(readings({ a: 6 }), 41.01), null);
    assert.equal(counters.advance(readings({ a: 8 }), 42)?.perSecond('a'), 3);
  });
});
