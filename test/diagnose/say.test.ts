import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { say, sayMany } from '../../src/diagnose/say.ts';

describe('figures for people', () => {
  it('have as many digits as say something', () => {
    assert.deepEqual([0, 0.034, 0.4, 3.14, 12.7, 38_123.4].map(say), ['0', '0.03', '0.4', '3.1', '13', '38,123']);
  });

  it('agree with their word as they are said, not as they were measured', () => {
    assert.deepEqual([0, 0.4, 0.996, 1.04, 1.4, 2].map((value) => sayMany(value, 'job waits', 'jobs wait')), ['0 jobs wait', '0.4 jobs wait', '1 job waits', '1 job waits', '1.4 jobs wait', '2 jobs wait']);
  });
});
