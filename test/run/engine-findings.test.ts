import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/engines/engine.ts';
import { summarize } from '../../src/judge/summarize.ts';
import type { EngineFinding, RunStep } from '../../src/model/run.ts';
import { executeSteps } from '../../src/run/execute.ts';
import { ScaleplanError } from '../../src/errors.ts';
import { load, stage } from '../engines/autocannon/measure.ts';

const FINDING: EngineFinding = { source: 'k6', kind: 'check', name: 'is 200', passed: 3, failed: 1 };

/** A step of an engine whose script has judged so, and which fails afterwards where it is asked to. */
async function run(findings: Engine['findings'], fails = false): Promise<RunStep> {
  const engine: Engine = {
    name: 'k6', models: ['closed'], latencyIncludes: '', check: () => Promise.resolve({ usable: true, version: '1' }), prepare: () => {},
    async *run() {
      yield { second: 0, startedAtMs: 1, sent: 0, arrivals: 0, skipped: 0, rows: [], generator: { loopUtilization: 0, loopLagMs: 0 } };
      if (fails) throw new ScaleplanError('engine-failed', 'It died.');
    },
    ...(findings === undefined ? {} : { findings }),
  };
  const asked = load('http://127.0.0.1:20000', { shape: { model: 'closed', stages: [stage(1, 1)] } });
  const [step] = await executeSteps([{ suite: 'load', engine, engineVersion: '1', requestsPerArrival: 1, load: asked }], { onStep: () => {}, onInterval: () => {}, isDecided: () => true }, new AbortController().signal);
  return step ?? assert.fail();
}

test('what a script judged by itself is kept with its step, also of an engine that failed, and stands in its summary', async () => {
  for (const fails of [false, true]) {
    const step = await run(() => Promise.resolve([FINDING]), fails);
    assert.deepEqual(step.engineFindings, [FINDING]);
    assert.deepEqual(summarize(step).engineFindings, [FINDING]);
  }
});

test('a script that judges nothing, or an engine that cannot tell, leaves no such field, as runs of before have none', async () => {
  for (const findings of [undefined, () => Promise.resolve([])]) {
    const step = await run(findings);
    assert.ok(!('engineFindings' in step) && !('engineFindings' in summarize(step)));
  }
});

test('the reason of a failed step is no sentence of its own: it stands within others', async () => {
  assert.deepEqual((await run(undefined, true)).outcome, { status: 'failed', reason: 'It died' });
});
