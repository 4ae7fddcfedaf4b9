import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generatorSamples } from '../../src/run/generator-samples.ts';
import { interval, START_MS } from '../judge/facts.ts';

test('each second of load says how late and how busy the generator’s event loop was', () => {
  const second = { ...interval(3, []), generator: { loopLagMs: 12, loopUtilization: 0.4 } };
  assert.deepEqual(generatorSamples('autocannon', second).map(({ atMs, probe, metric, value }) => [atMs - START_MS, probe, metric, value]), [
    [3000, 'generator', 'generator.loop_lag', 12], [3000, 'generator', 'generator.loop_utilization', 40],
  ]);
});

test('trap: artillery’s loop is busy at rest, and a figure that is none is no reading', () => {
  const second = { ...interval(0, []), generator: { loopLagMs: Number.NaN, loopUtilization: 1 } };
  assert.deepEqual(generatorSamples('artillery', second), []);
});
