import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Verdict } from '../../src/model/report.ts';
import { goalName, readGoal } from '../../src/stress/goal.ts';
import { isEnough } from '../../src/stress/stage-end.ts';
import { condition } from '../judge/facts.ts';

function verdict(text: string, more: Partial<Verdict>): Verdict {
  return { suite: 'stress', condition: condition(text), status: 'inconclusive', observed: null, low: null, high: null, limit: null, margin: null, samples: 100, reason: '', ...more };
}

describe('what a stage says of a threshold', () => {
  it('takes a proof for nearly certain, never for certain', () => {
    assert.deepEqual(readGoal(verdict('http.p95 < 500 ms', { status: 'pass' }), 'search')?.state, 'holds');
    const broken = readGoal(verdict('http.p95 < 500 ms', { status: 'fail' }), 'search');
    assert.ok(broken !== null && broken.state === 'breaks' && broken.breakChance > 0.9 && broken.breakChance < 1);
  });

  it('reads an open one by how far the limit lies from the bounds', () => {
    const chance = (observed: number, low: number | null, high: number | null): number => readGoal(verdict('http.p95 < 500 ms', { observed, low, high, limit: 500 }), 'search')?.breakChance ?? Number.NaN;
    assert.ok(chance(450, 380, 540) > 0.1 && chance(450, 380, 540) < 0.4);
    assert.ok(chance(560, 480, 660) > 0.6 && chance(560, 480, 660) < 0.95);
    // Too few values to bound it, but 6 ms against 500 ms is no question.
    assert.ok(chance(6, 5, null) <= 0.05);
    assert.ok(Math.abs(chance(500, null, null) - 0.5) < 0.01);
  });

  it('turns round for a least value: less than asked for is on the bad side', () => {
    const chance = readGoal(verdict('http.throughput >= 95 /s', { observed: 80, low: 70, high: 90, limit: 95 }), 'search')?.breakChance ?? Number.NaN;
    assert.ok(chance > 0.6, String(chance));
  });

  it('takes "all was answered" for more than the number of requests the journeys drew, where the rate is derived, and a proven break for more than that', () => {
    const drawn = condition('http.throughput >= 15.8 /s');
    const derived = { ...drawn, source: null };
    const reading = (given: typeof drawn, isAllAnswered: boolean): number => readGoal(verdict('http.p95 < 1 ms', { condition: given, observed: 16.4, low: 15.2, high: 17.6, limit: 15.8 }), 'search', isAllAnswered)?.breakChance ?? Number.NaN;
    assert.ok(reading(derived, false) > 0.1 && reading(derived, true) <= 0.05);
    assert.equal(readGoal(verdict('http.p95 < 1 ms', { condition: derived, status: 'fail' }), 'search', true)?.state, 'breaks');
  });

  it('leaves shares of errors to the confirming stage, unless a break is proven', () => {
    const few = verdict('http.error_rate < 0.1 %', { observed: 0.3, low: 0.02, high: 1.2, limit: 0.1 });
    assert.ok((readGoal(few, 'search')?.breakChance ?? 1) < 0.2);
    assert.ok((readGoal(few, 'confirm')?.breakChance ?? 0) > 0.5);
    assert.equal(readGoal(verdict('http.error_rate < 0.1 %', { status: 'fail' }), 'search')?.state, 'breaks');
  });

  it('leaves out what was not measured, and calls the derived throughput by one name at every load', () => {
    assert.equal(readGoal(verdict('queue.depth < 50', { status: 'not-measured' }), 'search'), null);
    assert.equal(goalName(condition('http.throughput >= 63.3 /s')), goalName(condition('http.throughput >= 126 /s')));
  });
});

describe('the end of a stage', () => {
  const at = (judgedSeconds: number, p95: 'holds' | 'breaks' | 'open', errors: 'holds' | 'open', purpose: 'climb' | 'search' | 'confirm' = 'search', chance = 0.5): boolean => isEnough({
    purpose, judgedSeconds, leastSeconds: 50,
    goals: [{ goal: 'p95', breakChance: { holds: 0.03, breaks: 0.97, open: chance }[p95], state: p95 }, { goal: 'errors', breakChance: 0.1, state: errors, isLate: true }],
  });

  it('comes with the first proof either way, but not before ten seconds', () => {
    assert.equal(at(9, 'breaks', 'open'), false);
    assert.equal(at(10, 'breaks', 'open'), true);
    assert.equal(at(10, 'holds', 'open'), true);
  });

  it('lengthens a stage that cannot tell, to thirty seconds', () => {
    assert.equal(at(29, 'open', 'open'), false);
    assert.equal(at(30, 'open', 'open'), true);
  });

  it('goes up on a leaning at once, and closes in on one after fifteen seconds', () => {
    assert.equal(at(10, 'open', 'open', 'climb', 0.15), true);
    assert.equal(at(10, 'open', 'open', 'climb', 0.4), false);
    assert.equal(at(14, 'open', 'open', 'search', 0.15), false);
    assert.equal(at(15, 'open', 'open', 'search', 0.85), true);
  });

  it('gives a confirming stage the requests that prove the share of errors', () => {
    assert.equal(at(30, 'holds', 'open', 'confirm'), false);
    assert.equal(at(49, 'holds', 'holds', 'confirm'), false);
    assert.equal(at(50, 'holds', 'holds', 'confirm'), true);
    assert.equal(at(70, 'holds', 'open', 'confirm'), false);
    assert.equal(at(25, 'breaks', 'open', 'confirm'), true);
  });
});
