import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { confirmedLoad, edgeOf } from '../../src/stress/belief.ts';
import { usableOf, type StageEvidence } from '../../src/stress/evidence.ts';
import { nextStage, type SearchSettings } from '../../src/stress/search.ts';
import { randomNumbers } from '../stats/random.ts';
import { playSearch } from './simulate.ts';

/** As the command searches: 6 minutes less what recovery takes; 3,060 requests without an error prove less than 0.1 %. */
const settings: SearchSettings = { startLoad: 16.7, leastLoad: 0, mostLoad: Infinity, budgetSeconds: 290, confirmSeconds: (load) => Math.max(20, 3060 / load) + 6 };

function stage(load: number, breakChance: number, more: Partial<StageEvidence> = {}): StageEvidence {
  const state = breakChance > 0.95 ? 'breaks' : breakChance < 0.05 ? 'holds' : 'open';
  return { load, purpose: 'climb', goals: [{ goal: 'p95', breakChance, state }], isGeneratorLimit: false, isHarmful: false, seconds: 16, answered: load, made: load, ...more };
}

describe('the search for the breaking point', () => {
  for (const [latencyNoise, capacityNoise, covers, confirms] of [[0.05, 0, 0.95, 0.93], [0.1, 0.02, 0.95, 0.9], [0.2, 0.02, 0.95, 0.9], [0.3, 0.03, 0.93, 0.8], [0.3, 0.05, 0.87, 0.8]] as const) {
    it(`finds the edge within ±10 % in 95 of 100 searches where seconds differ by ${latencyNoise * 100} % and the capacity wanders by ${capacityNoise * 100} %`, () => {
      const trials = Array.from({ length: 150 }, (_, at) => {
        const random = randomNumbers(at * 7919 + 1);
        const edge = 60 * Math.exp(random() * Math.log(5));
        return { ...playSearch({ edge, latencyNoise, capacityNoise }, settings, random), edge };
      });
      const share = (holds: (trial: (typeof trials)[number]) => boolean): number => trials.filter(holds).length / trials.length;
      assert.ok(share(({ mid, edge }) => Math.abs(mid / edge - 1) <= 0.1) >= 0.95, 'within 10 %');
      assert.ok(share(({ low, high, edge }) => low <= edge && edge <= high) >= covers, 'the interval covers');
      assert.ok(share(({ stages, edge }) => (confirmedLoad(stages) ?? 0) > edge * 1.02) <= 0.05, 'confirmed beyond the edge');
      assert.ok(share(({ stages }) => confirmedLoad(stages) !== null) >= confirms, 'confirmed');
      assert.ok(trials.every(({ seconds }) => seconds <= settings.budgetSeconds + 12), 'within the budget');
    });
  }

  it('searches the edges of the other thresholds in the time that is left, without giving up the first', () => {
    const trials = Array.from({ length: 100 }, (_, at) => playSearch({ edge: 150, others: [1.3, 1.8], latencyNoise: 0.1, capacityNoise: 0.02 }, { ...settings, budgetSeconds: 420 }, randomNumbers(at * 7919 + 1)));
    const share = (holds: (trial: (typeof trials)[number]) => boolean): number => trials.filter(holds).length / trials.length;
    assert.ok(share(({ mid }) => Math.abs(mid / 150 - 1) <= 0.1) >= 0.95);
    for (const [goal, edge] of [[1, 195], [2, 270]] as const) {
      assert.ok(share(({ goals }) => goals[goal]?.isBracketed === true) >= 0.85, `${edge} is seen from both sides`);
      assert.ok(share(({ goals }) => Math.abs((goals[goal]?.mid ?? 0) / edge - 1) <= 0.15) >= 0.85, `${edge} within 15 %`);
      assert.ok(share(({ goals }) => (goals[goal]?.low ?? 0) <= edge && edge <= (goals[goal]?.high ?? 0)) >= 0.88, `${edge} is covered`);
    }
  });

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

  it('goes straight to what was answered, and one that answers nothing is asked once more, at the lowest load', () => {
    const slow = nextStage(settings, [stage(16.7, 0.98, { answered: 3 })]);
    assert.ok(slow.do === 'stage' && slow.load === 3);
    const dead = nextStage(settings, [stage(16, 0.98, { answered: 0, isHarmful: true })]);
    assert.ok(dead.do === 'stage' && Math.abs(dead.load - 16.7 / 16) < 0.01, JSON.stringify(dead));
    assert.deepEqual(nextStage(settings, [stage(16.7, 0.98, { answered: 0 }), stage(1.044, 0.98, { answered: 0 })]), { do: 'end', end: 'broke-at-once' });
  });

  it('after harm asks first whether the target has come back, and ends where it twice has not', () => {
    const stages = [stage(16.7, 0.02), stage(33.4, 0.02), stage(66.8, 0.98, { isHarmful: true })];
    const first = nextStage(settings, stages);
    assert.ok(first.do === 'stage' && first.load === 33.4 && first.why === 'has it come back?', JSON.stringify(first));
    const back = nextStage(settings, [...stages, stage(33.4, 0.02)]);
    assert.ok(back.do === 'stage' && back.load > 33.4 && back.load < 66.8);
    const down = stage(33.4, 0.98, { isHarmful: true });
    const second = nextStage(settings, [...stages, down]);
    assert.ok(second.do === 'stage' && second.load <= 33.4, 'once may be a backlog');
    assert.deepEqual(nextStage(settings, [...stages, down, down]), { do: 'end', end: 'not-back' });
    assert.ok(edgeOf(settings, [...stages, down, down]).low > 30, 'what a target does while it is down is no evidence of its edge');
  });

  it('a target that held in between has come back, however often it was harmed: what breaks next is its edge, and evidence', () => {
    const harmful = (load: number, purpose: StageEvidence['purpose'] = 'search'): StageEvidence => stage(load, 0.98, { isHarmful: true, purpose });
    const stages = [15, 30, 60].map((load) => stage(load, 0.02)).concat(harmful(120), stage(60, 0.02), harmful(80), stage(56, 0.02), harmful(58, 'confirm'), stage(54, 0.02), harmful(54.5, 'confirm'));
    assert.equal(usableOf(stages).length, stages.length);
    const next = nextStage({ ...settings, budgetSeconds: 600 }, stages);
    assert.ok(next.do === 'stage', JSON.stringify(next));
    const twiceWithHoldBetween = [stage(30, 0.02), stage(60, 0.02), harmful(120), harmful(60), stage(60, 0.02), harmful(90), harmful(60)];
    assert.ok(nextStage({ ...settings, budgetSeconds: 600 }, twiceWithHoldBetween).do === 'stage', 'down once, and once more after it came back');
  });

  it('goes down to the load that is needed, however high the first one was', () => {
    const wanted = { ...settings, startLoad: 1000, neededLoad: 33.33 };
    const all = [1000, 500, 250, 125, 62.5].map((load) => stage(load, 0.98));
    const next = nextStage(wanted, all);
    assert.ok(next.do === 'stage' && next.load === 33.33, JSON.stringify(next));
    assert.deepEqual(nextStage(wanted, [...all, stage(33.33, 0.98)]), { do: 'end', end: 'broke-at-once' });
  });

  it('a stage that a neighbour spoiled below what held since is no limit of the generator', () => {
    const stages = [stage(16, 0.02, { isGeneratorLimit: true }), ...[16, 32, 60].map((load) => stage(load, 0.02)), stage(60, 0.02, { purpose: 'confirm' })];
    assert.deepEqual(nextStage({ ...settings, startLoad: 16, mostLoad: 60 }, stages), { do: 'end', end: 'never-broke' });
  });

  it('users are whole: between two that differ by one there is nothing to look for, and the lower is confirmed', () => {
    const users = { ...settings, startLoad: 1, leastLoad: 1, isWhole: true, budgetSeconds: 900 };
    const stages = [stage(1, 0.02)];
    for (let round = 0; round < 30; round += 1) {
      const next = nextStage(users, stages);
      if (next.do === 'end') break;
      assert.equal(next.load, Math.round(next.load));
      stages.push(stage(next.load, next.load >= 7 ? 0.98 : 0.02, { purpose: next.purpose }));
    }
    assert.equal(confirmedLoad(stages), 6, JSON.stringify(stages.map(({ load, purpose }) => [load, purpose])));
    assert.ok(stages.length <= 12, `${stages.length}`);
  });

  it('a short stage near the end of the time leaves what the confirming one needs', () => {
    const stages = [stage(16.7, 0.02), stage(33.4, 0.02), stage(66.8, 0.98), stage(47, 0.02)];
    const next = nextStage({ ...settings, budgetSeconds: 64 + 90 }, stages);
    assert.ok(next.do === 'stage' && next.purpose === 'search' && next.mostSeconds < 40, JSON.stringify(next));
  });

  it('never takes the generator’s limit for the target’s: it confirms what could be made, and calls that a lower bound', () => {
    const once = [stage(16.7, 0.02), stage(33.4, 0.02), stage(66.8, 0.98, { isGeneratorLimit: true })];
    const again = nextStage(settings, once);
    assert.ok(again.do === 'stage' && again.load === 66.8, 'once may be a neighbour on the machine');
    const slow = nextStage(settings, [...once, ...once.slice(2)].map((one) => (one.isGeneratorLimit ? { ...one, made: 50 } : one)));
    assert.ok(slow.do === 'stage' && slow.load === 47.5, 'what it made tells more than what it was asked for');
    const stages = [...once, stage(66.8, 0.98, { isGeneratorLimit: true })];
    const next = nextStage(settings, stages);
    assert.ok(next.do === 'stage' && next.load < 66.8 && next.load > 33.4, JSON.stringify(next));
    const confirm = nextStage(settings, [...stages, stage(60.12, 0.02)]);
    assert.ok(confirm.do === 'stage' && confirm.purpose === 'confirm', JSON.stringify(confirm));
    assert.deepEqual(nextStage(settings, [...stages, stage(60.12, 0.02), stage(60.12, 0.02, { purpose: 'confirm' })]), { do: 'end', end: 'generator-limit' });
  });

  it('tries nothing at or above a load that did harm, but once more where as much has held since, and then never', () => {
    const stages = [stage(16.7, 0.02), stage(33.4, 0.5, { isHarmful: true })];
    for (let round = 0; round < 20; round += 1) {
      const next = nextStage({ ...settings, budgetSeconds: 500 }, stages);
      if (next.do === 'end') break;
      const hasHeldNear = stages.some(({ load, isHarmful }) => !isHarmful && load >= 0.9 * 33.4);
      const harms = stages.filter(({ isHarmful }) => isHarmful).length;
      assert.ok(next.load < 33.4 || (hasHeldNear && harms === 1), `${next.load} after ${harms}`);
      stages.push(next.load >= 33.4 ? stage(next.load, 0.5, { isHarmful: true }) : stage(next.load, 0.02, { purpose: next.purpose }));
    }
    assert.ok(stages.length > 4 && stages.length < 22, `${stages.length}`);
  });

  it('harm that a load does once, and the same load not, was a neighbour on the machine: it goes on upwards', () => {
    const stages = [stage(16.7, 0.98, { isHarmful: true, answered: 8 }), stage(8, 0.02), stage(12, 0.02), stage(15.5, 0.02)];
    const edge = 60;
    for (let round = 0; round < 15; round += 1) {
      const next = nextStage({ ...settings, budgetSeconds: 400 }, stages);
      if (next.do === 'end') break;
      stages.push(stage(next.load, next.load > edge ? 0.98 : 0.02, { purpose: next.purpose }));
    }
    const { mid } = edgeOf(settings, stages);
    assert.ok(Math.abs(mid / edge - 1) < 0.1, `${mid}: ${stages.map(({ load }) => load).join(' ')}`);
  });

  it('says what was shown when nothing breaks in the time there is: goes on while higher loads are proven sooner, then confirms', () => {
    const stages = [stage(16.7, 0.02), stage(33.4, 0.02)];
    const tight = { ...settings, budgetSeconds: 140 };
    for (let round = 0; round < 12; round += 1) {
      const next = nextStage(tight, stages);
      if (next.do === 'end') break;
      stages.push(stage(next.load, 0.02, { purpose: next.purpose, seconds: next.purpose === 'confirm' ? settings.confirmSeconds(next.load) : 16 }));
    }
    assert.ok((confirmedLoad(stages) ?? 0) >= 66, JSON.stringify(stages.map(({ load, purpose }) => [load, purpose])));
    assert.deepEqual(nextStage(tight, stages), { do: 'end', end: 'never-broke' });
    assert.ok(stages.reduce((sum, { seconds }) => sum + seconds, 0) <= 140);
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
