import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCollection, createMemoryCollection } from '../../../src/demo/vector/collection.ts';
import type { Collection, Point } from '../../../src/demo/vector/collection.ts';
import { diskVectors } from '../../../src/demo/vector/disk-vectors.ts';

const DIMENSIONS = 10;
const never = new AbortController().signal;

/** The same vectors at every run: a failure can be looked at again. */
function pointsOf(count: number): Point[] {
  let state = 42;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return Array.from({ length: count }, (_, i) => ({ id: i * 7, vector: Array.from({ length: DIMENSIONS }, random), payload: { number: i } }));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}

async function assertSearchesRight(collection: Collection): Promise<void> {
  const points = pointsOf(3000);
  await collection.upsert(points);
  for (const query of pointsOf(3010).slice(3000)) {
    const expected = points.map(({ id, vector }) => ({ id, score: cosine(vector, query.vector) })).sort((a, b) => b.score - a.score).slice(0, 7);
    const found = await collection.search(query.vector, 7, never);
    assert.deepEqual(found.map(({ id }) => id), expected.map(({ id }) => id));
    for (const [i, { score }] of found.entries()) assert.ok(Math.abs(score - (expected[i]?.score ?? 0)) < 1e-5);
    assert.equal(found[0]?.payload['number'], (found[0]?.id ?? 0) / 7);
  }
}

test('a search in memory finds the nearest points by cosine, best first', async () => {
  await assertSearchesRight(createMemoryCollection('docs', DIMENSIONS));
});

test('a search on disk finds the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vectors-'));
  const collection = createCollection('docs', await diskVectors(join(folder, 'docs'), DIMENSIONS, 1e9));
  try {
    await assertSearchesRight(collection);
  } finally {
    await collection.close();
    await rm(folder, { recursive: true });
  }
});

test('a point written again replaces the one with its id', async () => {
  const collection = createMemoryCollection('docs', 2);
  await collection.upsert([{ id: 1, vector: [1, 0], payload: {} }, { id: 2, vector: [0, 1], payload: {} }]);
  await collection.upsert([{ id: 1, vector: [-1, 0], payload: { again: true } }]);
  assert.equal(collection.count(), 2);
  const found = await collection.search([-2, 0], 1, never);
  assert.deepEqual(found, [{ id: 1, version: 0, score: 1, payload: { again: true } }]);
});

test('a search for more points than there are returns them all, and in an empty collection none', async () => {
  const collection = createMemoryCollection('docs', 2);
  assert.deepEqual(await collection.search([1, 1], 5, never), []);
  await collection.upsert([{ id: 1, vector: [1, 0], payload: {} }]);
  assert.equal((await collection.search([1, 1], 5, never)).length, 1);
});

test('searches on disk share the volume: each waits for the ones before it, and one that was given up costs nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vectors-'));
  // 2,000 × 10 floats = 80 kB: 100 ms a search.
  const collection = createCollection('docs', await diskVectors(join(folder, 'docs'), DIMENSIONS, 800_000));
  try {
    await collection.upsert(pointsOf(2000));
    const query = pointsOf(1)[0]?.vector ?? [];
    const gone = AbortSignal.abort();
    const from = performance.now();
    const [first, , second] = await Promise.allSettled([collection.search(query, 1, never), collection.search(query, 1, gone), collection.search(query, 1, never)]);
    const tookMs = performance.now() - from;
    assert.equal(first.status, 'fulfilled');
    assert.equal(second.status, 'fulfilled');
    assert.ok(tookMs >= 190, `two searches took ${tookMs} ms`);
    await assert.rejects(collection.search(query, 1, gone));
  } finally {
    await collection.close();
    await rm(folder, { recursive: true });
  }
});
