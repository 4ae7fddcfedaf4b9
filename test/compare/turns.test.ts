import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contrastRuns } from '../../src/compare/contrast.ts';
import { neighbourNoise, turnsOf } from '../../src/compare/turns.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';
import { times } from '../judge/facts.ts';

const at = (...turns: readonly number[]): { startedAtMs: number }[] => turns.map((startedAtMs) => ({ startedAtMs }));
const [BASE, HEAD] = [at(0, 3, 4, 7, 8, 11, 12, 15), at(1, 2, 5, 6, 9, 10, 13, 14)];

describe('runs made in turn', () => {
  it('are told from runs made one side after the other, from few, and from unequal numbers', () => {
    assert.equal(turnsOf(BASE, HEAD)?.length, 16);
    assert.equal(turnsOf(at(0, 1, 2, 3, 4, 5), at(6, 7, 8, 9, 10, 11)), null);
    assert.equal(turnsOf(at(0, 2, 4), at(1, 3, 5)), null);
    assert.equal(turnsOf(BASE, HEAD.slice(1)), null);
  });

  it('do not take a drift of the machine for noise of the difference', () => {
    const normal = normalNumbers(randomNumbers(80));
    const levels = times(16, (turn) => 0.3 * Math.sin(turn / 5) + 0.02 * normal());
    const side = (turns: readonly { startedAtMs: number }[]): { log: number; variance: number; size: number }[] => turns.map(({ startedAtMs }) => ({ log: levels[startedAtMs] ?? 0, variance: 0, size: 1 }));
    const noise = (turns: ReturnType<typeof turnsOf>): number => Math.sqrt(contrastRuns({ scope: { suite: 'load' }, metric: 'http.p95' }, side(BASE), side(HEAD), { history: null, turns })?.noise?.variance ?? 0);
    assert.ok(noise(turnsOf(BASE, HEAD)) < 0.05, String(noise(turnsOf(BASE, HEAD))));
    assert.ok(noise(null) > 0.08, String(noise(null)));
  });

  it('have the true noise where there is no drift, and say how much that is worth', () => {
    const normal = normalNumbers(randomNumbers(81));
    const found = times(400, () => neighbourNoise(times(16, () => normal())));
    const mean = found.reduce((sum, { variance }) => sum + variance, 0) / found.length;
    // Residuals of a known mean lack nothing: the correction shows as 16/15.
    assert.ok(Math.abs(mean - 16 / 15) < 0.06, String(mean));
    assert.ok(Math.abs((found[0]?.freedom ?? 0) - 10.2) < 0.1);
  });

  it('are red in 5 of 100 cases at 5 %', () => {
    const normal = normalNumbers(randomNumbers(82));
    const [turns, runs] = [turnsOf(BASE, HEAD), (): { log: number; variance: number; size: number }[] => times(8, () => ({ log: 0.04 * normal(), variance: 0, size: 1 }))];
    const red = times(2000, () => contrastRuns({ scope: { suite: 'load' }, metric: 'http.p95' }, runs(), runs(), { history: null, turns })?.pRise ?? 1).filter((p) => p < 0.05).length;
    assert.ok(red >= 60 && red <= 140, `${red} of 2,000`);
  });
});
