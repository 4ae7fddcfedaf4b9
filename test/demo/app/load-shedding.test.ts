import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { watchEventLoop } from '../../../src/demo/app/load-shedding.ts';

function block(ms: number): void {
  const from = performance.now();
  while (performance.now() - from < ms);
}

test('one long pause is forgiven; an event loop that is late again and again is overloaded until it has recovered', async () => {
  const shedding = watchEventLoop();
  try {
    await sleep(100);
    block(700);
    await sleep(0);
    assert.equal(shedding.isOverloaded(), false);
    await sleep(300);
    for (let i = 0; i < 4; i++) {
      block(400);
      await sleep(1);
    }
    assert.equal(shedding.isOverloaded(), true);
    await sleep(300);
    assert.equal(shedding.isOverloaded(), false);
  } finally {
    shedding.stop();
  }
});
