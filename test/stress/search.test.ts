import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { confirmedLoad, edgeOf, nextStage, type SearchSettings, type StageEvidence } from '../../src/stress/search.ts';
import { randomNumbers } from '../stats/random.ts';
import { playSearch } from './simulate.ts';

/** As the command searches: 6 minutes less what recovery takes; 3,000 requests without an error prove less than 0.1 %. */
const settings: SearchSettings = { startLoad: 16.7, leastLoad: 0, mostLoad: Infinity, budgetSeconds: 290, confirmSeconds: (load) => Math.max(20, 3000 / load) + 6 };

function stage(load: number, breakChance: number, more: Partial<StageEvidence> = {}): StageEvidence {
  const state = breakChance > 0.95 ? 'breaks' : breakChance < 0.05 ? 'holds' : 'open';
  return { load, purpose: 'climb', goals: [{ goal: 'p95', breakChance, state }], isGeneratorLimit: false, isHarmful: false, seconds: 16, ...more };
}

describe('the search for the breaking point', () => {
  for (const [latencyNoise, capacityNoise] of [[0.05, 0], [0.1, 0.02], [0.2, 0.02], [0.3, 0.03], [0.3, 0.05]] as const) {
    it(`finds the edge within ±10 % in 95 of 100 trials under latency noise of ${latencyNoise * 100} % and capacity noise of ${capacityNoise * 100} %`, () => {
      const trials = Array.from({ length: 250 }, (_, at) => {
        const random = randomNumbers(at * 7919 + 1);
        const edge = 60 * Math.exp(random() * Math.log(5));
        const found = playSearch({ edge, latencyNoise, capacityNoise }, settings, random);
        return { ...found, edge, confirmed: confirmedLoad(found.stages), seconds: found.stages.reduce((sum, { seconds }) => sum + seconds, 0) };
      });
      const share = (holds: (trial: (typeof trials)[number]) => boolean): number => trials.filter(holds).length / trials.length;
      assert.ok(share(({ mid, edge }) => Math.abs(mid / edge - 1) <= 0.1) >= 0.95, 'within 10 %');
      assert.ok(share(({ low, high, edge }) => low <= edge && edge <= high) >= 0.9, 'the interval covers');
      assert.ok(share(({ confirmed, edge }) => confirmed !== null && confirmed > edge * 1.02) <= 0.05, 'confirmed beyond the edge');
      assert.ok(share(({ confirmed }) => confirmed !== null) >= 0.85, 'confirmed');
      assert.ok(trials.every(({ seconds }) => seconds <= settings.budgetSeconds + 1), 'within the budget');
    });
  }

  it('climbs in doubling steps until something breaks, then goes between', () => {
    assert.deepEqual(nextStage(settings, []), { do: 'stage', load: 16.7, purpose: 'climb', mostSeconds: 290, why: 'the first step' });
    const second = nextStage(settings, [stage(16.7, 0.02)]);
    assert.ok(second.do === 'stage' && second.load === 33.4);
    const third = nextStage(settings, [stage(16.7, 0.02), stage(33.4, 0.98)]);
    assert.ok(third.do === 'stage' && third.purpose === 'search' && third.load > 16.7 && third.load < 33.4);
  });

  it('does not believe one bad stage: one that breaks far below loads that hold moves the edge little', () => {
    const stages = [stage(20, 0.02), stage(40, 0.98), stage(80, 0.02), stage(80, 0.02), stage(80, 0.02), stage(160, 0.98), stage(110, 0.02), stage(135, 0.98)];
    const { mid } = edgeOf(settings, stages);
    assert.ok(mid > 100 && mid < 145, `${mid}`);
  });

  it('goes down where the first stage breaks, and says so where everything does', () => {
    const down = nextStage(settings, [stage(16.7, 0.98)]);
    assert.ok(down.do === 'stage' && down.load === 8.35);
    const all = [16.7, 8.35, 4.175, 2.087, 1.044].map((load) => stage(load, 0.98));
    assert.deepEqual(nextStage(settings, all), { do: 'end', end: 'broke-at-once' });
  });

  it('never takes the generator’s limit for the target’s: it confirms what could be made, and calls that a lower bound', () => {
    const once = [stage(16.7, 0.02), stage(33.4, 0.02), stage(66.8, 0.98, { isGeneratorLimit: true })];
    const again = nextStage(settings, once);
    assert.ok(again.do === 'stage' && again.load === 66.8, 'once may be a neighbour on the machine');
    const stages = [...once, stage(66.8, 0.98, { isGeneratorLimit: true })];
    const next = nextStage(settings, stages);
    assert.ok(next.do === 'stage' && next.load < 66.8 && next.load > 33.4, JSON.stringify(next));
    const confirm = nextStage(settings, [...stages, stage(60.12, 0.02)]);
    assert.ok(confirm.do === 'stage' && confirm.purpose === 'confirm', JSON.stringify(confirm));
    assert.deepEqual(nextStage(settings, [...stages, stage(60.12, 0.02), stage(60.12, 0.02, { purpose: 'confirm' })]), { do: 'end', end: 'generator-limit' });
  });

  it('tries nothing at or above a load that did harm', () => {
    const stages = [stage(16.7, 0.02), stage(33.4, 0.5, { isHarmful: true })];
    for (let round = 0; round < 12; round += 1) {
      const next = nextStage(settings, stages);
      if (next.do === 'end') return;
      assert.ok(next.load < 33.4, `${next.load}`);
      stages.push(stage(next.load, 0.02, { purpose: next.purpose }));
    }
    assert.fail('no end');
  });

  it('says what was shown when nothing breaks in the time there is', () => {
    const stages = [stage(16.7, 0.02), stage(33.4, 0.02)];
    const next = nextStage({ ...settings, budgetSeconds: 140 }, stages);
    assert.ok(next.do === 'stage' && next.purpose === 'confirm' && next.load === 33.4, JSON.stringify(next));
    assert.deepEqual(nextStage({ ...settings, budgetSeconds: 140 }, [...stages, stage(33.4, 0.02, { purpose: 'confirm' })]), { do: 'end', end: 'never-broke' });
  });

  it('confirms lower down after a confirming stage that did not hold, three times at most', () => {
    const stages = [stage(40, 0.02), stage(80, 0.98), stage(57, 0.02), stage(68, 0.98), stage(62, 0.02), stage(65, 0.98), stage(63, 0.02), stage(64, 0.98), stage(62.5, 0.02)];
    const loads: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const next = nextStage({ ...settings, budgetSeconds: 2000 }, stages);
      if (next.do === 'end') break;
      if (next.purpose === 'confirm') loads.push(next.load);
      stages.push(stage(next.load, next.purpose === 'confirm' || next.load > 64 ? 0.98 : 0.02, { purpose: next.purpose }));
    }
    assert.ok(loads.length >= 1 && loads.length <= 3, `${loads}`);
    assert.deepEqual(loads, loads.toSorted((a, b) => b - a));
  });
});
