import type { VectorStore } from './vector-store.ts';

const FIRST_CAPACITY = 1024;

/** Vectors in one growing array: what a vector database does that has memory enough. */
export function memoryVectors(dimensions: number): VectorStore {
  let vectors = new Float32Array(FIRST_CAPACITY * dimensions);
  return {
    dimensions,
    async write(index, vector) {
      if ((index + 1) * dimensions > vectors.length) {
        const grown = new Float32Array(vectors.length * 2);
        grown.set(vectors);
        vectors = grown;
      }
      vectors.set(vector, index * dimensions);
    },
    async scan(count, signal, visit) {
      signal.throwIfAborted();
      visit(vectors.subarray(0, count * dimensions), 0);
    },
    async close() {},
  };
}
