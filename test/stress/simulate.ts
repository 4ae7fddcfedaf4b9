import { edgeOf, edgeOfGoal } from '../../src/stress/belief.ts';
import type { EdgeBelief } from '../../src/stress/edge.ts';
import { normalBelow } from '../../src/stats/normal.ts';
import { fewestRequests } from '../../src/stress/error-proof.ts';
import type { GoalReading, StageEvidence, StagePurpose } from '../../src/stress/evidence.ts';
import { nextStage, type SearchSettings } from '../../src/stress/search.ts';
import { isEnough, LEAST_SECONDS } from '../../src/stress/stage-end.ts';
import { normalNumbers } from '../stats/random.ts';

/** A server as a client sees it, second by second: the 95th percentile of each of its resources grows as 1 ÷ (1 − load ÷ capacity). */
export interface SimulatedTarget {
  /** Load at which the noiseless 95th percentile meets the limit: what the search has to find. */
  readonly edge: number;
  /** Where other thresholds break, as multiples of the first edge. */
  readonly others?: readonly number[];
  /** Standard deviation of ln(latency) from one second to the next; seconds resemble each other (0.6 from one to the next). */
  readonly latencyNoise: number;
  /** The same of the capacity, which wanders within half a minute: a neighbour on the machine. */
  readonly capacityNoise: number;
}

/** The limit is so many service times. */
const LIMIT = 20;
const [LATENCY_MEMORY, CAPACITY_MEMORY_SECONDS] = [0.6, 20];
/** What a percentile of a second's few requests scatters by itself. */
const WITHIN = 0.1;
/** Start-up, warm-up and draining around a stage. */
export const AROUND_SECONDS = 9;
/** Requests without an error that prove a share of less than 0.1 %. */
export const PROOF = fewestRequests(0.001, 0, 0);

/** Seconds of one target, one after the other, under any load. */
export interface World {
  /** ln(p95 ÷ limit) of each threshold in one second under this load. */
  readonly second: (load: number) => readonly number[];
  /** Time that passes without a look. */
  readonly pass: (seconds: number) => void;
}

export function makeWorld({ edge, others = [], latencyNoise, capacityNoise }: SimulatedTarget, random: () => number): World {
  const normal = normalNumbers(random);
  const keep = Math.exp(-1 / CAPACITY_MEMORY_SECONDS);
  let [drift, latency] = [capacityNoise * normal(), latencyNoise * normal()];
  const step = (): void => {
    drift = keep * drift + Math.sqrt(1 - keep * keep) * capacityNoise * normal();
    latency = LATENCY_MEMORY * latency + Math.sqrt(1 - LATENCY_MEMORY ** 2) * latencyNoise * normal();
  };
  return {
    pass: (seconds) => { for (let at = 0; at < seconds; at += 1) step(); },
    second: (load) => {
      step();
      return [1, ...others].map((factor) => {
        const capacity = ((factor * edge) / (1 - 1 / LIMIT)) * Math.exp(drift);
        const share = load / capacity;
        return Math.log(share >= 0.995 ? LIMIT * 10 : 1 / (1 - share)) + latency + WITHIN * normal() - Math.log(LIMIT);
      });
    },
  };
}

/** Plays a whole search against a simulated target. */
export function playSearch(target: SimulatedTarget, settings: SearchSettings, random: () => number): EdgeBelief & { stages: readonly StageEvidence[]; end: string; seconds: number; goals: readonly EdgeBelief[] } {
  const world = makeWorld(target, random);
  const stages: StageEvidence[] = [];
  for (let round = 0; round < 100; round += 1) {
    const next = nextStage(settings, stages);
    if (next.do === 'end') {
      const goals = [0, ...(target.others ?? []).map((_, at) => at + 1)].map((goal) => edgeOfGoal(settings, stages, String(goal)));
      return { stages, end: next.end, ...edgeOf(settings, stages), goals, seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0) };
    }
    stages.push(playStage(world, next.load, next.purpose, next.mostSeconds));
  }
  throw new Error('the search does not end');
}

function playStage(world: World, load: number, purpose: StagePurpose, mostSeconds: number): StageEvidence {
  world.pass(AROUND_SECONDS);
  const leastSeconds = Math.ceil(PROOF / load);
  const most = Math.max(LEAST_SECONDS + 1, Math.min(purpose === 'confirm' ? Math.max(20, leastSeconds * 1.5) : 30, Math.floor(mostSeconds - AROUND_SECONDS)));
  const seen: number[][] = [];
  for (let judgedSeconds = 1; ; judgedSeconds += 1) {
    world.second(load).forEach((value, goal) => (seen[goal] ??= []).push(value));
    if (judgedSeconds < LEAST_SECONDS) continue;
    const hasErrors = (seen[0] ?? []).some((value) => value > Math.log(5));
    const goals: GoalReading[] = [...seen.map((values, goal) => read(String(goal), values)), errors(hasErrors, load * judgedSeconds)];
    if (judgedSeconds >= most || isEnough({ purpose, judgedSeconds, leastSeconds, goals })) {
      return { load, purpose, goals, isGeneratorLimit: false, isHarmful: false, seconds: AROUND_SECONDS + judgedSeconds, answered: load, made: load };
    }
  }
}

/** As the judge bounds it: by seconds that are worth fewer than they are, for they resemble each other. */
export function read(goal: string, values: readonly number[]): GoalReading {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const off = values.map((value) => value - mean);
  const variance = off.reduce((sum, value) => sum + value * value, 0) / (count - 1);
  const lagged = off.slice(1).reduce((sum, value, at) => sum + value * (off[at] ?? 0), 0) / (count - 1);
  const memory = Math.min(0.7, Math.max(0, lagged / variance + 1.5 / count));
  const z = mean / Math.sqrt(((variance * (1 + memory)) / (1 - memory)) / count);
  const sure = 1.645 * (1 + 2 / count);
  return { goal, state: z > sure ? 'breaks' : z < -sure ? 'holds' : 'open', breakChance: Math.min(0.97, Math.max(0.03, normalBelow(z))) };
}

function errors(isBroken: boolean, requests: number): GoalReading {
  const state = isBroken ? 'breaks' : requests >= PROOF ? 'holds' : 'open';
  return { goal: 'errors', isLate: true, state, breakChance: { breaks: 0.97, holds: 0.03, open: 0.1 }[state] };
}
