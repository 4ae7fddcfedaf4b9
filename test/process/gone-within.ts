import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTime } from '../../src/process/start-time.ts';

/** Asserts that a process ends within a time. A zombie counts as ended: only its parent's attention is missing. */
export async function goneWithin(pid: number, limitMs: number): Promise<void> {
  assert.ok(Number.isInteger(pid) && pid > 1, `not a pid: ${pid}`);
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 50) {
    if (startTime(pid) === null) return;
    await sleep(50);
  }
  assert.fail(`process ${pid} still lives after ${limitMs} ms`);
}
