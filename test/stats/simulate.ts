import { quantileBounds, type ValueBounds } from '../../src/stats/quantile-bounds.ts';
import { normalNumbers, randomNumbers } from './random.ts';

/** How the seconds of a simulated run hang together. */
export interface Process {
  readonly name: string;
  /** What a second’s level inherits of the last one’s: AR(1). */
  readonly inherited: number;
  /** The same between one request and the next. */
  readonly requestsInherit?: number;
  /** One stall at any time, so many seconds in which everything is slower by five deviations. */
  readonly stallSeconds?: number;
  /** From the first second to the last the level rises by so many of its deviations. */
  readonly rise?: number;
}

export const PROCESSES = {
  independent: { name: 'independent seconds', inherited: 0 },
  some: { name: 'a second inherits 0.4 of the last', inherited: 0.4 },
  much: { name: 'a second inherits 0.8 of the last', inherited: 0.8 },
  requests: { name: 'a request inherits 0.8 of the last', inherited: 0, requestsInherit: 0.8 },
  stall: { name: 'a stall of two seconds', inherited: 0.4, stallSeconds: 2 },
  trend: { name: 'a trend of three deviations', inherited: 0.4, rise: 3 },
} as const satisfies Record<string, Process>;

/** Part of the variance of a latency that all requests of a second share. */
const SHARED = 0.05;

export interface Simulator {
  /** Levels of so many seconds, mean 0 and variance 1 but for stall and trend. */
  levels(seconds: number): number[];
  /** Values of each second, ascending: a normal logarithm of latency, mean 0 and variance 1 but for stall and trend. */
  latencies(seconds: number, perSec: number): Float64Array[];
  readonly uniform: () => number;
  readonly normal: () => number;
}

export function simulate(process: Process, seed: number): Simulator {
  const uniform = randomNumbers(seed);
  const normal = normalNumbers(uniform);
  const inherit = (share: number, length: number): number[] => {
    let level = normal();
    return Array.from({ length }, () => {
      const now = level;
      level = share * level + Math.sqrt(1 - share ** 2) * normal();
      return now;
    });
  };
  const shifts = (seconds: number): number[] => {
    const stallAt = Math.floor(uniform() * (seconds - (process.stallSeconds ?? 0)));
    return Array.from({ length: seconds }, (_, second) => {
      const isStalled = process.stallSeconds !== undefined && second >= stallAt && second < stallAt + process.stallSeconds;
      return (isStalled ? 5 : 0) + (process.rise ?? 0) * (second / (seconds - 1) - 0.5);
    });
  };
  const levels = (seconds: number): number[] => {
    const moved = shifts(seconds);
    return inherit(process.inherited, seconds).map((level, second) => level + (moved[second] ?? 0));
  };
  return {
    uniform, normal, levels,
    latencies(seconds, perSec) {
      const moved = shifts(seconds);
      const noise = inherit(process.requestsInherit ?? 0, Math.ceil(seconds * perSec) + 1);
      return inherit(process.inherited, seconds).map((level, second) => {
        const [from, to] = [Math.floor(second * perSec), Math.floor((second + 1) * perSec)];
        const shared = Math.sqrt(SHARED) * (level + (moved[second] ?? 0));
        return Float64Array.from({ length: to - from }, (_, at) => shared + Math.sqrt(1 - SHARED) * (noise[from + at] ?? 0)).sort();
      });
    },
  };
}

/** Bounds of a percentile of what a simulation gave. */
export function boundsOf(q: number, seconds: readonly Float64Array[]): ValueBounds {
  const all = new Float64Array(seconds.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of seconds) {
    all.set(values, at);
    at += values.length;
  }
  return quantileBounds(q, all.sort(), seconds.map(({ length }) => length), (limit) => seconds.map((values) => values.length - countUpTo(values, limit)));
}

/** The percentile that all such runs have together: what a verdict of one run is about. */
export function truthOf(q: number, process: Process, seconds: number): number {
  const shifts = Array.from({ length: seconds }, (_, second) => {
    if (process.stallSeconds !== undefined) return second < process.stallSeconds ? 5 * Math.sqrt(SHARED) : 0;
    return (process.rise ?? 0) * Math.sqrt(SHARED) * (second / (seconds - 1) - 0.5);
  });
  const below = (value: number): number => shifts.reduce((sum, shift) => sum + normalShare(value - shift), 0) / seconds;
  let [low, high] = [-10, 10];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (below(middle) < q) low = middle;
    else high = middle;
  }
  return low;
}

/** Share of normal values up to this one (Abramowitz & Stegun 26.2.17, to 10⁻⁷). */
function normalShare(value: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(value));
  const tail = (Math.exp(-(value ** 2) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return value < 0 ? tail : 1 - tail;
}

function countUpTo(ascending: Float64Array, limit: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] ?? Infinity) <= limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
