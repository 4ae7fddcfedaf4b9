import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_TRIES, tryAgain } from './again.ts';
import type { FailedTest } from './count-reporter.ts';

const TEST: FailedTest = { file: 'a.live.test.ts', name: 'a' };

/** What becomes of one test with these tries, and how many it took. */
async function trialOf(tries: readonly (readonly [isPassed: boolean, stolenShare: number])[], mostTries = Infinity): Promise<readonly [string, number]> {
  let taken = 0;
  const trials = await tryAgain([TEST], () => {
    const [isPassed, stolenShare] = tries[taken] ?? [false, 1];
    taken += 1;
    return Promise.resolve({ isPassed, stolenShare });
  }, () => taken >= mostTries);
  const [found] = Object.entries(trials).filter(([, tests]) => tests.length > 0).map(([name]) => name);
  return [found ?? 'lost', taken];
}

test('a fault fails again on a machine of its own, and has no third try', async () => {
  assert.deepEqual(await trialOf([[false, 0.01], [true, 0]]), ['failed', 1]);
});

test('what failed for a neighbour passes once it is calm', async () => {
  assert.deepEqual(await trialOf([[false, 0.3], [false, 0.2], [true, 0]]), ['passed', 3]);
});

test('a fault behind a neighbour is a failure as soon as the neighbour is gone', async () => {
  assert.deepEqual(await trialOf([[false, 0.3], [false, 0]]), ['failed', 2]);
});

test('what never had the machine to itself is neither', async () => {
  assert.deepEqual(await trialOf([]), ['unjudged', MOST_TRIES - 1]);
});

test('when the time is over, what had no further try stays failed', async () => {
  assert.deepEqual(await trialOf([], 0), ['failed', 0]);
  assert.deepEqual(await trialOf([], 1), ['unjudged', 1]);
});
