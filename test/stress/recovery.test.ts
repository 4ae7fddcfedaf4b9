import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample } from '../../src/model/sample.ts';
import { isAtRest, recoverySeconds, stuckAfter } from '../../src/stress/recovery.ts';
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
    const seconds = recoverySeconds(step, 10, { conditions: limits, perSec: 20, samples: [] });
    // A window of five seconds is good once its slow second is under a twentieth of it: all of them must be gone.
    assert.equal(seconds, 3);
  });

  it('is null while it has not stayed well, and does not take a lull for the end', () => {
    assert.equal(recoverySeconds(stepOf([slow, slow, ...Array.from({ length: 7 }, () => good)]), 0, { conditions: limits, perSec: 20, samples: [] }), null);
    const relapse = stepOf([...Array.from({ length: 8 }, () => good), failing, ...Array.from({ length: 15 }, () => good)]);
    assert.equal(recoverySeconds(relapse, 0, { conditions: limits, perSec: 20, samples: [] }), 9);
  });

  it('asks the servers, too, where a threshold is theirs', () => {
    const depth = Array.from({ length: 30 }, (_, second): Sample => ({ atMs: interval(second, [good]).startedAtMs + 500, probe: 'bullmq', metric: 'queue.depth', value: second < 8 ? 300 : 3 }));
    const seconds = recoverySeconds(stepOf(Array.from({ length: 30 }, () => good)), 0, { conditions: [...limits, condition('queue.depth.avg < 50')], perSec: 20, samples: depth });
    assert.equal(seconds, 8);
  });

  it('takes an answer to half of the requests for no recovery', () => {
    const half = { latenciesMs: Array.from({ length: 10 }, () => 50) };
    assert.equal(recoverySeconds(stepOf(Array.from({ length: 20 }, () => half)), 0, { conditions: limits, perSec: 20, samples: [] }), null);
  });

  it('takes users of whom none is answered for no recovery: nobody asks again while the target hangs', () => {
    assert.equal(recoverySeconds(stepOf(Array.from({ length: 11 }, () => ({ latenciesMs: [] }))), 0, { conditions: limits, perSec: 0, samples: [] }), null);
    assert.equal(recoverySeconds(stepOf(Array.from({ length: 11 }, () => good)), 0, { conditions: limits, perSec: 0, samples: [] }), 0);
  });

  it('takes silence for no recovery', () => {
    const silent = { latenciesMs: [50] };
    assert.equal(recoverySeconds(stepOf(Array.from({ length: 20 }, () => silent)), 0, { conditions: limits, perSec: 20, samples: [] }), null);
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

  const held = (metric: Sample['metric'], span: number, values: readonly number[]): Sample[] =>
    values.flatMap((value, at) => Array.from({ length: span }, (_, second): Sample => ({ atMs: 1000 * (at * span + second), probe: 'node', metric, value, spanSeconds: span })));

  it('trap: one or two pages that are told of five seconds each do not say that anything is stuck, three do', () => {
    assert.deepEqual(stuckAfter(held('postgres.pool_waiting', 5, [0, 4]), 9000), []);
    assert.deepEqual(stuckAfter(held('postgres.pool_waiting', 5, [0, 4, 4]), 14_000), []);
    assert.equal(stuckAfter(held('postgres.pool_waiting', 5, [0, 4, 4, 4]), 19_000).length, 1);
    assert.equal(stuckAfter(held('postgres.pool_waiting', 3, [0, 4, 4, 4]), 11_000).length, 1);
    assert.deepEqual(stuckAfter(read('postgres.pool_waiting', [4, 4, 4, 4, 4]), 14_000), [], 'nobody has read anything for ten seconds');
  });

  it('trap: a lag that is told every fifth second, for the seconds before, is fresh until the next', () => {
    assert.equal(isAtRest(held('node.event_loop_lag', 5, [900]), 4000 + 5500), false);
  });

  it('is waited for before the next stage, for as long as a fresh reading says so', () => {
    const samples = read('queue.depth', [0, 0, 300]);
    assert.equal(isAtRest(samples, 2500), false);
    assert.equal(isAtRest(samples, 10_000), true, 'an old reading tells of the load that is over');
    assert.equal(isAtRest(read('queue.depth', [300, 3]), 1500), true);
    assert.equal(isAtRest([], 0), true);
  });
});
