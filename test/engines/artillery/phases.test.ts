import assert from 'node:assert/strict';
import { test } from 'node:test';
import { artilleryPhases } from '../../../src/engines/artillery/phases.ts';
import type { ArtilleryPhase } from '../../../src/engines/artillery/phases.ts';
import type { OpenStage } from '../../../src/model/load.ts';
import { constant } from './run-script.ts';

function ramp(from: number, to: number, durationSeconds: number): OpenStage {
  return { name: 'ramp', judged: false, durationSeconds, arrivalsPerSec: { from, to } };
}

function seconds(value: number | string): number {
  return typeof value === 'number' ? value : Number.parseFloat(value) / 1000;
}

function totals(phases: readonly ArtilleryPhase[]): { seconds: number; arrivals: number } {
  let total = { seconds: 0, arrivals: 0 };
  for (const phase of phases) {
    if ('pause' in phase) total = { ...total, seconds: total.seconds + seconds(phase.pause) };
    else {
      const length = seconds(phase.duration);
      const arrivals = 'arrivalCount' in phase ? phase.arrivalCount : phase.arrivalRate * length;
      total = { seconds: total.seconds + length, arrivals: total.arrivals + arrivals };
    }
  }
  return total;
}

test('a rate with a fraction, which arrivalRate does not take, is met within 1 % by counted arrivals', () => {
  const phases = artilleryPhases([constant(4.58, 60)], 1);
  assert.deepEqual(phases, [{ duration: 60, arrivalCount: 275 }]);
});

for (const [from, to, length] of [[1.145, 4.58, 20], [0.3, 0.9, 30], [0, 33.3, 10], [12.5, 2.5, 45], [5, 500, 120]] as const) {
  test(`a ramp from ${from}/s to ${to}/s over ${length} s makes its mean within half a journey, which rampTo's rounding would not`, () => {
    const asked = ((from + to) / 2) * length;
    const made = totals(artilleryPhases([ramp(from, to, length)], 1));
    assert.equal(made.seconds, length);
    assert.ok(Math.abs(made.arrivals - asked) <= 0.5 + 1e-9, `asked ${asked}, made ${made.arrivals}`);
  });
}

test('what one stage rounds off is made up for by the next', () => {
  const stages = Array.from({ length: 20 }, () => constant(0.34, 5));
  assert.equal(totals(artilleryPhases(stages, 1)).arrivals, 34);
});

test('a slice without arrivals is a pause: artillery skips an arrivalCount of 0 without waiting', () => {
  const phases = artilleryPhases([ramp(0, 0.5, 8)], 1);
  assert.ok(phases.some((phase) => 'pause' in phase));
  assert.ok(phases.every((phase) => !('arrivalCount' in phase) || phase.arrivalCount > 0));
  assert.equal(totals(phases).seconds, 8);
});

test('a time that is no whole number of seconds is written with its unit', () => {
  assert.deepEqual(artilleryPhases([constant(10, 1.5)], 1), [{ duration: '1500ms', arrivalCount: 15 }]);
});

test('artillery has one worker less than CPUs, whatever WORKERS says: more than one can make is spread over all of them at whole rates whose mean is the one asked for', () => {
  const phases = artilleryPhases([constant(1234.5, 60)], 7);
  assert.ok(phases.every((phase) => 'arrivalRate' in phase && Number.isInteger(phase.arrivalRate)));
  assert.deepEqual(totals(phases), { seconds: 60, arrivals: 74_070 });
});

test('a very long ramp stays within what a command line argument may hold', () => {
  const phases = artilleryPhases([ramp(1, 900, 7200)], 1);
  assert.ok(JSON.stringify(phases).length < 64_000);
  assert.ok(Math.abs(totals(phases).arrivals - 450.5 * 7200) <= 1);
});
