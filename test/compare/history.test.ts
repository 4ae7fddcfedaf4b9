import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changePoints } from '../../src/compare/change-points.ts';
import { historyNoise, historyOf } from '../../src/compare/history.ts';
import type { Run } from '../../src/model/run.ts';
import { START_MS, times } from '../judge/facts.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';
import { HOUR_MS, past, runs } from './past-runs.ts';
import { simulate } from './simulate.ts';

describe('change points', () => {
  const normal = normalNumbers(randomNumbers(70));

  it('are found where the level moves by three of its own scatter, and nowhere else', () => {
    const found = changePoints([...times(15, () => normal()), ...times(15, () => 3 + normal())]);
    assert.equal(found.length, 1);
    assert.ok(Math.abs((found[0]?.at ?? 0) - 15) <= 1, `at ${found[0]?.at}`);
    assert.ok((found[0]?.p ?? 1) <= 0.01);
  });

  it('are found one by one in a staircase', () => {
    assert.deepEqual(changePoints(times(30, (at) => 10 * Math.floor(at / 10) + normal() / 5)).map(({ at }) => at), [10, 20]);
  });

  it('are hardly ever seen in noise', () => {
    const marked = times(100, () => changePoints(times(20, () => normal()))).filter((found) => found.length > 0);
    assert.ok(marked.length <= 4, `${marked.length} of 100`);
  });

  it('are not claimed in series too short or too even for one', () => {
    assert.deepEqual(changePoints([]), []);
    assert.deepEqual(changePoints([1, 1, 1, 9, 9]), []);
    assert.deepEqual(changePoints(times(40, () => 7)), []);
  });
});

describe('the history of runs', () => {
  it('marks the run from which on it was slower, and by how much', () => {
    const [series] = historyOf(runs([...times(8, () => 1), ...times(8, () => 1.5)]).map((run) => past(run)));
    const marks = series?.points.flatMap((point, at) => point.changes.map((change) => ({ at, ...change }))) ?? [];
    const p50 = marks.filter(({ metric }) => metric === 'http.p50');
    assert.equal(p50.length, 1);
    assert.equal(p50[0]?.at, 8);
    assert.ok(Math.abs((p50[0]?.changePercent ?? 0) - 50) < 15, `${p50[0]?.changePercent} %`);
  });

  it('keeps plans, phases, targets and machines apart, and leaves out what proves nothing', () => {
    const [a, b, c, d, e] = runs([1, 1, 1, 1, 1]).map((run) => past(run));
    assert.ok(a && b && c && d && e);
    const series = historyOf([b, a, { ...c, plan: { ...c.plan, phase: '2' } }, { ...d, valid: false }, { ...e, target: { ...e.target, url: 'http://127.0.0.1:2' } }]);
    assert.deepEqual(series.map(({ phase, target, points }) => [phase, target, points.map(({ run }) => run.id)]), [
      ['1', 'http://127.0.0.1:1', ['run-0', 'run-1']], ['2', 'http://127.0.0.1:1', ['run-2']], ['1', 'http://127.0.0.1:2', ['run-4']],
    ]);
  });
});

describe('a scenario that changes', () => {
  const holding = (run: Run, scenario: string, scenarioHash?: string): Run => ({ ...run, steps: run.steps.map((step) => ({ ...step, scenario, ...(scenarioHash === undefined ? {} : { scenarioHash }) })) });
  const [a, b, c, d] = runs([1, 1, 1, 1]);

  it('begins a new series, a file that only has another name does not, and runs from before contents were kept join the first that tells', () => {
    assert.ok(a && b && c && d);
    const series = historyOf([holding(a, 'shop.yml'), holding(b, 'shop.yml', 'aaaaaaaa'), holding(c, 'store.yml', 'aaaaaaaa'), holding(d, 'shop.yml', 'bbbbbbbb')].map((run) => past(run)));
    assert.deepEqual(series.map(({ load, points }) => [load.split(' · ')[1], points.map(({ run }) => run.id)]), [['shop.yml (aaaaaa)', ['run-0', 'run-1', 'run-2']], ['shop.yml (bbbbbb)', ['run-3']]]);
  });
});

describe('the noise of the history', () => {
  const like = simulate({ seed: 900, startedAtMs: START_MS + 100 * HOUR_MS });
  const scatter = [1, 1.05, 0.95, 1.04, 0.97, 1.03, 0.96, 1.02, 1, 0.98];

  it('is the scatter of comparable runs that were made before', () => {
    const noise = historyNoise(runs(scatter).map((run) => past(run)), like)({ suite: 'load' }, 'http.p50');
    assert.equal(noise?.freedom, 9);
    assert.ok(Math.sqrt(noise.variance) > 0.02 && Math.sqrt(noise.variance) < 0.06, String(Math.sqrt(noise.variance)));
  });

  it('does not take a change of the level for noise', () => {
    const changed = runs([...scatter, ...scatter.map((factor) => 2 * factor)]).map((run) => past(run));
    const noise = historyNoise(changed, like)({ suite: 'load' }, 'http.p50');
    assert.ok(Math.sqrt(noise?.variance ?? 1) < 0.07, String(Math.sqrt(noise?.variance ?? 1)));
  });

  it('knows nothing of other loads, other machines, or the future', () => {
    const other = runs(scatter).map((run) => past(run, { environment: { cpu: 'y' } }));
    assert.equal(historyNoise(other, like)({ suite: 'load' }, 'http.p50'), null);
    const later = runs(scatter).map((run) => past(run, { startedAtMs: like.startedAtMs + 1 }));
    assert.equal(historyNoise(later, like)({ suite: 'load' }, 'http.p50'), null);
  });
});
