import { predictCapacity } from '../../src/capacity/predict.ts';
import type { Condition } from '../../src/model/condition.ts';
import type { Estimate } from '../../src/model/estimate.ts';
import { simulate, simulatedRun, type SimulatedPool } from './simulate.ts';

/** A prediction beside the edge that the simulation of many minutes has. */
export interface SimulatedTrial {
  readonly name: string;
  readonly truth: number;
  readonly share: number;
  readonly predicted: Estimate | null;
}

/** The journeys of the `ventures` plan: only dashboards hold a connection for long. */
function journeys(seconds: number): SimulatedPool['journeys'] {
  return [
    { name: 'dashboard', weight: 20, holds: [seconds, seconds] }, { name: 'content-browsing', weight: 20, holds: [0.002, 0.002] },
    { name: 'content-generation', weight: 10, holds: [0.003] }, { name: 'social-publish', weight: 5, holds: [0.002, 0.001] },
  ];
}

/** Few servers and many, short holds and long ones, always the same and of any length. */
export const POOLS: readonly (readonly [servers: number, seconds: number, spread: number])[] = [
  [2, 0.1, 0], [3, 0.15, 0], [5, 0.15, 0], [6, 0.18, 0], [9, 0.3, 0], [20, 0.3, 0], [4, 0.12, 0.5], [12, 0.25, 0.3], [6, 0.15, 0.8], [3, 0.05, 1],
];
const SHARES = [0.24, 0.15] as const;
const LIGHT = { reference: 10, judged: 30 } as const;

/** `each` light tests of each pool at each share of its edge. */
export function simulatedTrials(pools: typeof POOLS, each: number, limitMs: number, conditions: readonly Condition[], random: () => number): SimulatedTrial[] {
  return pools.flatMap(([servers, seconds, spread]) => {
    const pool = { servers, spread, journeys: journeys(seconds) };
    const truth = edgeOf(pool, limitMs / 1000, random);
    return SHARES.flatMap((share) => Array.from({ length: each }, (): SimulatedTrial => ({
      name: `${servers} of ${1000 * seconds} ms${spread === 0 ? '' : `, spread ${spread}`}`, truth, share, predicted: predictCapacity(simulatedRun(pool, truth * share, LIGHT, random), conditions).ratePerSec,
    })));
  });
}

/** A minute after it has settled, as a confirming stage has it; so many of them at each load. */
const [SETTLE_SECONDS, STAGE_SECONDS, REPEATS, HALVINGS] = [4, 60, 6, 11];
const MOST_PER_SEC = 400;

/** The rate at which the 95th percentile of a minute's dashboards is at its limit in the mean. */
function edgeOf(pool: SimulatedPool, limitSeconds: number, random: () => number): number {
  let [low, high] = [1, MOST_PER_SEC];
  for (let round = 0; round < HALVINGS; round += 1) {
    const middle = Math.sqrt(low * high);
    const logs = Array.from({ length: REPEATS }, () => Math.log(p95Of(pool, middle, random)));
    if (logs.reduce((sum, one) => sum + one, 0) / REPEATS > Math.log(limitSeconds)) high = middle;
    else low = middle;
  }
  return Math.sqrt(low * high);
}

function p95Of(pool: SimulatedPool, ratePerSec: number, random: () => number): number {
  const end = SETTLE_SECONDS + STAGE_SECONDS;
  const latencies = simulate(pool, [{ ratePerSec, seconds: end }], random).filter(({ journey, ended }) => journey === 'dashboard' && ended > SETTLE_SECONDS && ended < end).map(({ latency }) => latency).toSorted((a, b) => a - b);
  return latencies[Math.ceil(0.95 * latencies.length) - 1] ?? 0;
}
