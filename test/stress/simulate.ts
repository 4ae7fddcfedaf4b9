import { normalShare } from '../../src/stress/edge.ts';
import { edgeOf, nextStage, type NextStage, type SearchSettings, type StageEvidence } from '../../src/stress/search.ts';

/** A queue in front of one server, as a client sees it: its latency grows as 1 ÷ (1 − load ÷ capacity). */
export interface SimulatedTarget {
  /** Load at which the noiseless 95th percentile meets the limit: what the search has to find. */
  readonly edge: number;
  /** Standard deviation of ln(latency) from one stage to the next. */
  readonly latencyNoise: number;
  /** The same of the capacity: a neighbour on the machine. */
  readonly capacityNoise: number;
}

/** The limit is so many service times. */
const LIMIT = 20;
/** ln of the error of a percentile within one stage of ten seconds. */
const WITHIN = 0.08;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Plays a whole search against a simulated target. */
export function playSearch(target: SimulatedTarget, settings: SearchSettings, random: () => number): { stages: readonly StageEvidence[]; end: string; mid: number; low: number; high: number } {
  const stages: StageEvidence[] = [];
  for (let round = 0; round < 100; round += 1) {
    const next = nextStage(settings, stages);
    if (next.do === 'end') return { stages, end: next.end, ...edgeOf(settings, stages) };
    stages.push(playStage(target, next, settings, random));
  }
  throw new Error('the search does not end');
}

function playStage({ edge, latencyNoise, capacityNoise }: SimulatedTarget, { load, purpose, mostSeconds }: Extract<NextStage, { do: 'stage' }>, { confirmSeconds }: SearchSettings, random: () => number): StageEvidence {
  // p95 = 1 ÷ (1 − load ÷ capacity) service times, so that the limit is met at the edge.
  const capacity = (edge / (1 - 1 / LIMIT)) * Math.exp(capacityNoise * normal(random));
  const share = load / capacity;
  const long = purpose === 'confirm' ? 0.4 : 1;
  const latency = share >= 0.995 ? LIMIT * 10 : 1 / (1 - share);
  const observed = Math.log(latency) + latencyNoise * long * normal(random) + WITHIN * long * normal(random);
  const z = (observed - Math.log(LIMIT)) / (WITHIN * long);
  // Cut short, a confirming stage cannot prove a share of errors.
  const isCut = purpose === 'confirm' && mostSeconds < confirmSeconds(load);
  const state = z > 1.645 ? 'breaks' : z < -1.645 && !isCut ? 'holds' : 'open';
  const breakChance = Math.min(0.98, Math.max(0.02, normalShare(z)));
  return { load, purpose, goals: [{ goal: 'p95', breakChance, state }], isGeneratorLimit: false, isHarmful: false, seconds: Math.min(mostSeconds, purpose === 'confirm' ? confirmSeconds(load) : state === 'open' ? 25 : 16) };
}
