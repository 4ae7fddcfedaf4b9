import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedExperiment } from '../../src/cli/experiment.ts';
import { openExperiment } from '../../src/cli/run-experiment.ts';
import type { Target } from '../../src/cli/target.ts';
import type { WriteSource } from '../../src/run/writes.ts';
import { interval } from '../judge/facts.ts';

/** Takes writes, and forgets those that come while it is told to. */
async function startForgetful(t: TestContext): Promise<{ url: string; forget: (isOn: boolean) => void; writes: WriteSource }> {
  const kept = new Map<string, number>();
  let isForgetful = false;
  const server = createServer((request, response) => {
    const id = String(request.headers['idempotency-key']);
    if (!isForgetful) kept.set(id, (kept.get(id) ?? 0) + 1);
    response.end('{}');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, forget: (isOn) => { isForgetful = isOn; },
    writes: { request: () => ({ method: 'POST', path: '/', headers: {}, body: null }), count: async () => kept },
  };
}

test('writes that are acknowledged and lost while it lasts are found; those before it are there', { timeout: 60_000 }, async (t) => {
  const server = await startForgetful(t);
  const target: Target = { url: server.url, demo: null, servers: [], adjustments: [], probes: [], failover: null, writes: server.writes, stop: async () => {} };
  const planned: PlannedExperiment = {
    name: 'forget', what: 'it forgets', lastsSeconds: 1, expects: [], step: 0, beginsAtSecond: 3, leadSeconds: 1,
    disturbance: () => ({ begin: async () => server.forget(true), end: async () => server.forget(false) }),
  };
  const said: string[] = [];
  const stop = new AbortController();
  const during = openExperiment(planned, target, (line) => said.push(line), stop.signal);
  during.onInterval(0, interval(0, []));
  assert.deepEqual(said, [], 'not before its second');
  during.onInterval(0, interval(1, []));
  await sleep(500);
  during.onInterval(0, interval(2, []));
  await sleep(1500);
  during.onInterval(0, interval(9, []));
  // What is missing is waited for: it may be on its way.
  setTimeout(() => stop.abort(), 2000);
  const { experiment, trials } = await during.finish();
  assert.deepEqual(said, ['Experiment forget: it forgets']);
  assert.ok(experiment.beganAtMs !== null && experiment.endedAtMs !== null && experiment.failure === null);
  const [trial] = trials;
  assert.ok(trial !== undefined && trial.value > 5 && trial.value < 95, JSON.stringify(trial));
});

test('without a write to count the report says so', async () => {
  const target: Target = { url: 'http://127.0.0.1:9', demo: null, servers: [], adjustments: [], probes: [], failover: null, writes: null, stop: async () => {} };
  const planned: PlannedExperiment = { name: 'n', what: 'w', lastsSeconds: 0.01, expects: [], step: 0, beginsAtSecond: 1, leadSeconds: 0, disturbance: () => ({ begin: async () => {}, end: null }) };
  const during = openExperiment(planned, target, () => {}, new AbortController().signal);
  during.onInterval(0, interval(0, []));
  const { experiment, trials } = await during.finish();
  assert.deepEqual([trials.length, experiment.notes.length], [0, 1]);
  assert.match(experiment.notes[0] ?? '', /--write/);
});
