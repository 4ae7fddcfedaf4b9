import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample } from '../../src/model/sample.ts';
import { recoverySeconds, stuckAfter } from '../../src/stress/recovery.ts';
import { condition, interval } from '../judge/facts.ts';

const limits = [condition('http.p95 < 500 ms'), condition('http.error_rate < 0.1 %')];
const good = { latenciesMs: Array.from({ length: 20 }, () => 50) };
const slow = { latenciesMs: Array.from({ length: 20 }, () => 900) };
const failing = { latenciesMs: Array.from({ length: 19 }, () => 50), errors: { 'http-5xx': 1 } };

function stepOf(seconds: readonly (typeof good | typeof failing)[]) {
  return { timeoutMs: 10_000, intervals: seconds.map((second, at) => interval(at, [second])) };
}

describe('the time a target takes to come back', () => {
  it('counts from the end of the overload to the first second from which every threshold held', () => {
    const step = stepOf([...Array.from({ length: 10 }, () => slow), slow, slow, slow, ...Array.from({ length: 15 }, () => good)]);
    const seconds = recoverySeconds(step, 10, limits, 20);
    // A window of five seconds is good once its slow second is under a twentieth of it: all of them must be gone.
    assert.equal(seconds, 3);
  });

  it('is null while it has not stayed well, and does not take a lull for the end', () => {
    assert.equal(recoverySeconds(stepOf([slow, slow, ...Array.from({ length: 7 }, () => good)]), 0, limits, 20), null);
    const relapse = stepOf([...Array.from({ length: 8 }, () => good), failing, ...Array.from({ length: 15 }, () => good)]);
    assert.equal(recoverySeconds(relapse, 0, limits, 20), 9);
  });

  it('takes silence for no recovery', () => {
    const silent = { latenciesMs: [50] };
    assert.equal(recoverySeconds(stepOf(Array.from({ length: 20 }, () => silent)), 0, limits, 20), null);
  });
});

describe('what does not come to rest', () => {
  const read = (metric: Sample['metric'], values: readonly number[]): Sample[] => values.map((value, at) => ({ atMs: 1000 * at, probe: 'node', metric, value }));

  it('names waiting requests and queues that do not drain, by all of the last readings', () => {
    const samples = [...read('postgres.pool_waiting', [9, 9, 4, 4, 4, 4, 4]), ...read('queue.depth', [300, 250, 200, 180, 160, 150, 140])];
    const stuck = stuckAfter(samples, 6000);
    assert.equal(stuck.length, 2);
    assert.match(stuck.join('; '), /4 requests still wait for a database connection; the job queue still holds 166 jobs/);
  });

  it('is quiet about what went away, and about what nobody read', () => {
    assert.deepEqual(stuckAfter(read('postgres.pool_waiting', [9, 9, 4, 4, 4, 4, 0]), 6000), []);
    assert.deepEqual(stuckAfter(read('queue.depth', [300, 300]), 6000), []);
  });
});
