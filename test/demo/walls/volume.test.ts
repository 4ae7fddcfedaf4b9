import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowVolume } from '../../../src/demo/walls/volume.ts';

test('a slow volume reads one at a time, in the order of asking, and is not blocked by a read that fails', async () => {
  const volume = slowVolume(100);
  const order: number[] = [];
  const startedAtMs = performance.now();
  const reads = [1, 2, 3].map((number) => volume.read(async () => {
    order.push(number);
    if (number === 2) throw new Error('no such file');
    return number;
  }));
  const outcomes = await Promise.allSettled(reads);
  assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled']);
  assert.deepEqual(order, [1, 2, 3]);
  // The one that failed did not keep the volume busy.
  assert.ok(performance.now() - startedAtMs >= 195);
});
