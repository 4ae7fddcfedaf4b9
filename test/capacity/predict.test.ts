import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitsOf, predictCapacity } from '../../src/capacity/predict.ts';
import { condition, samples, times } from '../judge/facts.ts';
import { lightRun } from './light-run.ts';

const limits500 = [condition('http.p95{journey=dashboard} < 500 ms')];

describe('the prediction of the breaking point from a light test', () => {
  it('finds a pool’s limit from servers ÷ hold time, a little below what it can do at most', () => {
    const found = predictCapacity(lightRun(), limits500);
    assert.ok(found.ratePerSec !== null && found.resource === 'the database pool', JSON.stringify(found));
    const most = 5 / 0.073;
    const { low, mid, high } = found.ratePerSec;
    assert.ok(mid > 0.85 * most && mid <= most && low < mid && mid <= high && high <= most * 1.15, JSON.stringify(found));
    assert.match(found.method, /the database pool, 2\d % busy/);
    assert.equal(found.bottleneck, 'db-connections');
  });

  it('takes the mean of several instances, not the one that happens to be the busiest of a second', () => {
    const run = lightRun({ probes: false });
    const loops = ['a', 'b'].flatMap((instance, which) => samples('node', 'node.event_loop_utilization', times(60, (at) => (at < 20 ? 10 : 20) + ((at + which) % 2 === 0 ? 8 : -8)), instance));
    const limits = limitsOf({ ...run, samples: loops }, limits500);
    assert.ok(typeof limits !== 'string');
    const [loop] = limits;
    assert.equal(loop?.resource.queues, 2);
    // Two loops that are 20 % busy at 16 requests/s: 25 ms a request.
    assert.ok(Math.abs((loop?.demand.seconds ?? 0) - 0.025) < 0.002, JSON.stringify(loop?.demand));
  });

  it('takes a process that is clearly busier than the others for itself', () => {
    const run = lightRun({ probes: false });
    const loops = (['app', 'worker', 'page'] as const).flatMap((instance) => samples('node', 'node.event_loop_utilization', times(60, (at) => (instance === 'app' ? (at < 20 ? 15 : 30) : 2) + (at % 3)), instance));
    const limits = limitsOf({ ...run, samples: loops }, limits500);
    assert.ok(typeof limits !== 'string' && limits[0]?.resource.queues === 1 && Math.abs(limits[0].utilization - 0.31) < 0.02, JSON.stringify(limits));
  });

  it('says that it cannot know where nothing was read', () => {
    const found = predictCapacity(lightRun({ probes: false }), limits500);
    assert.ok(found.ratePerSec === null && /no probe read/.test(found.reason));
  });

  it('does not predict from a pool that was nearly full already, nor from one that was idle', () => {
    const full = predictCapacity(lightRun({ pool: 1 }), limits500);
    assert.ok(full.ratePerSec === null && /busy already/.test(full.reason), JSON.stringify(full));
    const idle = predictCapacity(lightRun({ pool: 100 }), limits500);
    assert.ok(idle.ratePerSec === null && /busy enough/.test(idle.reason));
  });
});
