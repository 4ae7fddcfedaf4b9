import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shownBy } from '../../src/cli/shown-by-run.ts';
import type { Run } from '../../src/model/run.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { interval, openShape, run, step, times } from '../judge/facts.ts';
import { CLIMB, PLAN, searched } from './searched-run.ts';

const plan = await loadPlan('ventures', { cwd: '/' });

describe('what a search shows', () => {
  it('is its edge, what was carried to the last user of the confirming stage, and what comes behind', () => {
    const { edge, carried, behind, broke } = shownBy(searched([...CLIMB, [56, 'confirm', 62]]), plan);
    assert.ok(edge !== null && edge.basis === 'measured' && edge.users.low === 3360 && edge.users.mid < 3900, JSON.stringify(edge));
    // 56 requests/s of one a minute.
    assert.deepEqual([carried, behind?.bottleneck, broke], [3360, 'node-cpu', null]);
  });

  it('is nothing carried where no stage confirmed it', () => {
    assert.equal(shownBy(searched(CLIMB), plan).carried, null);
  });
});

/** A minute of a test at 16 requests/s, whose dashboards take so long. */
function tested(ms: number, more: Partial<Run> = {}): Run {
  const seconds = times(60, (at) => interval(at, [{ latenciesMs: times(16, (each) => ms + (each % 7)) }]));
  return run([step(seconds, { shape: openShape(40, 20) })], { plan: PLAN, configuration: { ratePerSec: 16 }, ...more });
}

describe('what a test shows', () => {
  it('that harmed its users is no capacity, and the harm is the reason', () => {
    const { edge, carried, reason } = shownBy(tested(2000), plan);
    assert.deepEqual([edge, carried], [null, null]);
    assert.match(reason, /its users were harmed \(http\.p95/);
  });

  it('that is not valid is no capacity, and what was wrong with it is the reason', () => {
    const [only] = tested(50).steps;
    const { edge, carried, reason } = shownBy(tested(50, { steps: [{ ...(only ?? assert.fail()), generatorReasons: ['the generator was late'] }] }), plan);
    assert.deepEqual([edge, carried], [null, null]);
    assert.match(reason, /it is not valid: .*the generator was late/);
  });

  it('is carried only with every threshold proven: so few requests do not prove a share of errors', () => {
    assert.equal(shownBy(tested(50), plan).carried, null);
  });
});
