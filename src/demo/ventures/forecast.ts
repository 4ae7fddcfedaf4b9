import process from 'node:process';

export interface Forecast {
  /** Balance after twelve months that 10 %, 50 % and 90 % of the simulated paths stay below, to a thousandth of what is possible. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

const MONTHS_AHEAD = 12;
/** Paths between two looks at the clock: a few hundredths of a millisecond. */
const PATHS_AT_A_TIME = 250;
const STEPS = 1000;

/**
 * Simulates next year's cash flow by drawing months of the past at random, for `cpuMs` of the thread's CPU time and 250 paths at least.
 * It runs on the event loop in one go: nothing else is answered meanwhile. The work is given as CPU time rather than as paths so
 * that a demonstration breaks at the same load on a fast machine and on a slow one, and on one whose speed wanders.
 */
export function forecastCashFlow(pastMonths: readonly number[], cpuMs: number): Forecast {
  const past = pastMonths.length > 0 ? pastMonths : [0];
  const worst = MONTHS_AHEAD * Math.min(...past);
  const step = (MONTHS_AHEAD * Math.max(...past) - worst) / STEPS || 1;
  const pathsEndingAt = new Uint32Array(STEPS + 1);
  const spentMs = threadClock();
  let state = 0x9e3779b9;
  let paths = 0;
  do {
    for (let path = 0; path < PATHS_AT_A_TIME; path++) {
      let balance = 0;
      for (let month = 0; month < MONTHS_AHEAD; month++) {
        // Xorshift, from the same seed each time.
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        balance += past[(state >>> 0) % past.length] ?? 0;
      }
      const end = Math.round((balance - worst) / step);
      pathsEndingAt[end] = (pathsEndingAt[end] ?? 0) + 1;
    }
    paths += PATHS_AT_A_TIME;
  } while (spentMs() < cpuMs);
  const below = (share: number): number => worst + step * stepBelow(pathsEndingAt, share * paths);
  return { low: below(0.1), middle: below(0.5), high: below(0.9) };
}

/** CPU time since now, in ms: of this thread, or of the whole process by a Node before 23.9. */
function threadClock(): () => number {
  const read = process.threadCpuUsage ?? process.cpuUsage;
  const from = read();
  return () => {
    const { user, system } = read();
    return (user - from.user + system - from.system) / 1000;
  };
}

/** The first step that so many paths end at or below. */
function stepBelow(pathsEndingAt: Uint32Array, paths: number): number {
  let counted = 0;
  return pathsEndingAt.findIndex((count) => (counted += count) >= paths);
}
