import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSets, type RunSet } from '../../bench/compare-recorded.ts';
import { compareRuns } from '../../src/compare/compare.ts';
import { overallOf } from '../../src/compare/outcome.ts';
import type { Run } from '../../src/model/run.ts';
import { times } from '../judge/facts.ts';
import { randomNumbers } from '../stats/random.ts';

/** As many as leave a choice of eight, and little time. */
const sets = (await readSets()).slice(0, 10);
const random = randomNumbers(3);
/** Eight sets, no run twice; which of two equal runs is the base is a coin's choice. */
const drawn = (): readonly RunSet[] => sets.map((set) => ({ set, at: random() })).toSorted((a, b) => a.at - b.at).slice(0, 8).map(({ set }) => set);
const isRed = (base: readonly Run[], head: readonly Run[]): boolean => overallOf(compareRuns(base, head, { threshold: 0.05 })) === 'worse';

// The bench draws a hundred of each; these few are the part of it that every change has to pass.
describe('recorded runs of four journeys, eight a side', () => {
  it('are never red where they are of the same version', () => {
    const red = times(4, () => {
      const pairs = drawn().map(({ base, twin }) => (random() < 0.5 ? [base, twin] as const : [twin, base] as const));
      return isRed(pairs.map(([one]) => one), pairs.map(([, other]) => other));
    });
    assert.deepEqual(red.filter(Boolean), []);
  });

  it('are red where one version is a tenth slower', () => {
    const red = times(4, () => {
      const chosen = drawn();
      return isRed(chosen.map(({ base }) => base), chosen.map(({ slower }) => slower));
    });
    assert.ok(red.filter(Boolean).length >= 3, `${red.filter(Boolean).length} of 4`);
  });

  it('tell nothing alone: a single pair without a history', () => {
    for (const { base, twin, slower } of sets.slice(0, 3)) {
      assert.equal(isRed([base], [twin]), false);
      assert.equal(overallOf(compareRuns([base], [slower], { threshold: 0.05 })), 'cannot-tell');
    }
  });
});
