/** What was seen of a server within a second: requests it ended, and their mean time with the wait for each other. */
interface Served {
  readonly count: number;
  readonly mean: number;
}

/** Fewer requests say nothing of their mean. */
const FEWEST = 15;

/**
 * The service alone, in seconds, where the time that is told holds the wait for other requests: one server, requests of like length, arrivals
 * as bursty as they were seen, R = S + ρS·I ÷ 2(1 − ρ) (Pollaczek & Khinchine with the dispersion I of counts), over windows of different loads.
 * Null for too few requests.
 */
export function serviceSeconds(windows: readonly (readonly Served[])[]): number | null {
  const loads = windows.flatMap((seconds) => {
    const read = seconds.filter(({ count, mean }) => Number.isFinite(count) && (count === 0 || Number.isFinite(mean)));
    const requests = read.reduce((sum, { count }) => sum + count, 0);
    return requests === 0 ? [] : [{ requests, perSec: requests / read.length, time: read.reduce((sum, { count, mean }) => sum + (count === 0 ? 0 : count * mean), 0), dispersion: dispersionOf(read.map(({ count }) => count)) }];
  });
  const requests = loads.reduce((sum, load) => sum + load.requests, 0);
  if (requests < FEWEST) return null;
  const told = loads.reduce((sum, { time }) => sum + time, 0);
  const expected = (seconds: number): number => loads.reduce((sum, load) => sum + load.requests * (seconds + waitAt(seconds, load)), 0);
  let [low, high] = [0, told / requests];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (expected(middle) > told) high = middle;
    else low = middle;
  }
  return low;
}

function waitAt(seconds: number, { perSec, dispersion }: { readonly perSec: number; readonly dispersion: number }): number {
  const busy = perSec * seconds;
  return busy >= 1 ? Infinity : (busy * seconds * dispersion) / (2 * (1 - busy));
}

/** Variance ÷ mean of counts; between the evenly paced and the quite at random, as few seconds tell it badly. */
function dispersionOf(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / Math.max(1, counts.length - 1);
  return mean > 0 ? Math.min(1.2, Math.max(0.5, variance / mean)) : 1;
}
