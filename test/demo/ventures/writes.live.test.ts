import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { countByUrl } from '../../../src/cli/write-source.ts';
import { countWrites, traceWrites, type WriteSource } from '../../../src/run/writes.ts';
import { startRunning, type Running } from '../running.ts';

describe('writes of the reference application that carry an id', () => {
  let running: Running;
  before(async () => { running = await startRunning({ application: 'ventures', architecture: null, bottleneck: null }); });
  after(async () => running.stop());

  function source(): WriteSource {
    const { writes, url } = running.demo;
    assert.ok(writes !== undefined);
    return { request: writes.request, count: (ids) => countByUrl(new URL(writes.countPath, url).href, ids) };
  }

  test('are there exactly once when they were acknowledged, by the queue and by the vector search', async () => {
    const made = await traceWrites(running.demo.url, source(), AbortSignal.timeout(1500));
    const trial = await countWrites(source(), made, AbortSignal.timeout(10_000));
    assert.ok(trial !== null && trial.value === 100, trial?.note);
    assert.ok(made.filter(({ outcome }) => outcome === 'acknowledged').length >= 10, `${made.length} writes`);
  });

  test('show one that is applied twice, and none that never was', async () => {
    const [twice, never] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
    for (const content of [3, 4]) await running.ask(`/api/contents/${content}/publish`, { writeId: twice });
    assert.deepEqual(await source().count([twice, never]), new Map([[twice, 2]]));
  });
});
