/**
 * What the main thread writes and the thread behind the page reads, in shared memory: one writer for each figure, so that nobody waits.
 * Times are milliseconds of the clock that `nowMs` reads, sums since the start.
 */
const NAMES = [
  'beatAtMs', 'loopActiveMs', 'loopIdleMs', 'heapUsedBytes', 'gcMs', 'gcCount',
  'syncMs', 'syncCount', 'fileReadMs', 'fileReadCount', 'requestMs', 'requestCount',
  'poolUsed', 'poolIdle', 'poolMax', 'poolPending', 'poolWaitMs', 'poolWaitCount', 'poolUseMs', 'poolUseCount', 'poolTimeouts',
  'delaySumMs',
] as const;

export type FigureName = (typeof NAMES)[number];
export type Figures = Float64Array<SharedArrayBuffer>;

/** How often the event loop is asked for a sign of life: as often as the samplers of prom-client and OpenTelemetry do. */
export const BEAT_MS = 10;

/** Where each figure stands. */
export const AT = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Readonly<Record<FigureName, number>>;

/** Upper bounds of the delays that are counted together, each 1.4 times the last: a quantile is right within a fifth. The last is +Infinity. */
export const DELAY_BOUNDS_MS: readonly number[] = [
  1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16, 22, 32, 45, 64, 90, 128, 180, 256, 360, 512, 720, 1000, 1400, 2000, 2800, 4000, 5600, 8000, 11_000, Infinity,
];
const DELAYS_FROM = NAMES.length;

export function createFigures(): Figures {
  return new Float64Array(new SharedArrayBuffer(8 * (DELAYS_FROM + DELAY_BOUNDS_MS.length)));
}

export function add(figures: Float64Array, at: number, value: number): void {
  figures[at] = (figures[at] ?? 0) + value;
}

/** Counts one delay of the event loop. */
export function addDelay(figures: Float64Array, delayMs: number): void {
  add(figures, DELAYS_FROM + DELAY_BOUNDS_MS.findIndex((bound) => delayMs <= bound), 1);
  add(figures, AT.delaySumMs, delayMs);
}

/** How many delays lie under each bound and above the one before. */
export function delaysOf(figures: Float64Array): readonly number[] {
  return [...figures.subarray(DELAYS_FROM)];
}
