import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fewestToProve } from '../../src/stats/binomial.ts';
import { fewestRequests, provesFewErrors, spentStages } from '../../src/stress/error-proof.ts';
import { randomNumbers } from '../stats/random.ts';

const LIMIT = 0.001;
const SEARCHES = 4000;

/** Errors among so many requests, each of which fails with `share`. */
function errorsIn(random: () => number, mean: number): number {
  let [count, product] = [0, random()];
  for (const least = Math.exp(-mean); product > least; product *= random()) count += 1;
  return count;
}

/** The share of searches that prove less than the limit in one of up to three stages, each looked at every second until it holds. */
function proven(perSec: number, share: number, fewest: (errors: number, spent: number) => number): number {
  const random = randomNumbers(7);
  const known = [0, 1, 2].map((spent) => Array.from({ length: 12 }, (_, errors) => fewest(errors, spent)));
  const wins = Array.from({ length: SEARCHES }, () => known.some((needed) => {
    let [requests, errors] = [0, 0];
    while (requests < 1.02 * (needed[2] ?? 0)) {
      requests += perSec;
      errors += errorsIn(random, perSec * share);
      if (requests >= (needed[errors] ?? Infinity)) return true;
    }
    return false;
  }));
  return wins.filter((one) => one).length / SEARCHES;
}

describe('a share of errors that is proven by looking until it is', () => {
  for (const perSec of [60, 300]) {
    it(`is falsely proven in no more than 5 of 100 searches at ${perSec} requests/s, where the bound of a single look would be in more than 20`, () => {
      assert.ok(proven(perSec, LIMIT, (errors) => fewestToProve(LIMIT, errors)) > 0.2);
      const share = proven(perSec, LIMIT, (errors, spent) => fewestRequests(LIMIT, errors, spent));
      // Of 4,000 draws a twentieth is known to ±1 %, three standard errors.
      assert.ok(share < 0.06 && share > 0.035, `${share}: not beyond the twentieth, nor far below it`);
    });
  }

  it('takes hardly longer without an error, and more with each', () => {
    assert.ok(fewestRequests(LIMIT, 0, 0) < 1.03 * fewestToProve(LIMIT, 0));
    assert.ok(fewestRequests(LIMIT, 1, 0) > fewestToProve(LIMIT, 1));
    assert.deepEqual([3056, 3055].map((requests) => provesFewErrors({ errors: 0, requests, limit: LIMIT }, 0)), [true, false]);
  });

  it('an earlier stage has used its part where it had the requests and did not prove it, and none where it broke before, or did', () => {
    const failed = (...requests: number[]): { requests: number; errors: number }[] => requests.map((count) => ({ requests: count, errors: 1 }));
    assert.deepEqual([failed(), failed(3000), failed(3056), failed(3056, 3056), failed(3056, 6560)].map((stages) => spentStages(stages, LIMIT)), [0, 0, 1, 1, 2]);
    assert.equal(spentStages([{ requests: 3056, errors: 0 }, { requests: 9000, errors: 1 }], LIMIT), 0);
  });
});
