import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '../../src/judge/exit-code.ts';
import type { Diagnosis, Validity, Verdict } from '../../src/model/report.ts';
import { condition } from './facts.ts';

const valid: Validity = { valid: true, invalidReason: null, saturated: false, reasons: [] };
const quiet: Diagnosis = { outcome: 'none', bottlenecks: [], harm: [], unknown: [], observations: [] };
const hit: Diagnosis = { ...quiet, outcome: 'bottleneck', bottlenecks: [{
  id: 'cache', confidence: 0.9, status: 'hit', evidence: [], onsetSecond: 1, seconds: null, trigger: null, remedy: '',
  milestone: { plan: 'p', id: 'cache', users: 5000, prepareByUsers: null, hitAtUsers: 2000, usersEarly: 3000, leadTimeWeeks: null, costMonthlyUsd: null },
}] };

function verdict(status: Verdict['status'], role: Parameters<typeof condition>[1] = {}): Verdict {
  return { suite: 'load', condition: condition('http.p95 < 1 s', role), status, observed: null, low: null, high: null, limit: null, margin: null, samples: 0, reason: '' };
}

const code = (verdicts: Verdict[], more: Partial<Parameters<typeof exitCodeOf>[0]> = {}): number =>
  exitCodeOf({ interrupted: null, validity: valid, verdicts, diagnosis: quiet, ...more });

test('0 only when every required threshold passed and no milestone was hit', () => {
  assert.equal(code([verdict('pass'), verdict('warn', { level: 'warn' }), verdict('not-measured', { required: false }), verdict('fired', { kind: 'alert' })]), 0);
  assert.equal(code([]), 4, 'a run that had to decide nothing decided nothing');
});

test('1 for a failed threshold or a milestone, even beside an undecided one', () => {
  assert.equal(code([verdict('pass'), verdict('fail'), verdict('inconclusive')]), 1);
  assert.equal(code([verdict('inconclusive')], { diagnosis: hit }), 1);
  assert.equal(code([verdict('pass')], { diagnosis: { ...hit, bottlenecks: hit.bottlenecks.map((one) => ({ ...one, status: 'approaching' as const })) } }), 0);
  assert.equal(code([verdict('pass'), verdict('fail', { required: false })]), 0);
});

test('1 for a bottleneck that harms users where the plan has no milestone for it: every threshold may have passed', () => {
  const unexpected: Diagnosis = { ...hit, bottlenecks: hit.bottlenecks.map((one) => ({ ...one, milestone: null })) };
  assert.equal(code([verdict('pass')], { diagnosis: unexpected }), 1);
  assert.equal(code([verdict('pass'), verdict('not-measured')], { diagnosis: unexpected }), 1);
});

test('4 for a required threshold that is undecided or was not measured', () => {
  assert.equal(code([verdict('pass'), verdict('inconclusive')]), 4);
  assert.equal(code([verdict('pass'), verdict('not-measured')]), 4);
});

test('3 outweighs 1, an interruption says so first', () => {
  assert.equal(code([verdict('fail')], { validity: { ...valid, valid: false, invalidReason: 'engine died' } }), 3);
  assert.equal(code([verdict('pass')], { validity: { ...valid, saturated: true } }), 3);
  assert.equal(code([verdict('fail')], { interrupted: 'SIGINT' }), 130);
  assert.equal(code([verdict('fail')], { interrupted: 'SIGTERM' }), 143);
});
