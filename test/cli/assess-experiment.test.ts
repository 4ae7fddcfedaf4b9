import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessExperiment } from '../../src/cli/assess-experiment.ts';
import type { ExperimentFacts } from '../../src/model/experiment.ts';
import type { LoadShape } from '../../src/model/load.ts';
import type { Trial } from '../../src/model/run.ts';
import { condition, interval, run, START_MS, step, times } from '../judge/facts.ts';

const arrivalsPerSec = { from: 50, to: 50 };
const SHAPE: LoadShape = { model: 'open', stages: [
  { name: 'reference', judged: false, durationSeconds: 5, arrivalsPerSec }, { name: 'sustain', judged: true, durationSeconds: 30, arrivalsPerSec },
  { name: 'experiment', judged: false, durationSeconds: 23, arrivalsPerSec }, { name: 'recovery', judged: false, durationSeconds: 40, arrivalsPerSec },
] };
/** It begins at second 38, three after its stage. */
const FACTS: ExperimentFacts = {
  name: 'slow', what: 'the database is slow', lastsSeconds: 20, isLasting: true, expects: [condition('http.p95 < 500 ms'), condition('http.error_rate < 1 %')],
  beganAtMs: START_MS + 38_200, endedAtMs: START_MS + 58_400, failure: null, notes: [],
};
const LOST: Trial = { metric: 'service.data_consistency', value: 99.5, note: '200 of 200 writes were acknowledged; 1 of them is missing' };

/** Fifty requests a second of so many ms, each a little apart from the others. */
function loadOf(msAt: (second: number) => number) {
  return run([step(times(98, (second) => interval(second, [{ latenciesMs: times(50, (at) => msAt(second) + at % 10) }])), { shape: SHAPE })]);
}

test('a target that shrugs it off is as expected, with the seconds before, meanwhile and afterwards', () => {
  const found = assessExperiment(loadOf(() => 50), FACTS);
  assert.equal(found.outcome, 'as-expected', found.summary);
  assert.deepEqual([found.before?.seconds, found.during?.seconds, found.after?.seconds], [{ from: 5, to: 35 }, { from: 38, to: 59 }, { from: 59, to: 98 }]);
  assert.equal(found.recovery?.seconds, 0);
  assert.equal(found.consistency, null);
});

test('the expectations are held against the seconds of the experiment alone, and the way back is counted from its end', () => {
  const found = assessExperiment(loadOf((second) => (second >= 38 && second < 66 ? 2000 : 50)), FACTS);
  assert.equal(found.outcome, 'not-as-expected');
  assert.deepEqual(found.verdicts.map(({ status }) => status), ['fail', 'pass']);
  assert.ok((found.during?.p95Ms ?? 0) >= 2000 && (found.before?.p95Ms ?? Infinity) < 100);
  assert.equal(found.recovery?.seconds, 7, 'seven seconds after the 59th were still slow');
});

test('what is over as soon as it has begun is recovered from its begin on', () => {
  const killed = { ...FACTS, isLasting: false, endedAtMs: START_MS + 38_250 };
  const found = assessExperiment(loadOf((second) => (second >= 38 && second < 42 ? 2000 : 50)), killed);
  assert.deepEqual(found.during?.seconds, { from: 38, to: 58 });
  assert.equal(found.recovery?.seconds, 4);
});

test('a target that does not come back while it is watched is told so', () => {
  const found = assessExperiment(loadOf((second) => (second >= 38 ? 2000 : 50)), FACTS);
  assert.equal(found.recovery?.seconds, null);
  assert.match(found.summary, /not every expectation held again within 39 s/);
});

test('a lost write is not as expected, however fast the answers were', () => {
  const found = assessExperiment({ ...loadOf(() => 50), trials: [LOST] }, FACTS);
  assert.equal(found.outcome, 'not-as-expected');
  assert.match(found.summary, /writes were lost/);
});

test('no false green: an experiment that failed, or that the load had not come to, proves nothing', () => {
  assert.equal(assessExperiment(loadOf(() => 50), { ...FACTS, failure: 'it could not be begun: no such container' }).outcome, 'not-carried-out');
  assert.equal(assessExperiment(loadOf(() => 50), { ...FACTS, beganAtMs: null, endedAtMs: null }).outcome, 'not-carried-out');
  assert.equal(assessExperiment(run([]), FACTS).outcome, 'not-carried-out');
});

test('no false green: a load that ends with the experiment has shown no way back', () => {
  const cut = loadOf(() => 50);
  const [only] = cut.steps;
  assert.ok(only);
  assert.equal(assessExperiment({ ...cut, steps: [{ ...only, intervals: only.intervals.slice(0, 59) }] }, FACTS).outcome, 'undecided');
});
