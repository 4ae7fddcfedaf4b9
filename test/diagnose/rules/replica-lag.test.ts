import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replicaLag } from '../../../src/diagnose/rules/replica-lag.ts';
import { confidenceOf, isNamed, situation, textsOf } from '../situation-builder.ts';

describe('replica lag', () => {
  it('is named when the replica is a second behind', () => {
    const finding = replicaLag.evaluate(situation({ 'postgres.replica_lag': [5, 3000] }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /3,000 ms behind/);
  });

  it('is named when it falls back ever further', () => {
    assert.match(textsOf(replicaLag.evaluate(situation({ 'postgres.replica_lag': (second) => Math.max(0, (second - 20) * 15) })), true), /falls back from/);
  });

  it('is a suspicion at a few hundred milliseconds, and nothing for a moment', () => {
    assert.equal(confidenceOf(replicaLag.evaluate(situation({ 'postgres.replica_lag': 300 }))), 0.5);
    assert.equal(confidenceOf(replicaLag.evaluate(situation({ 'postgres.replica_lag': (second) => (second === 30 ? 5000 : 0) }))), 0);
  });
});
