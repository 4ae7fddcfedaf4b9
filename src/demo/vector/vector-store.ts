/** Where the vectors of a collection lie: one after the other, `dimensions` floats each, normalised to length 1. */
export interface VectorStore {
  readonly dimensions: number;
  write(index: number, vector: Float32Array): Promise<void>;
  /** Runs one search at a time over all vectors, a block of consecutive ones after the other. */
  scan(count: number, signal: AbortSignal, visit: (block: Float32Array, firstIndex: number) => void): Promise<void>;
  close(): Promise<void>;
}
