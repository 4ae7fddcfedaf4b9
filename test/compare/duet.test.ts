import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareDuet } from '../../src/compare/duet.ts';
import { pairSeconds } from '../../src/compare/pair-seconds.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import { START_MS, times } from '../judge/facts.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';
import { simulate, wander } from './simulate.ts';

/** A machine whose speed wanders by 20 %: both versions run on it at the same time. */
function duet(change: number, seed: number, seconds = 60): Comparison {
  const levels = wander(seconds, 0.7, normalNumbers(randomNumbers(seed))).map((level) => 0.2 * level);
  const [base, head] = [simulate({ seed: 3 * seed, id: 'base', levels, ratePerSec: 20 }), simulate({ seed: 3 * seed + 1, id: 'head', levels, factor: change, ratePerSec: 20 })];
  return compareDuet(base, head, { threshold: 0.05 });
}

describe('a duet', () => {
  it('finds 10 % in a minute on a machine whose speed wanders by 20 %', () => {
    const found = times(10, (at) => duet(1.1, 100 + at)).filter(({ differences }) => differences.some(({ status }) => status === 'worse'));
    assert.ok(found.length >= 9, `${found.length} of 10`);
  });

  it('finds nothing in two runs of the same version', () => {
    const red = times(12, (at) => duet(1, 200 + at, 45)).filter(({ differences }) => differences.some(({ status }) => status === 'worse'));
    assert.ok(red.length <= 1, `${red.length} of 12`);
  });

  it('lives from the pairing: the same seconds out of step would leave the change undecided', () => {
    const levels = wander(60, 0.7, normalNumbers(randomNumbers(7))).map((level) => 0.2 * level);
    const width = (other: readonly number[]): number => {
      const { changePercent } = compareDuet(simulate({ seed: 1, levels }), simulate({ seed: 2, levels: other }), { threshold: 0.05, metrics: ['http.p50'] }).differences[0] ?? {};
      return (changePercent?.high ?? 0) - (changePercent?.low ?? 0);
    };
    assert.ok(width([...levels.slice(30), ...levels.slice(0, 30)]) > 1.5 * width(levels));
  });

  it('demands more of an early look than of the last one', () => {
    const [base, head] = [simulate({ seed: 1, seconds: 40, id: 'a' }), simulate({ seed: 2, seconds: 40, id: 'b', factor: 1.06 })];
    const width = (isEarly: boolean): number => {
      const { changePercent } = compareDuet(base, head, { threshold: 0.05, isEarly }).differences[0] ?? {};
      return (changePercent?.high ?? 0) - (changePercent?.low ?? 0);
    };
    assert.ok(width(true) > 1.3 * width(false));
  });

  it('lays seconds of the clock beside each other when one side began later', () => {
    const pairs = pairSeconds(simulate({ seed: 1, seconds: 20 }), simulate({ seed: 2, seconds: 20, startedAtMs: START_MS + 3200 }));
    assert.equal(pairs[0]?.seconds, 17);
    const starts = [pairs[0]?.base, pairs[0]?.head].map((side) => side?.traffic.seconds[0]?.startedAtMs ?? 0);
    assert.ok(Math.abs((starts[0] ?? 0) - (starts[1] ?? 0)) < 500);
  });
});
