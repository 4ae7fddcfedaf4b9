import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerClock } from '../../src/probes/server-clock.ts';

const told = (serverSeconds: number, askedSeconds: number, answeredSeconds: number): { serverSeconds: number; askedSeconds: number; answeredSeconds: number } =>
  ({ serverSeconds, askedSeconds, answeredSeconds });

describe('a server’s clock', () => {
  it('is steady while it moves by what can have passed, also when answers are slow', () => {
    const clock = new ServerClock();
    assert.ok(clock.isSteady(told(5000, 1, 1.01)));
    assert.ok(clock.isSteady(told(5001.5, 2, 3.9)));
    assert.ok(clock.isSteady(told(5003, 4, 4.01)));
  });

  it('is told when it jumps, forward or back, once', () => {
    const clock = new ServerClock();
    clock.isSteady(told(5000, 1, 1.01));
    assert.ok(!clock.isSteady(told(8601, 2, 2.01)), 'an hour ahead would make a rate of next to nothing');
    assert.ok(clock.isSteady(told(8602, 3, 3.01)));
    assert.ok(!clock.isSteady(told(8602.2, 4, 4.01)), 'set back by 0.8 s would make it five times as high');
    assert.ok(clock.isSteady(told(8603.2, 5, 5.01)));
  });
});
