import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VectorStore } from './vector-store.ts';

const BYTES_PER_FLOAT = 4;
/** Large enough that the wait after a block (tens of ms) dwarfs a timer's inaccuracy of 1 ms. */
const VECTORS_PER_BLOCK = 1024;

/**
 * Vectors in a file on a volume of limited throughput, read again for every search: what is left of a vector database
 * whose memory is too small for its collection. One search reads at a time, as on a volume without bandwidth to spare,
 * so at most `bytesPerSec ÷ size of the collection` searches a second are answered; hardly any of it is CPU time.
 */
export async function diskVectors(file: string, dimensions: number, bytesPerSec: number): Promise<VectorStore> {
  const handle = await open(file, 'w+');
  const vectorBytes = dimensions * BYTES_PER_FLOAT;
  let last: Promise<void> = Promise.resolve();

  async function scanAll(count: number, signal: AbortSignal, visit: (block: Float32Array, firstIndex: number) => void): Promise<void> {
    const block = new Float32Array(VECTORS_PER_BLOCK * dimensions);
    const startedAtMs = performance.now();
    for (let first = 0; first < count; first += VECTORS_PER_BLOCK) {
      signal.throwIfAborted();
      const vectors = Math.min(VECTORS_PER_BLOCK, count - first);
      await handle.read(new Uint8Array(block.buffer), 0, vectors * vectorBytes, first * vectorBytes);
      visit(block.subarray(0, vectors * dimensions), first);
      const dueAtMs = startedAtMs + ((first + vectors) * vectorBytes * 1000) / bytesPerSec;
      await sleep(Math.max(0, dueAtMs - performance.now()));
    }
  }

  return {
    dimensions,
    async write(index, vector) {
      await handle.write(new Uint8Array(vector.buffer, vector.byteOffset, vectorBytes), 0, vectorBytes, index * vectorBytes);
    },
    scan(count, signal, visit) {
      const mine = last.then(() => scanAll(count, signal, visit));
      last = mine.catch(() => {});
      return mine;
    },
    close: () => handle.close(),
  };
}
