import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedTrials } from '../../bench/forecast/simulated.ts';
import { condition } from '../judge/facts.ts';
import { randomNumbers } from '../stats/random.ts';

test('half a minute at a quarter or a seventh of the edge of simulated pools tells that edge, and the interval holds as often as it says', () => {
  const trials = simulatedTrials([[3, 0.15, 0], [6, 0.18, 0], [4, 0.12, 0.5]], 10, 500, [condition('http.p95{journey=dashboard} < 500 ms')], randomNumbers(4));
  const told = trials.flatMap(({ predicted, truth }) => (predicted === null ? [] : [{ ...predicted, truth }]));
  assert.equal(told.length, trials.length);
  const off = told.map(({ mid, truth }) => Math.abs(mid / truth - 1)).toSorted((a, b) => a - b);
  assert.ok((off[Math.floor(off.length / 2)] ?? 1) <= 0.1, `median ${off[Math.floor(off.length / 2)]}`);
  assert.ok((off.at(-1) ?? 1) <= 0.3, `worst ${off.at(-1)}`);
  const covered = told.filter(({ low, high, truth }) => low <= truth && truth <= high).length;
  // Of an interval of 90 % fewer than 46 of 60 are expected in one of a thousand.
  assert.ok(covered >= 46, `${covered} of ${told.length}`);
});
