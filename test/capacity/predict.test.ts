import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { predictCapacity } from '../../src/capacity/predict.ts';
import { condition } from '../judge/facts.ts';
import { lightRun } from './light-run.ts';

const limits = [condition('http.p95{journey=dashboard} < 500 ms')];

describe('the prediction of the breaking point from a light test', () => {
  it('finds a pool’s limit from servers ÷ hold time, a little below what it can do at most', () => {
    const found = predictCapacity(lightRun(), limits);
    assert.ok(found.ratePerSec !== null && found.resource === 'the database pool', JSON.stringify(found));
    const most = 5 / 0.073;
    const { low, mid, high } = found.ratePerSec;
    assert.ok(mid > 0.85 * most && mid <= most && low < mid && mid <= high && high <= most * 1.15, JSON.stringify(found));
    assert.match(found.method, /the database pool, 2\d % busy/);
    assert.equal(found.bottleneck, 'db-connections');
  });

  it('says that it cannot know where nothing was read', () => {
    const found = predictCapacity(lightRun({ probes: false }), limits);
    assert.ok(found.ratePerSec === null && /no probe read/.test(found.reason));
  });

  it('does not predict from a pool that was nearly full already, nor from one that was idle', () => {
    const full = predictCapacity(lightRun({ pool: 1 }), limits);
    assert.ok(full.ratePerSec === null && /busy already/.test(full.reason), JSON.stringify(full));
    const idle = predictCapacity(lightRun({ pool: 100 }), limits);
    assert.ok(idle.ratePerSec === null && /busy enough/.test(idle.reason));
  });
});
