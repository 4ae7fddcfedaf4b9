import { normalBelow } from '../stats/normal.ts';

/** What one stage says of one question, at its load: has it broken? */
export interface Look {
  readonly load: number;
  /** 0 … 1; near one half the stage could not tell. */
  readonly breakChance: number;
}

/** Where the edge lies: bounds of 90 % (each end is missed with 5 %) and its middle, in the unit of the loads. */
export interface EdgeBelief {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** Looks on either side: an edge that was seen from one side alone is bounded there alone. */
  readonly isBracketed: boolean;
}

/**
 * How sharply the outcome turns from holding to breaking around the edge, as a standard deviation of ln(load): what the noise from
 * one stage to the next comes to. It is not known, so it is learnt together with the edge; before any stage, as likely as the second
 * figure says: repeated searches of one target on one machine differ by a few percent, seldom by more.
 */
const SPREADS = [[0.02, 0.4], [0.04, 0.35], [0.08, 0.2], [0.14, 0.05]] as const;
/** A stage far below the edge that breaks: a pause, a neighbour on the machine. It happens; one that is certain must not exist. */
const FALSE_BREAK = 0.04;
/** A stage far above the edge that holds: an overload does not wait to be seen. */
const FALSE_HOLD = 0.005;
/** Steps of one percent; quantiles are read between them. */
const STEP = 0.01;

/**
 * The belief about the edge after these looks, beginning with no preference between `least` and `most`: Bayes' rule over a grid of edges and
 * spreads, the psychometric method of Watson & Pelli (1983, QUEST) and Kontsevich & Tyler (1999, Ψ). Every stage counts, none is
 * believed alone, and a stage that could not tell weighs as little as it said.
 */
export function believe(looks: readonly Look[], range: { readonly least: number; readonly most: number }): EdgeBelief {
  const from = Math.log(range.least);
  const size = Math.max(2, Math.ceil((Math.log(range.most) - from) / STEP) + 1);
  const weights = new Float64Array(size);
  for (const [spread, likely] of SPREADS) addSpread(weights, looks, from, spread, likely);
  const isBracketed = looks.some(({ breakChance }) => breakChance > 0.5) && looks.some(({ breakChance }) => breakChance < 0.5);
  const at = quantilesOf(weights, from);
  return { low: at(0.05), mid: at(0.5), high: at(0.95), isBracketed };
}

function addSpread(weights: Float64Array, looks: readonly Look[], from: number, spread: number, likely: number): void {
  const likelihoods = new Float64Array(weights.length).fill(likely);
  for (const { load, breakChance } of looks) {
    const at = Math.log(load) - from;
    for (let cell = 0; cell < likelihoods.length; cell += 1) {
      const broken = FALSE_BREAK + (1 - FALSE_BREAK - FALSE_HOLD) * normalBelow((at - cell * STEP) / spread);
      likelihoods[cell] = (likelihoods[cell] ?? 0) * (breakChance * broken + (1 - breakChance) * (1 - broken));
    }
  }
  for (const [cell, likelihood] of likelihoods.entries()) weights[cell] = (weights[cell] ?? 0) + likelihood;
}

function quantilesOf(weights: Float64Array, from: number): (share: number) => number {
  const total = weights.reduce((sum, one) => sum + one, 0);
  return (share) => {
    let passed = 0;
    for (const [cell, weight] of weights.entries()) {
      if (passed + weight >= share * total && weight > 0) return Math.exp(from + (cell - 0.5 + (share * total - passed) / weight) * STEP);
      passed += weight;
    }
    return Math.exp(from + (weights.length - 1) * STEP);
  };
}
