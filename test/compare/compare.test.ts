import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareRuns } from '../../src/compare/compare.ts';
import { contrastRuns } from '../../src/compare/contrast.ts';
import { exitCodeOfComparison, overallOf } from '../../src/compare/outcome.ts';
import type { Comparison } from '../../src/model/comparison.ts';
import type { Run } from '../../src/model/run.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';
import { openShape, times } from '../judge/facts.ts';
import { ENVIRONMENT, simulate, type Simulated } from './simulate.ts';

const OPTIONS = { threshold: 0.05 };
/** Runs of one version; from run to run the level scatters by `noise`. */
function side(count: number, factor: number, noise: number, seed: number, more: Partial<Simulated> = {}): Run[] {
  const normal = normalNumbers(randomNumbers(seed));
  return times(count, (at) => simulate({ seed: 1000 * seed + at, id: `${seed}-${at}`, seconds: 30, factor: factor * Math.exp(noise * normal()), ...more }));
}
const statusOf = (comparison: Comparison, metric: string, journey?: string): string | undefined =>
  comparison.differences.find((one) => one.metric === metric && one.scope.journey === journey)?.status;

describe('runs against runs', () => {
  it('finds a slowdown of 15 % in five runs a side, with its size within the bounds', () => {
    const found = compareRuns(side(5, 1, 0.02, 1), side(5, 1.15, 0.02, 2), OPTIONS);
    assert.equal(statusOf(found, 'http.p95'), 'worse');
    assert.equal(exitCodeOfComparison(found), 1);
    const { low, mid, high } = found.differences.find(({ metric }) => metric === 'http.p95')?.changePercent ?? { low: 0, mid: 0, high: 0 };
    assert.ok(low < 15 && high > 15 && mid > 9 && mid < 21, `${low} ${mid} ${high}`);
  });

  it('says of the opposite change that it is better, and exits with 0 where nothing is open', () => {
    const found = compareRuns(side(5, 1.15, 0.02, 1), side(5, 1, 0.02, 2), { ...OPTIONS, metrics: ['http.p50'] });
    assert.equal(overallOf(found), 'better');
    assert.equal(exitCodeOfComparison(found), 0);
  });

  it('says “same” only where a change that matters is ruled out', () => {
    const quiet = compareRuns(side(8, 1, 0.005, 3, { seconds: 60, levelNoise: 0.01 }), side(8, 1, 0.005, 4, { seconds: 60, levelNoise: 0.01 }), { ...OPTIONS, metrics: ['http.p50', 'http.p95', 'http.throughput'] });
    assert.deepEqual(new Set(quiet.differences.map(({ status }) => status)), new Set(['same']));
    assert.equal(exitCodeOfComparison(quiet), 0);
  });

  it('cannot tell from one pair what runs of one version differ by: 12 % slower, exit 4, with the number of runs it would take', () => {
    const found = compareRuns(side(1, 1, 0, 5), side(1, 1.12, 0, 6), OPTIONS);
    const p95 = found.differences.find(({ metric }) => metric === 'http.p95');
    assert.equal(p95?.status, 'cannot-tell');
    assert.ok((p95?.need?.runsPerSide ?? 0) >= 3 && (p95?.need?.runsPerSide ?? 0) <= 30, JSON.stringify(p95?.need));
    assert.match(p95?.reason ?? '', /a run’s noise is .* \(assumed\)/);
    assert.equal(exitCodeOfComparison(found), 4);
  });

  it('calls a pair red where no noise explains it: twice as slow', () => {
    assert.equal(exitCodeOfComparison(compareRuns(side(1, 1, 0, 5), side(1, 2, 0, 6), OPTIONS)), 1);
  });

  it('believes a history that is quieter than what is assumed', () => {
    const history = (): { variance: number; freedom: number } => ({ variance: 0.01 ** 2, freedom: 20 });
    const [base, head] = [side(1, 1, 0, 5, { seconds: 120 }), side(1, 1.2, 0, 6, { seconds: 120 })];
    assert.notEqual(statusOf(compareRuns(base, head, OPTIONS), 'http.p50'), 'worse');
    assert.equal(statusOf(compareRuns(base, head, { ...OPTIONS, history }), 'http.p50'), 'worse');
  });

  it('compares runs of unequal length, the short ones weighing less', () => {
    const noisy = { levelNoise: 0.1, ratePerSec: 40 };
    const options = { ...OPTIONS, metrics: ['http.p50'] as const, history: () => ({ variance: 1e-8, freedom: 500 }) };
    const [long, short, head] = [side(4, 1, 0, 7, { ...noisy, seconds: 90 }), side(1, 1.6, 0, 8, { ...noisy, seconds: 12 }), side(5, 1, 0, 9, { ...noisy, seconds: 90 })];
    const [base = 0, plain = 1] = [[...long, ...short], long].map((runs) => compareRuns(runs, head, options).differences[0]?.base ?? 0);
    const equalWeights = Math.exp(Math.log(1.6) / 5) - 1;
    assert.ok(base / plain - 1 < equalWeights / 2, `${base} against ${plain}`);
  });

  it('does not weigh a run by how quiet it happens to look: a low percentile looks quiet, too', () => {
    const known = { turns: null, history: null };
    const lucky = (luck: number): { log: number; variance: number; size: number } => ({ log: luck, variance: luck < 0 ? 1e-5 : 0.02, size: 1000 });
    const found = contrastRuns({ scope: { suite: 'load' }, metric: 'http.p99' }, times(8, (at) => lucky(at % 2 === 0 ? 0.1 : -0.1)), times(8, () => lucky(0)), known);
    assert.ok(Math.abs(found?.change.mid ?? 1) < 1e-9, String(found?.change.mid));
  });

  it('finds errors in one journey, and does not take a burst in one second for a rate', () => {
    const base = side(2, 1, 0, 10);
    const failing = side(2, 1, 0, 11, { errorShare: 0.03 });
    assert.equal(statusOf(compareRuns(base, failing, OPTIONS), 'http.error_rate'), 'worse');
    const burst = side(2, 1, 0, 12).map((run, at) => (at === 1 ? run : withBurst(run)));
    assert.notEqual(statusOf(compareRuns(base, burst, OPTIONS), 'http.error_rate'), 'worse');
  });

  it('says of error rates “same” only where so many requests prove it, within a tenth of a percent, and else how many would', () => {
    const [few, same] = [compareRuns(side(1, 1, 0, 30), side(1, 1, 0, 31), OPTIONS), compareRuns(side(4, 1, 0, 32, { seconds: 60 }), side(4, 1, 0, 33, { seconds: 60 }), OPTIONS)];
    const [open, proven] = [few, same].map(({ differences }) => differences.find(({ metric, scope }) => metric === 'http.error_rate' && scope.journey === undefined));
    assert.equal(open?.status, 'cannot-tell');
    // No error in 900 requests: 3,000 without one prove less than 0.1 %.
    assert.ok((open?.need?.timesAsLong ?? 0) > 3 && (open?.need?.timesAsLong ?? 0) < 4, JSON.stringify(open?.need));
    assert.equal(open?.need?.runsPerSide, 4);
    assert.match(open?.reason ?? '', /a change of 0\.1 percentage points cannot be ruled out/);
    assert.equal(proven?.status, 'same');
  });

  it('does not pass a journey over that only one side walks', () => {
    const found = compareRuns(side(2, 1, 0, 34), side(2, 1, 0, 35, { mediansMs: { dashboard: 40, checkout: 120 } }), { ...OPTIONS, metrics: ['http.throughput'] });
    assert.deepEqual(found.differences.filter(({ base }) => base === null).map(({ scope, status, reason }) => [scope.journey, status, reason]), [
      ['search', 'cannot-tell', 'only the base has such requests'], ['checkout', 'cannot-tell', 'only the head has such requests'],
    ]);
    assert.equal(exitCodeOfComparison(found), 4);
  });

  it('has nothing to compare where a side sent no request, and passes nothing', () => {
    const [base] = side(1, 1, 0, 36);
    const [head] = side(1, 1, 0, 37);
    assert.ok(base && head);
    const silent = { ...head, steps: head.steps.map((step) => ({ ...step, intervals: step.intervals.map((one) => ({ ...one, rows: [] })) })) };
    assert.equal(exitCodeOfComparison(compareRuns([base], [silent], OPTIONS)), 4);
    const empty = { ...head, steps: head.steps.map((step) => ({ ...step, intervals: [] })) };
    assert.equal(exitCodeOfComparison(compareRuns([base], [empty], OPTIONS)), 4);
  });

  it('leaves a percentile out that too few requests carry, and says so', () => {
    const found = compareRuns(side(2, 1, 0, 13, { ratePerSec: 5 }), side(2, 1, 0, 14, { ratePerSec: 5 }), OPTIONS);
    assert.equal(statusOf(found, 'http.p99'), undefined);
    assert.ok(found.notes.some((note) => /http\.p99 of load was not compared: 300 answers in a run, 500 are needed/.test(note)), found.notes.join('\n'));
  });

  it('gives the same answer for the same runs', () => {
    const [base, head] = [side(2, 1, 0.02, 15), side(3, 1.05, 0.02, 16)];
    assert.deepEqual(compareRuns(base, head, OPTIONS), compareRuns(base, head, OPTIONS));
  });
});

describe('runs that must not be compared', () => {
  const [base] = side(1, 1, 0, 20);
  const [head] = side(1, 1, 0, 21);
  const against = (other: Partial<Run>): Comparison => compareRuns([base as Run], [{ ...(head as Run), ...other }], OPTIONS);

  it('refuses another plan, phase, machine, load or engine, with what differs, and compares nothing', () => {
    const [step] = (head as Run).steps;
    assert.ok(step);
    const cases: readonly [Partial<Run>, RegExp][] = [
      [{ plan: { id: 'other', phase: '1', file: '' } }, /plan: p against other/],
      [{ plan: { id: 'p', phase: '2', file: '' } }, /phase: 1 against 2/],
      [{ environment: { ...ENVIRONMENT, cores: 8 } }, /cores: 2 against 8/],
      [{ environment: { ...ENVIRONMENT, memoryBytes: 64e9 } }, /memory: 8 GB against 64 GB/],
      [{ steps: [{ ...step, shape: { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 30, arrivalsPerSec: { from: 20, to: 20 } }] } }] }, /load of .*10 journeys\/s against 20/],
      [{ steps: [{ ...step, engine: 'k6' }] }, /engine of .*artillery against k6/],
      [{ steps: [{ ...step, scenario: 'other.yml' }] }, /only one side has load \(other\.yml\)/],
      [{ steps: [{ ...step, generatorReasons: ['late'] }] }, /is invalid: late/],
      [{ interrupted: 'SIGINT' }, /was interrupted \(SIGINT\)/],
    ];
    for (const [other, reason] of cases) {
      const found = against(other);
      assert.equal(found.comparable, false);
      assert.match(found.reasons.join('\n'), reason);
      assert.deepEqual(found.differences, []);
      assert.equal(exitCodeOfComparison(found), 2);
    }
  });

  describe('know a scenario by what it holds', () => {
    const holding = (run: Run | undefined, scenarioHash: string | undefined, scenario: string): Run =>
      ({ ...(run as Run), steps: (run as Run).steps.map((step) => ({ ...step, scenario, ...(scenarioHash === undefined ? {} : { scenarioHash }) })) });

    it('not by its name: a file that was renamed is the same', () => {
      const found = compareRuns([holding(base, 'a1', 'old.yml')], [holding(head, 'a1', 'new/name.yml')], OPTIONS);
      assert.deepEqual(found.reasons, []);
      assert.ok(found.differences.length > 0);
    });

    it('and refuse the same name with other contents', () => {
      const found = compareRuns([holding(base, 'a1', 'shop.yml')], [holding(head, 'b2', 'shop.yml')], OPTIONS);
      assert.match(found.reasons.join('\n'), /scenario of load \(shop\.yml\): its users do something else \(content a1 against b2\)/);
      assert.equal(exitCodeOfComparison(found), 2);
    });

    it('but go by the name, and say so, where one run is from before contents were kept', () => {
      const found = compareRuns([holding(base, undefined, 'shop.yml')], [holding(head, 'b2', 'shop.yml')], OPTIONS);
      assert.deepEqual(found.reasons, []);
      assert.match(found.notes.join('\n'), /scenario of load \(shop\.yml\): 20-0 does not say what it held/);
    });
  });

  it('compares them when forced, and still says what differs', () => {
    const found = compareRuns([base as Run], [{ ...(head as Run), environment: { ...ENVIRONMENT, cores: 8 } }], { ...OPTIONS, force: true });
    assert.equal(found.comparable, false);
    assert.ok(found.differences.length > 0);
    assert.notEqual(exitCodeOfComparison(found), 2);
  });

  it('takes another host of the same kind, another length and another patch version as they are', () => {
    const [step] = (head as Run).steps;
    assert.ok(step);
    const found = against({ environment: { ...ENVIRONMENT, host: 'b', node: '24.9.0' }, steps: [{ ...step, shape: openShape(30, 20) }] });
    assert.deepEqual(found.reasons, []);
    assert.match(found.notes.join('\n'), /host: a against b/);
  });
});

function withBurst(run: Run): Run {
  const steps = run.steps.map((step) => ({
    ...step,
    intervals: step.intervals.map((interval, at) => (at === 7 ? { ...interval, rows: interval.rows.map((row) => ({ ...row, requests: row.requests + 15, errors: { refused: 15 } })) } : interval)),
  }));
  return { ...run, steps };
}
