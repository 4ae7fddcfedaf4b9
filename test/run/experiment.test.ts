import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { conduct } from '../../src/run/experiment.ts';

const SHORT = { lastsSeconds: 0.05, signal: new AbortController().signal };

test('what was begun is ended after its time, and its moments are written down', async () => {
  const seen: string[] = [];
  const conductor = conduct({ begin: async () => void seen.push('begin'), end: async () => void seen.push('end') }, { ...SHORT, onFailure: () => seen.push('failure') });
  conductor.begin();
  conductor.begin();
  await sleep(300);
  const { beganAtMs, endedAtMs, failure } = await conductor.finish();
  assert.deepEqual([seen, failure], [['begin', 'end'], null]);
  assert.ok((endedAtMs ?? 0) - (beganAtMs ?? 0) >= 45, 'it lasted');
});

test('an interruption ends it at once, however long it was to last', async () => {
  const stop = new AbortController();
  let isEnded = false;
  const conductor = conduct({ begin: async () => {}, end: async () => { isEnded = true; } }, { lastsSeconds: 3600, signal: stop.signal, onFailure: () => {} });
  conductor.begin();
  stop.abort();
  const { endedAtMs, failure } = await conductor.finish();
  assert.deepEqual([isEnded, failure], [true, null]);
  assert.ok(endedAtMs !== null);
});

test('what fails half-way in its begin is ended all the same, and the load is told', async () => {
  const seen: string[] = [];
  const conductor = conduct({ begin: () => Promise.reject(new Error('no such container')), end: async () => void seen.push('end') }, { ...SHORT, onFailure: () => seen.push('failure') });
  conductor.begin();
  assert.match((await conductor.finish()).failure ?? '', /could not be begun: no such container/);
  assert.deepEqual(seen, ['failure', 'end']);
});

test('an end that fails is told: the target is not as it was', async () => {
  const conductor = conduct({ begin: async () => {}, end: () => Promise.reject(new Error('permission denied')) }, { ...SHORT, onFailure: () => {} });
  conductor.begin();
  assert.match((await conductor.finish()).failure ?? '', /could not be ended: permission denied/);
});

test('one that never begins leaves nothing to end', async () => {
  let isEnded = false;
  const conductor = conduct({ begin: async () => {}, end: async () => { isEnded = true; } }, { ...SHORT, onFailure: () => {} });
  assert.deepEqual(await conductor.finish(), { beganAtMs: null, endedAtMs: null, failure: null });
  assert.equal(isEnded, false);
});
