import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAutocannon } from '../../src/engines/autocannon/driver.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { engineNamed } from '../../src/engines/registry.ts';
import type { RunStep } from '../../src/model/run.ts';
import { executeSteps } from '../../src/run/execute.ts';
import { startBehavingServer } from '../engines/behaving-server.ts';
import { load, stage } from '../engines/autocannon/measure.ts';

async function play(engine: Engine, isDecided: (step: RunStep) => boolean): Promise<RunStep> {
  await using server = await startBehavingServer({ delayMs: 5 });
  const workDir = await mkdtemp(join(tmpdir(), 'enough-'));
  try {
    const shape = { model: 'closed', stages: [stage(6, 1), stage(6, 60, { enough: { requests: 10, minimumSeconds: 2 } })] } as const;
    const { version } = { version: '', ...await engine.check() };
    const [step] = await executeSteps([{ suite: 'unit', engine, engineVersion: version, requestsPerArrival: 1, load: { ...load(server.url, { shape }), workDir } }],
      { onStep: () => {}, onInterval: () => {}, isDecided }, new AbortController().signal);
    assert.equal((await server.record()).length, step?.intervals.flatMap(({ rows }) => rows).reduce((sum, { requests }) => sum + requests, 0), 'what is in flight is waited for');
    return step ?? assert.fail();
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

for (const engine of [await engineNamed('autocannon'), createAutocannon({ workers: 2 }), await engineNamed('k6')]) {
  test(`${engine.name}: a stage ends once all is decided, and its shape says when`, async () => {
    const looks: number[] = [];
    const step = await play(engine, ({ shape, outcome }) => {
      assert.equal(outcome.status, 'completed');
      looks.push(shape.stages.at(-1)?.durationSeconds ?? 0);
      return looks.length === 2;
    });
    assert.deepEqual(looks, [2, 3]);
    assert.deepEqual(step.shape.stages.map(({ durationSeconds }) => durationSeconds), [1, 3]);
    assert.deepEqual([step.outcome, step.generatorReasons], [{ status: 'completed' }, []]);
    assert.ok(step.intervals.length <= 6, `${step.intervals.length} s`);
  });
}
