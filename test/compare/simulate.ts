import type { Interval, IntervalRow } from '../../src/model/interval.ts';
import type { Run } from '../../src/model/run.ts';
import { EMPTY_HISTOGRAM, bucketIndex } from '../../src/stats/histogram.ts';
import { START_MS, run, step } from '../judge/facts.ts';
import { normalNumbers, randomNumbers } from '../stats/random.ts';

export interface Simulated {
  readonly seed: number;
  readonly id?: string;
  readonly seconds?: number;
  /** Median of each journey. */
  readonly mediansMs?: Readonly<Record<string, number>>;
  /** Requests per second of each journey. */
  readonly ratePerSec?: number;
  /** Factor on every latency of this run: what changed, and the noise between runs. */
  readonly factor?: number;
  /** Scatter of the level from second to second, and how much of it a second inherits. */
  readonly levelNoise?: number;
  readonly inherited?: number;
  readonly errorShare?: number;
  readonly startedAtMs?: number;
  /** The level of each second, given from outside: the noise of a machine that two runs share. */
  readonly levels?: readonly number[];
}

export const ENVIRONMENT = { scaleplan: '0.1.0', node: '24.1.0', os: 'linux 6.1', host: 'a', cpu: 'x', cores: 2, memoryBytes: 8e9 };

/** Log-normal latencies (σ 0.35, as of a service with some cache misses) whose level wanders from second to second: a whole run, made in milliseconds. */
export function simulate(given: Simulated): Run {
  const { seed, seconds = 60, mediansMs = { dashboard: 40, search: 120 }, ratePerSec = 15, factor = 1, errorShare = 0, startedAtMs = START_MS } = given;
  const random = randomNumbers(seed);
  const normal = normalNumbers(random);
  const levels = given.levels ?? wander(seconds, given.inherited ?? 0.5, normal).map((level) => (given.levelNoise ?? 0.05) * level);
  const intervals = levels.map((level, second): Interval => ({
    second, startedAtMs: startedAtMs + second * 1000, sent: ratePerSec * Object.keys(mediansMs).length, arrivals: 0, skipped: 0,
    generator: { loopUtilization: 0.1, loopLagMs: 1 },
    rows: Object.entries(mediansMs).map(([journey, medianMs]): IntervalRow => {
      const errors = Array.from({ length: ratePerSec }, () => random()).filter((one) => one < errorShare).length;
      const us = Array.from({ length: ratePerSec - errors }, () => Math.round(1000 * medianMs * factor * Math.exp(level + 0.35 * normal())));
      return {
        journey, step: journey, requests: ratePerSec, errors: errors > 0 ? { 'http-5xx': errors } : {}, statuses: {}, bytes: 0,
        latency: encode(us), errorLatency: EMPTY_HISTOGRAM, ttfb: EMPTY_HISTOGRAM,
      };
    }),
  }));
  return run([step(intervals)], { id: given.id ?? `run-${seed}`, environment: ENVIRONMENT, startedAtMs });
}

/** Variance 1; each value inherits a part of the last. */
export function wander(seconds: number, inherited: number, normal: () => number): number[] {
  let level = normal();
  return Array.from({ length: seconds }, () => {
    const now = level;
    level = inherited * level + Math.sqrt(1 - inherited ** 2) * normal();
    return now;
  });
}

function encode(us: readonly number[]): IntervalRow['latency'] {
  if (us.length === 0) return EMPTY_HISTOGRAM;
  const counts = new Map<number, number>();
  for (const one of us) counts.set(bucketIndex(one), (counts.get(bucketIndex(one)) ?? 0) + 1);
  return {
    counts: [...counts].toSorted(([a], [b]) => a - b).flat(), count: us.length,
    minUs: Math.min(...us), maxUs: Math.max(...us), sumUs: us.reduce((sum, one) => sum + one, 0),
  };
}
