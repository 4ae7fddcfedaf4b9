import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { queue } from '../../../src/diagnose/rules/queue.ts';
import { confidenceOf, isConfirmed, isNamed, situation, textsOf } from '../situation-builder.ts';

const growing = { 'queue.depth': (second: number) => Math.max(0, (second - 20) * 3), 'queue.active': 4, 'queue.job_time': 800, 'queue.processing_rate': 5.1 } as const;

describe('the job queue', () => {
  it('is named when it grows behind workers that never rest, and the law shows their limit', () => {
    const finding = queue.evaluate(situation(growing));
    assert.ok(isConfirmed(finding));
    assert.match(textsOf(finding, true), /grows from \d+ to \d+ jobs.*4 jobs are worked on all the time.*4 jobs at once ÷ 800 ms = at most 5\/s; measured 5\.1\/s/);
  });

  it('is named for few jobs that take long: the last of them waits', () => {
    const few = { 'queue.depth': (second: number) => Math.max(0, (second - 20) / 4), 'queue.active': 1, 'queue.job_time': 5000, 'queue.processing_rate': 0.2 } as const;
    const finding = queue.evaluate(situation(few));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /the last of them waits 6\d s/);
    assert.equal(confidenceOf(queue.evaluate(situation({ ...few, 'queue.processing_rate': 40 }))), 0);
  });

  it('is only a suspicion where the workers have time', () => {
    const finding = queue.evaluate(situation({ 'queue.depth': growing['queue.depth'], 'queue.active': (second) => second % 4 }));
    assert.equal(confidenceOf(finding), 0.5);
  });

  it('is not named for a burst that is worked off', () => {
    assert.equal(confidenceOf(queue.evaluate(situation({ 'queue.depth': (second) => Math.max(0, 60 - (second - 20) * 3), 'queue.active': 4 }))), 0);
  });

  it('is not named where it was paused on purpose', () => {
    const finding = queue.evaluate(situation({ ...growing, 'queue.paused': 1 }));
    assert.ok(confidenceOf(finding) < 0.7);
    assert.match(textsOf(finding, false), /paused on purpose/);
  });

  it('looks at the deepest of several queues, by its own workers', () => {
    const { series } = situation(growing);
    const idle = situation({ 'queue.depth': 0, 'queue.active': 0, 'queue.job_time': 2, 'queue.processing_rate': 30 });
    const two = situation({}, { instances: () => ['rag', 'openai'], series: (metric, name) => (name === 'openai' ? series(metric) : name === 'rag' ? idle.series(metric) : null) });
    const finding = queue.evaluate(two);
    assert.ok(isConfirmed(finding));
    assert.match(textsOf(finding, true), /the queue "openai" grows/);
  });

  it('cannot be judged without a queue', () => assert.equal(queue.evaluate(situation({})).status, 'not-enough-data'));
});
