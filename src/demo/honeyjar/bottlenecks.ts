import type { DemoBottleneck } from '../application.ts';

/** How the parts of the chat are set up: everything a bottleneck may change. */
export interface HoneyjarParts {
  readonly poolMax: number;
  readonly acquireTimeoutMs: number;
  readonly cacheMaxMemoryBytes: number;
  /** How long the language model, which stands outside, takes for an answer. */
  readonly modelMs: number;
  /** Jobs that one worker of a queue does at once. */
  readonly jobsPerWorker: { readonly intent: number; readonly rag: number; readonly openai: number };
  /** How long the storage under the documents lets a retrieval wait, inside PostgreSQL; 0 = the machine's own disk. */
  readonly documentStorageMs: number;
}

interface HoneyjarBottleneck extends DemoBottleneck {
  readonly changes: Partial<HoneyjarParts>;
}

/** A model that answers in 120 ms, asked for many answers at once, as an interface over the network allows. */
export const HEALTHY_PARTS: HoneyjarParts = {
  poolMax: 10, acquireTimeoutMs: 2500, cacheMaxMemoryBytes: 32_000_000,
  modelMs: 120, jobsPerWorker: { intent: 8, rag: 8, openai: 25 }, documentStorageMs: 0,
};

/** Figures are waits and limits rather than work, so that the same happens on fast and on slow machines. */
export const HONEYJAR_BOTTLENECKS: readonly HoneyjarBottleneck[] = [
  {
    id: 'queue',
    what: 'a model that takes 2.5 s, and workers that ask it for one answer at a time: jobs pile up',
    // One or two workers do 0.4 to 0.8 messages a second; every phase sends several.
    changes: { modelMs: 2500, jobsPerWorker: { intent: 8, rag: 8, openai: 1 } },
  },
  {
    id: 'db-query',
    what: 'documents on a slow storage: every retrieval that no cache answers takes 700 ms',
    changes: { documentStorageMs: 700, cacheMaxMemoryBytes: 1_600_000 },
  },
];
