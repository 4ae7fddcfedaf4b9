import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asymptoticBounds, littleGap, waitProbability } from '../../src/stats/operational-laws.ts';

describe('bounds', () => {
  it('cross at N* = (ΣD + Z) ÷ D_max (Lazowska et al. 1984, 5.3: D = 5, 4, 3 s, Z = 15 s: N* = 5.4, X ≤ 0.2/s)', () => {
    const { crossing, mostPerSec, throughputAt } = asymptoticBounds([5, 4, 3], 15);
    assert.ok(Math.abs(crossing - 5.4) < 1e-9 && Math.abs(mostPerSec - 0.2) < 1e-9);
    assert.ok(Math.abs(throughputAt(2) - 2 / 27) < 1e-9 && Math.abs(throughputAt(50) - 0.2) < 1e-9);
  });

  it('Little: 10 in flight at 100/s means 100 ms', () => {
    assert.ok(littleGap(10, 100, 0.1) < 1e-9);
    assert.ok(Math.abs(littleGap(10, 100, 0.05) - 0.5) < 1e-9);
  });
});

describe('waiting', () => {
  it('has the probabilities of Erlang’s table: 2 servers at 1.0 wait in 1 of 3, 5 at 4.0 in 0.554', () => {
    assert.ok(Math.abs(waitProbability(2, 1) - 1 / 3) < 1e-9);
    assert.ok(Math.abs(waitProbability(5, 4) - 0.5541) < 1e-4);
    assert.equal(waitProbability(1, 0.7), 0.7);
    assert.equal(waitProbability(3, 3), 1);
  });
});
