import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDecided } from '../../src/cli/decided.ts';
import { comparisonsOf } from '../../src/model/condition.ts';
import type { Run } from '../../src/model/run.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { PROCESSES, simulate, type Process } from '../stats/simulate.ts';
import { interval, run, step, times, type Second } from '../judge/facts.ts';

/** It wants more than 100 requests/s of each endpoint, fewer than 0.1 % errors and a p95 that is never in danger here. */
const plan = await loadPlan('ventures', { cwd: '/' });
const phase = findPhase(plan, '2');
const LIMIT_PER_SEC = 100;
/** The same without the share of errors, which wants 4,742 requests whatever the rate is. */
const byRate = {
  ...plan, slo: [],
  suites: plan.suites.map((suite) => ({ ...suite, thresholds: suite.thresholds.filter((one) => comparisonsOf(one).every(({ metric }) => metric === 'http.throughput')) })),
};
/** When an endpoint is looked at. */
const LOOKS = [11, 17, 26, 39];

function endpoint(seconds: readonly Second[]): Run {
  const stages = [{ name: 'sustain', judged: true, durationSeconds: seconds.length, users: 4, enough: null }] as const;
  return run([step(seconds.map((one, at) => interval(at, [{ journey: 'dashboard', step: 'dashboard', ...one }])), {
    suite: 'unit', model: 'closed', engine: 'autocannon', endpoint: { journey: 'dashboard', step: 'dashboard' }, shape: { model: 'closed', stages },
  })], { suites: ['unit'] });
}

function ofRates(perSecond: readonly number[]): Run {
  return endpoint(perSecond.map((count) => ({ latenciesMs: times(Math.max(0, Math.round(count)), (at) => 5 + (at % 7)) })));
}

test('a rate far from its limit is decided at once, to either side', () => {
  assert.equal(isDecided(ofRates(times(11, (at) => 900 + 40 * (at % 5))), plan, phase), true);
});

test('seconds that resemble each other leave a rate open, however far its mean is from the limit', () => {
  // As it was measured: a server that was still compiling, four times as fast as it had to be.
  const rates = [374, 379, 247, 328, 274, 346, 373, 461, 498, 525, 514];
  assert.equal(isDecided(ofRates(rates), byRate, phase), false);
  assert.equal(isDecided(ofRates(rates.map((_, at) => rates[(7 * at) % rates.length] ?? 0)), byRate, phase), true, 'the same seconds in an order of chance');
});

test('what lies at its limit is not decided early', () => {
  assert.equal(isDecided(ofRates(times(11, (at) => LIMIT_PER_SEC + 1 + 4 * ((at * 7) % 5) - 8)), byRate, phase), false);
});

/** The share of simulated endpoints that some look takes for decided though their true rate is the limit itself. */
function decidedAtLimit(process: Process, count: number): number {
  const simulator = simulate(process, 7);
  let decided = 0;
  for (let at = 0; at < count; at += 1) {
    const rates = simulator.levels(40).map((level) => LIMIT_PER_SEC * (1 + 0.1 * level));
    if (LOOKS.some((seconds) => isDecided(ofRates([...rates].slice(0, seconds)), byRate, phase))) decided += 1;
  }
  return decided / count;
}

test('looked at four times, a rate at its limit is rarely taken for decided', () => {
  const shares = [PROCESSES.independent, PROCESSES.some].map((process) => decidedAtLimit(process, 150));
  assert.ok((shares[0] ?? 1) <= 0.08 && (shares[1] ?? 1) <= 0.14, shares.join(', '));
});
