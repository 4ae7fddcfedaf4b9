import type { ComparedScope } from '../model/comparison.ts';
import type { Run } from '../model/run.ts';
import { trafficOf, type Traffic, type TrafficSecond } from './traffic.ts';

interface PairedSide {
  readonly traffic: Traffic;
  /** Requests answered as expected in each whole second. */
  readonly successes: readonly number[];
}

/** The same seconds of the clock on both sides. */
export interface PairedTraffic {
  readonly scope: ComparedScope;
  readonly base: PairedSide;
  readonly head: PairedSide;
  readonly seconds: number;
  /** The same for all scopes of one step: their draws must be of the same seconds. */
  readonly seed: number;
}

/** Lays two runs that were made at the same time beside each other, second by second of the wall clock. */
export function pairSeconds(base: Run, head: Run): PairedTraffic[] {
  const others = trafficOf(head);
  const steps = new Map<string, number>();
  return [...trafficOf(base).values()].flatMap((traffic) => {
    const other = others.get(traffic.key);
    if (other === undefined) return [];
    const { suite, scenario, step } = traffic.scope;
    const stepKey = [suite, scenario, step === undefined ? '' : traffic.key].join('|');
    const seed = steps.get(stepKey) ?? steps.size + 1;
    steps.set(stepKey, seed);
    const full = [traffic, other].map(({ seconds }) => seconds.filter(({ isFull }) => isFull));
    // One side may have begun a second later than the other.
    const shift = Math.round(((full[1]?.[0]?.startedAtMs ?? 0) - (full[0]?.[0]?.startedAtMs ?? 0)) / 1000);
    const [fromBase, fromHead] = [Math.max(0, shift), Math.max(0, -shift)];
    const length = Math.max(0, Math.min((full[0]?.length ?? 0) - fromBase, (full[1]?.length ?? 0) - fromHead));
    return [{ scope: traffic.scope, seed, seconds: length, base: side(traffic, full[0] ?? [], fromBase, length), head: side(other, full[1] ?? [], fromHead, length) }];
  });
}

/** Requests that ended after the load, time-outs above all, count for its last second: they must not be lost. */
function side(traffic: Traffic, full: readonly TrafficSecond[], from: number, length: number): PairedSide {
  const kept = full.slice(from, from + length);
  const last = kept.at(-1);
  const late = last === undefined ? [] : traffic.seconds.filter(({ startedAtMs, isFull }) => !isFull && startedAtMs > last.startedAtMs);
  const seconds = last === undefined ? [] : [...kept.slice(0, -1), late.reduce(merge, last)];
  return { traffic: { ...traffic, seconds }, successes: kept.map(({ requests, failed }) => requests - failed) };
}

function merge(one: TrafficSecond, late: TrafficSecond): TrafficSecond {
  return {
    ...one, requests: one.requests + late.requests, failed: one.failed + late.failed, timeouts: one.timeouts + late.timeouts, rows: [...one.rows, ...late.rows],
  };
}
