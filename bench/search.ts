/**
 * `npm run bench -- search`: thousands of searches of simulated targets whose edges are known, by the search of `stress` and by two others in the
 * same time, under latencies and capacities that wander.
 */
import { confirmedLoad } from '../src/stress/belief.ts';
import type { EdgeBelief } from '../src/stress/edge.ts';
import { AROUND_SECONDS, makeWorld, playSearch, PROOF, type SimulatedTarget, type World } from '../test/stress/simulate.ts';
import { randomNumbers } from '../test/stats/random.ts';
import { median, type Table } from './table.ts';

const TRIALS = 1000;
const BUDGET_SECONDS = 290;
const START_LOAD = 16.7;
const NOISES = [[0.05, 0], [0.1, 0.02], [0.2, 0.02], [0.3, 0.03], [0.3, 0.05], [0.1, 0.08]] as const;

type Found = Pick<EdgeBelief, 'low' | 'mid' | 'high'> & { readonly stages: number; readonly seconds: number; readonly confirmed: number | null };
type Search = (target: SimulatedTarget, random: () => number) => Found;

export function tables(): readonly Table[] {
  return [compared(), goals()];
}

function compared(): Table {
  const searches: readonly (readonly [string, Search])[] = [['stress', ours], ['halving', halving], ['sums of durations', sumsOfDurations]];
  const rows = NOISES.flatMap(([latencyNoise, capacityNoise]) => searches.map(([name, search]) => {
    const trials = Array.from({ length: TRIALS }, (_, at) => {
      const random = randomNumbers(at * 7919 + 1);
      const edge = edgeFrom(random);
      return { edge, ...search({ edge, latencyNoise, capacityNoise }, random) };
    });
    const share = (isMeant: (trial: (typeof trials)[number]) => boolean): string => `${((100 * trials.filter(isMeant).length) / TRIALS).toFixed(1)} %`;
    const isOurs = name === 'stress';
    return [
      percent(latencyNoise), percent(capacityNoise), name, share(({ mid, edge }) => Math.abs(mid / edge - 1) <= 0.1), share(({ low, high, edge }) => low <= edge && edge <= high),
      (median(trials.map(({ low, high }) => high / low)) - 1).toLocaleString('en-US', { style: 'percent' }), percent(median(trials.map(({ mid, edge }) => Math.abs(mid / edge - 1))), 1),
      String(median(trials.map(({ stages }) => stages))), `${Math.round(median(trials.map(({ seconds }) => seconds)))} s`,
      isOurs ? share(({ confirmed }) => confirmed !== null) : '–', isOurs ? share(({ confirmed, edge }) => confirmed !== null && confirmed > edge * 1.02) : '–',
    ];
  }));
  return {
    title: `Searches of simulated targets, ${TRIALS} a row, edges between 60 and 300/s, ${BUDGET_SECONDS} s for all stages`,
    head: ['latency wanders by', 'capacity by', 'search', 'edge within ±10 %', 'interval covers it', 'width of the interval', 'median error', 'stages', 'time', 'confirmed', 'confirmed 2 % beyond the edge'],
    rows,
  };
}

/** Several thresholds in one search: how well the edges that lie above the first are known. */
function goals(): Table {
  const others = [1.3, 1.8];
  const rows = [290, 420, 600].map((budgetSeconds) => {
    const trials = Array.from({ length: TRIALS }, (_, at) => {
      const random = randomNumbers(at * 7919 + 1);
      const edge = edgeFrom(random);
      return { edge, ...playSearch({ edge, others, latencyNoise: 0.1, capacityNoise: 0.02 }, settings(budgetSeconds), random) };
    });
    return [`${budgetSeconds} s`, ...[1, ...others].flatMap((factor, goal) => {
      const share = (isMeant: (found: EdgeBelief, edge: number) => boolean): string => `${Math.round((100 * trials.filter(({ goals: all, edge }) => all[goal] !== undefined && isMeant(all[goal], edge * factor)).length) / TRIALS)} %`;
      return [share(({ isBracketed }) => isBracketed), share(({ isBracketed, mid }, edge) => isBracketed && Math.abs(mid / edge - 1) <= 0.1), share(({ isBracketed, low, high }, edge) => !isBracketed || (low <= edge && edge <= high))];
    })];
  });
  return {
    title: 'Three thresholds, the second 30 % and the third 80 % above the first; latency wanders by 10 %, capacity by 2 %',
    head: ['time', ...['first', 'second', 'third'].flatMap((name) => [`${name}: seen from both sides`, 'within ±10 %', 'not missed by its interval'])],
    rows,
  };
}

const settings = (budgetSeconds: number): Parameters<typeof playSearch>[1] => ({ startLoad: START_LOAD, leastLoad: 0.5, mostLoad: Infinity, budgetSeconds, confirmSeconds: (load) => Math.max(20, PROOF / load) + AROUND_SECONDS });

const ours: Search = (target, random) => {
  const { low, mid, high, stages, seconds } = playSearch(target, settings(BUDGET_SECONDS), random);
  return { low, mid, high, stages: stages.length, seconds, confirmed: confirmedLoad(stages) };
};

/** Doubling, then halving, as it is done by hand: one stage of 15 s a load, its percentile against the limit. */
const halving: Search = (target, random) => {
  const world = makeWorld(target, random);
  let [low, high, load, stages, seconds] = [0, Infinity, START_LOAD, 0, 0];
  while (seconds + 15 + AROUND_SECONDS <= BUDGET_SECONDS && high / Math.max(low, 1e-9) > 1.05) {
    if (trial(world, load, 15)) low = load; else high = load;
    [stages, seconds] = [stages + 1, seconds + 15 + AROUND_SECONDS];
    load = high === Infinity ? low * 2 : low === 0 ? high / 2 : Math.sqrt(low * high);
  }
  return { low, high, mid: Math.sqrt(Math.max(low, 1e-9) * (high === Infinity ? low * 2 : high)), stages, seconds, confirmed: null };
};

/**
 * As MLRsearch classifies a load (draft-ietf-bmwg-mlrsearch): by the sums of good and bad trial time there. A lower bound once half of the asked
 * time has been good, an upper one once half has been bad; then the middle of the tightest pair.
 */
const sumsOfDurations: Search = (target, random) => {
  const world = makeWorld(target, random);
  const [TRIAL, ASKED] = [10, 30];
  let [low, high, load, stages, seconds] = [0, Infinity, START_LOAD, 0, 0];
  while (high / Math.max(low, 1e-9) > 1.05) {
    let [good, bad] = [0, 0];
    while (good < ASKED / 2 && bad < ASKED / 2 && seconds + TRIAL + AROUND_SECONDS <= BUDGET_SECONDS) {
      if (trial(world, load, TRIAL)) good += TRIAL; else bad += TRIAL;
      [stages, seconds] = [stages + 1, seconds + TRIAL + AROUND_SECONDS];
    }
    if (good < ASKED / 2 && bad < ASKED / 2) break;
    if (good > bad) low = load; else high = load;
    load = high === Infinity ? low * 2 : low === 0 ? high / 2 : Math.sqrt(low * high);
  }
  return { low, high, mid: Math.sqrt(Math.max(low, 1e-9) * (high === Infinity ? low * 2 : high)), stages, seconds, confirmed: null };
};

/** Whether the percentile of so many seconds lies below the limit. */
function trial(world: World, load: number, seconds: number): boolean {
  world.pass(AROUND_SECONDS);
  let sum = 0;
  for (let second = 0; second < seconds; second += 1) sum += world.second(load)[0] ?? 0;
  return sum < 0;
}

function edgeFrom(random: () => number): number {
  return 60 * Math.exp(random() * Math.log(5));
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
