import type { DemoBottleneck } from '../application.ts';
import type { LayerName } from './settings.ts';

/** How the parts of the application are set up: everything a bottleneck may change. */
export interface WallsParts {
  /** Layers that are there whatever the phase has; null = the phase's. */
  readonly layers: readonly LayerName[] | null;
  /** For how long one file keeps its volume busy; 0 = the machine's own disk. */
  readonly volumeReadMs: number;
  readonly cacheMaxMemoryBytes: number;
  /** Size of the history that is cached with each user's entitlements. */
  readonly historyBytes: number;
  /** How long sealing a purchase computes on an instance's event loop; 0 = purchases are not sealed. */
  readonly sealMs: number;
}

interface WallsBottleneck extends DemoBottleneck {
  readonly changes: Partial<WallsParts>;
}

export const HEALTHY_PARTS: WallsParts = { layers: null, volumeReadMs: 0, cacheMaxMemoryBytes: 32_000_000, historyBytes: 0, sealMs: 0 };

/** Figures are waits and limits rather than work, so that the same happens on fast and on slow machines. */
export const WALLS_BOTTLENECKS: readonly WallsBottleneck[] = [
  {
    id: 'file-reads',
    phase: '1',
    what: 'files alone, on a volume that reads one at a time in 450 ms, and nothing cached',
    // The plan's first phase: 2.5 requests/s, each a file: 1.1 times what the volume can do; at a quarter of the load 0.3 times.
    changes: { layers: ['files'], volumeReadMs: 450 },
  },
  {
    id: 'cache',
    what: 'a Redis of 2 MB for the histories of 80 kB that are cached with each user: 4 MB for those of one moment',
    // An empty Redis with its clients uses about 1.2 MB.
    changes: { cacheMaxMemoryBytes: 2_000_000, historyBytes: 80_000 },
  },
  {
    id: 'node-cpu',
    phase: '3',
    what: 'seals that compute for 75 ms on the event loop, one for each purchase',
    // The third phase, one instance: 11.9 purchases/s × 75 ms = 0.9 of the one core a thread has, beside 0.3 for the rest;
    // at a quarter of the load 0.22. The fourth phase's instances have 0.45 each.
    changes: { sealMs: 75 },
  },
];
