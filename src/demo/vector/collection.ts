import { memoryVectors } from './memory-vectors.ts';
import type { VectorStore } from './vector-store.ts';

export interface Point {
  readonly id: number;
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface ScoredPoint {
  readonly id: number;
  readonly version: number;
  readonly score: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A named set of points with exact cosine search. */
export interface Collection {
  readonly name: string;
  readonly dimensions: number;
  count(): number;
  upsert(points: readonly Point[]): Promise<void>;
  /** The `limit` most similar points, best first; ties by id. Rejects when `signal` aborts. */
  search(vector: readonly number[], limit: number, signal: AbortSignal): Promise<ScoredPoint[]>;
  close(): Promise<void>;
}

export function createCollection(name: string, store: VectorStore): Collection {
  const indexOf = new Map<number, number>();
  const ids: number[] = [];
  const payloads: Point['payload'][] = [];
  return {
    name,
    dimensions: store.dimensions,
    count: () => ids.length,
    async upsert(points) {
      for (const point of points) {
        const index = indexOf.get(point.id) ?? ids.length;
        await store.write(index, normalised(point.vector));
        indexOf.set(point.id, index);
        ids[index] = point.id;
        payloads[index] = point.payload;
      }
    },
    async search(vector, limit, signal) {
      const query = normalised(vector);
      const best: { index: number; score: number }[] = [];
      await store.scan(ids.length, signal, (block, firstIndex) => keepBest(best, limit, query, block, firstIndex));
      return best
        .map(({ index, score }) => ({ id: ids[index] ?? 0, version: 0, score, payload: payloads[index] ?? {} }))
        .sort((a, b) => b.score - a.score || a.id - b.id);
    },
    close: () => store.close(),
  };
}

export function createMemoryCollection(name: string, dimensions: number): Collection {
  return createCollection(name, memoryVectors(dimensions));
}

/** Of vectors of length 1 the cosine is the dot product. */
function normalised(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}

function keepBest(best: { index: number; score: number }[], limit: number, query: Float32Array, block: Float32Array, firstIndex: number): void {
  const dimensions = query.length;
  const rows = block.length / dimensions;
  let worst = best.length < limit ? -Infinity : (best.at(-1)?.score ?? -Infinity);
  for (let row = 0; row < rows; row++) {
    const score = dotProduct(query, block, row * dimensions);
    if (score <= worst) continue;
    const place = best.findIndex((other) => other.score < score);
    best.splice(place === -1 ? best.length : place, 0, { index: firstIndex + row, score });
    if (best.length > limit) best.pop();
    if (best.length === limit) worst = best.at(-1)?.score ?? worst;
  }
}

/** Four sums side by side: one alone would wait for each addition to end before the next could begin. */
function dotProduct(query: Float32Array, block: Float32Array, offset: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < query.length; i += 4) {
    a += (query[i] ?? 0) * (block[offset + i] ?? 0);
    b += (query[i + 1] ?? 0) * (block[offset + i + 1] ?? 0);
    c += (query[i + 2] ?? 0) * (block[offset + i + 2] ?? 0);
    d += (query[i + 3] ?? 0) * (block[offset + i + 3] ?? 0);
  }
  for (; i < query.length; i++) a += (query[i] ?? 0) * (block[offset + i] ?? 0);
  return a + b + c + d;
}
