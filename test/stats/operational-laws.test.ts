import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asymptoticBounds, littleGap, serviceDemand, throughputLimit, utilizationAtWait, waitProbability } from '../../src/stats/operational-laws.ts';
import { normalNumbers, randomNumbers } from './random.ts';

function readings(demandSeconds: number, idle: number, noise: number, seed: number) {
  const normal = normalNumbers(randomNumbers(seed));
  return Array.from({ length: 60 }, (_, at) => {
    const throughputPerSec = (at < 20 ? 8 : 33) * (1 + 0.05 * normal());
    return { throughputPerSec, utilization: idle + demandSeconds * throughputPerSec + noise * normal() };
  });
}

describe('service demand', () => {
  it('is the slope of utilisation over throughput; what others use does not count to it', () => {
    const found = serviceDemand(readings(0.0144, 0.1, 0.01, 1));
    assert.ok(found !== null && Math.abs(found.seconds / 0.0144 - 1) < 0.03 && Math.abs(found.idleUtilization - 0.1) < 0.02, JSON.stringify(found));
    assert.ok(Math.abs(throughputLimit(found) / ((1 - 0.1) / 0.0144) - 1) < 0.05);
  });

  it('has an upper bound that holds in about 95 of 100 runs', () => {
    const held = Array.from({ length: 400 }, (_, seed) => serviceDemand(readings(0.0144, 0.1, 0.03, seed + 1))).filter((one) => one !== null && one.high >= 0.0144).length;
    assert.ok(held >= 370 && held <= 392, String(held));
  });

  it('is no figure below ten readings, and takes one load for all of the utilisation', () => {
    assert.equal(serviceDemand(readings(0.01, 0, 0, 1).slice(0, 9)), null);
    const one = serviceDemand(Array.from({ length: 20 }, () => ({ throughputPerSec: 20, utilization: 0.4 })));
    assert.ok(one !== null && Math.abs(one.seconds - 0.02) < 1e-9 && one.idleUtilization === 0);
  });
});

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

  it('meets the limit later the less varies, and never beyond always', () => {
    const [random, half, steady] = [1, 0.5, 0.01].map((variation) => utilizationAtWait(5, 0.18, 0.32, variation));
    assert.ok(random !== undefined && half !== undefined && steady !== undefined && random < half && half < steady && steady <= 1);
    // M/M/1: P(W > t) = ρ exp(−(1 − ρ) t / S) = 0.05 at t = 3 S: ρ = 0.351.
    assert.ok(Math.abs(utilizationAtWait(1, 1, 3, 1) - 0.351) < 0.002, String(utilizationAtWait(1, 1, 3, 1)));
  });
});
