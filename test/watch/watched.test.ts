import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../src/judge/judge.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Sample } from '../../src/model/sample.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { observedRun } from '../../src/watch/observed-run.ts';
import { exitCodeOf, watchlist } from '../../src/watch/watched.ts';

const plan = await loadPlan('honeyjar', { cwd: '/' });
const conditions = [...plan.triggers, ...plan.alerts];

describe('what is watched', () => {
  it('is what one of the probes can read, for as long as the condition asks about', () => {
    const { watched } = watchlist(conditions, ['host']);
    assert.deepEqual(watched.map(({ condition, seconds }) => [condition.text, seconds]), [
      ['host.cpu > 70 % or host.memory > 80 %', 13], ['host.cpu > 80 % for 15 min', 902], ['host.memory > 85 % for 10 min', 602],
    ]);
  });

  it('is nothing that only the requests of a run can tell, and says so; else which probe would', () => {
    const { unwatched } = watchlist(conditions, ['host']);
    const reasonOf = (text: string): string | undefined => unwatched.find(({ condition }) => condition.text.startsWith(text))?.reason;
    assert.match(reasonOf('http.p95 > 5 s') ?? '', /scaleplan test/);
    assert.match(reasonOf('queue.depth > 100') ?? '', /--probe bullmq/);
  });
});

describe('the last seconds', () => {
  const readings = (values: readonly number[]): Sample[] => values.map((value, second) => ({ atMs: 5_000_000 + second * 1000, probe: 'bullmq', metric: 'queue.depth', value }));
  const judged = (text: string, values: readonly number[]): Verdict['status'] | undefined => {
    const condition = conditions.find((one) => one.text === text);
    assert.ok(condition);
    const run = observedRun({ samples: readings(values), probes: [{ kind: 'bullmq', status: 'ok', detail: '', missedTicks: 0 }], fromMs: 5_000_000, seconds: values.length });
    return judge(run, [{ suite: 'load', conditions: [condition] }], { acceptNoise: false })[0]?.status;
  };

  it('are judged as a run is: a mean with its bounds, a duration without a gap', () => {
    assert.equal(judged('queue.depth > 100 jobs', Array.from({ length: 13 }, (_, at) => 150 + (at % 3))), 'fired');
    assert.equal(judged('queue.depth > 100 jobs', Array.from({ length: 13 }, (_, at) => 40 + (at % 3))), 'not-fired');
    assert.equal(judged('queue.depth > 100 jobs', [150, 151]), 'inconclusive');
    assert.equal(judged('queue.depth > 1000 jobs for 5 min', Array.from({ length: 302 }, () => 1500)), 'fired');
    assert.equal(judged('queue.depth > 1000 jobs for 5 min', Array.from({ length: 302 }, (_, at) => (at === 200 ? 900 : 1500))), 'not-fired');
    assert.equal(judged('queue.depth > 1000 jobs for 5 min', Array.from({ length: 60 }, () => 1500)), 'inconclusive');
  });

  it('end in 1 where something fires, in 4 where something is not known, else in 0', () => {
    const [some] = conditions.map((condition): Verdict => ({ condition, suite: 'load', status: 'not-fired', observed: 1, low: null, high: null, limit: 2, margin: null, samples: 1, reason: '' }));
    assert.ok(some);
    assert.equal(exitCodeOf([some]), 0);
    assert.equal(exitCodeOf([some, { ...some, status: 'not-measured' }]), 4);
    assert.equal(exitCodeOf([{ ...some, status: 'inconclusive' }, { ...some, status: 'fired' }]), 1);
  });
});
