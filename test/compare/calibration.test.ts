import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contrastRuns } from '../../src/compare/contrast.ts';
import { familyWise } from '../../src/compare/family.ts';
import { poolNoise } from '../../src/compare/noise.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';
import { times } from '../judge/facts.ts';

/** Figures of four journeys by three percentiles. */
const FIGURES = 12;

interface Study {
  readonly runs: number;
  /** Noise that hits all figures of a run alike, and that of each figure, as standard deviations of the logarithm. */
  readonly common: number;
  readonly own: number;
  readonly change: number;
  readonly studies: number;
}

/** Share of comparisons in which any figure is called worse at this family-wise level. */
function redShare({ runs, common, own, change, studies }: Study, level: number, seed: number): number {
  const normal = normalNumbers(randomNumbers(seed));
  const side = (shift: number): { log: number; variance: number; size: number }[][] => times(runs, () => {
    const machine = common * normal();
    return times(FIGURES, () => ({ log: shift + machine + own * normal(), variance: own ** 2 / 2, size: 1 }));
  });
  let red = 0;
  for (let study = 0; study < studies; study += 1) {
    const [base, head] = [side(0), side(change)];
    const contrasts = times(FIGURES, (at) => contrastRuns({ scope: { suite: 'load' }, metric: 'http.p95' }, base.map((run) => run[at] ?? null), head.map((run) => run[at] ?? null), { history: null }));
    const tests = contrasts.map((one) => ({ p: one?.pRise ?? 1, echo: one?.echo ?? null }));
    const adjusted = familyWise(tests, { freedom: contrasts[0]?.freedom ?? 1, common: (2 * runs - 2) / (2 * runs) }, 1000);
    if (adjusted.some((p) => p < level)) red += 1;
  }
  return red / studies;
}

describe('comparisons of the same version', () => {
  // 300 comparisons know 5 % to ± 2.5 %.
  for (const runs of [3, 5, 8]) {
    it(`are red somewhere in at most as many cases as the level allows, ${runs} runs a side`, () => {
      const share = redShare({ runs, common: 0.04, own: 0.02, change: 0, studies: 300 }, 0.05, 40 + runs);
      assert.ok(share <= 0.085, `${100 * share} % at a level of 5 %`);
    });
  }

  it('would be red far more often without the correction for many figures', () => {
    const normal = normalNumbers(randomNumbers(50));
    let red = 0;
    for (let study = 0; study < 200; study += 1) {
      const figures = times(FIGURES, () => contrastRuns(
        { scope: { suite: 'load' }, metric: 'http.p95' }, times(8, () => ({ log: 0.03 * normal(), variance: 0, size: 1 })), times(8, () => ({ log: 0.03 * normal(), variance: 0, size: 1 })), { history: null }));
      if (figures.some((one) => (one?.pRise ?? 1) < 0.05)) red += 1;
    }
    assert.ok(red / 200 > 0.3, `${red} of 200`);
  });
});

describe('a slowdown of 10 %', () => {
  it('is found in at least 90 of 100 comparisons of 8 runs a side where runs differ by 4 %', () => {
    const share = redShare({ runs: 8, common: 0.035, own: 0.02, change: Math.log(1.1), studies: 150 }, 0.01, 60);
    assert.ok(share >= 0.9, `${100 * share} %`);
  });
});

describe('the noise between runs', () => {
  it('is assumed where nothing was measured, and steps back for what was', () => {
    assert.ok(Math.abs(Math.sqrt(poolNoise({ variance: 0, freedom: 0 }, null, 0).variance) - 0.07) < 1e-9);
    assert.deepEqual(poolNoise({ variance: 1e-4, freedom: 8 }, null, 0).from, ['runs']);
    const mixed = poolNoise({ variance: 1e-4, freedom: 4 }, null, 0);
    assert.deepEqual(mixed.from, ['runs', 'assumed']);
    assert.ok(mixed.variance > 1e-4 && mixed.variance < 0.07 ** 2);
  });

  it('is never less than the scatter within the runs themselves', () => {
    assert.equal(poolNoise({ variance: 1e-6, freedom: 10 }, { variance: 1e-6, freedom: 10 }, 4e-4).variance, 4e-4);
  });
});
