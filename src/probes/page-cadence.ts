/**
 * Seconds from one reading of an application's own metrics page to the next, so that it costs the application less than 2 ms of CPU a
 * second. Nobody but the probe asks an application at rest for anything: its code and data have left the caches, and the same page takes up
 * to twice as long. Measured on Node 24 with prom-client 15, in ms of CPU a page, once a second at rest and in quick succession: an empty
 * page 1.0 and 0.2, the default metrics alone (8 KB) 2.4 and 1.1, with 10 routes (20 KB) 2.2 and 1.4, with 30 (45 KB) 2.8 and 2.1, with 100
 * (130 KB) 5.1 and 3.6. Once a second beside 300 requests a second, 20 KB took as long as in quick succession.
 */
export function secondsToNextPage({ bytes, isAtWork }: { readonly bytes: number; readonly isAtWork: boolean }): number {
  const { atRest, atWork } = CADENCES.find(({ upToBytes }) => bytes <= upToBytes) ?? LARGEST;
  return isAtWork ? atWork : atRest;
}

/** The same for a server in native code, whose page costs a fraction of that, at work or not: a hundred collections are the first to count. */
export function secondsToNextNativePage(bytes: number): number {
  return bytes <= NATIVE_BYTES_A_SECOND ? 1 : Math.min(LARGEST.atRest, Math.ceil(bytes / NATIVE_BYTES_A_SECOND));
}

const KB = 1024;
const CADENCES = [
  // Pages of a few figures, the preload's among them, which a thread of its own makes.
  { upToBytes: 6 * KB, atRest: 1, atWork: 1 },
  { upToBytes: 40 * KB, atRest: 2, atWork: 1 },
  { upToBytes: 160 * KB, atRest: 3, atWork: 2 },
];
/** More seldom than this, too few readings would fall into a stage of a short run. */
const LARGEST = { atRest: 5, atWork: 3 };
const NATIVE_BYTES_A_SECOND = 64 * KB;
