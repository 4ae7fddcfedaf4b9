import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goalsAt, judgeStage, measureStage } from '../../src/cli/stress-goals.ts';
import type { Run, RunStep } from '../../src/model/run.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { interval, openShape, run, step, times } from '../judge/facts.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const phase = findPhase(plan, '2');

/** A stage of 40 requests a second, three journeys; the searches of one take `generationMs` in each second. */
function stageOf(generationMs: (second: number) => number, more: { readonly answered?: number; readonly isHarmful?: boolean; readonly generator?: string[] } = {}): { facts: Run; stage: RunStep } {
  const { answered = 1 } = more;
  const intervals = times(12, (second) => ({
    ...interval(second, [
      { journey: 'dashboard', latenciesMs: times(Math.round(20 * answered), (at) => 40 + 5 * (at % 4)), sent: 20 },
      { journey: 'content-generation', step: 'generate', latenciesMs: times(Math.round(10 * answered), (at) => generationMs(second) * (1 + 0.02 * (at % 5))), sent: 10 },
      { journey: 'social-publish', step: 'publish', latenciesMs: times(Math.round(10 * answered), (at) => 20 + (at % 3)), sent: 10 },
    ]),
    arrivals: 20,
  }));
  const shape = openShape(12);
  const stage = step(intervals, {
    suite: 'stress', shape, requestsPerArrival: 2, generatorReasons: more.generator ?? [],
    stage: { load: 40, purpose: 'search', isHarmful: more.isHarmful ?? false, overloadSeconds: null },
  });
  return { stage, facts: run([stage], { stress: { by: 'rate', startLoad: 16, mostLoad: null, stoppedBy: null, notes: [] } }) };
}

function measured(...given: Parameters<typeof stageOf>): NonNullable<ReturnType<typeof measureStage>> {
  const { facts, stage } = stageOf(...given);
  const found = measureStage(facts, stage, plan, phase);
  assert.ok(found !== null);
  return found;
}

describe('what a stage of a search says of the phase’s thresholds', () => {
  it('holds where everything is answered in time, however few requests a short stage has for a share of errors', () => {
    const { evidence, shown } = measured(() => 300);
    assert.equal(shown.outcome, 'holds', JSON.stringify(shown.told));
    assert.ok(evidence.goals.filter(({ isLate }) => isLate !== true).every(({ breakChance }) => breakChance <= 0.05), JSON.stringify(evidence.goals));
    assert.deepEqual([evidence.made, evidence.answered], [40, 40]);
  });

  it('a queue that gains a little every second is a break, though no limit is met within the stage', () => {
    const { evidence, shown } = measured((second) => 300 + 110 * second);
    assert.equal(shown.outcome, 'breaks');
    assert.match(shown.told.join(), /content-generation\} < 5 s: grows by 1\d\d ms every second, which is [67],\d{3} ms after a minute/);
    assert.ok((evidence.goals.find(({ goal }) => goal.includes('content-generation'))?.breakChance ?? 0) > 0.9);
    assert.ok((evidence.goals.find(({ goal }) => goal.includes('dashboard'))?.breakChance ?? 1) <= 0.05, 'the others are as they were');
  });

  it('what was asked for and is not answered is lost, whatever the answers that came took', () => {
    const { evidence, shown } = measured(() => 300, { answered: 0.8 });
    assert.equal(shown.outcome, 'breaks');
    assert.match(shown.told.join(), /completed ≥ 95 % of what was asked for/);
    assert.ok(evidence.goals.some(({ goal, breakChance }) => goal.startsWith('completed') && breakChance > 0.9));
  });

  it('a stage in which the generator was the limit is no evidence, and says why', () => {
    const { evidence, shown } = measured(() => 9000, { generator: ['only 10 of 20 journeys were started'] });
    assert.deepEqual([evidence.isGeneratorLimit, shown.outcome, shown.told], [true, 'generator', ['only 10 of 20 journeys were started']]);
  });

  it('a stage that did harm breaks, and says that it was ended for it', () => {
    const { evidence, shown } = measured(() => 300, { isHarmful: true });
    assert.equal(evidence.isHarmful, true);
    assert.match(shown.told[0] ?? '', /ended at once for the harm/);
  });

  it('judges the phase’s own thresholds, and the completed share at the rate of the stage', () => {
    const { facts, stage } = stageOf(() => 300);
    const names = judgeStage(facts, stage, goalsAt(plan, phase, 'rate', 40)).map(({ condition }) => condition.text);
    assert.ok(names.includes('http.p95{journey=dashboard} < 500 ms') && names.includes('http.throughput >= 38 /s'), names.join());
    assert.ok(!names.some((name) => name.includes('service.')), 'what no stage can decide is no goal');
  });
});
