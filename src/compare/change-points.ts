import { seededUniform } from '../stats/random.ts';

export interface ChangePoint {
  /** Place of the first value of the new level. */
  readonly at: number;
  /** Probability of so clear a change in a series that has none. */
  readonly p: number;
}

/** With fewer values on a side nothing separates a level from an outlier. */
const LEAST_SIDE = 3;
const PERMUTATIONS = 999;
/** What Apache Otava, too, takes for its change points: one false mark in a hundred series. */
const LEVEL = 0.01;

/**
 * Where the level of a series changed, in order: E-divisive (Matteson & James 2014), which splits where the energy distance between
 * the two sides is largest and goes on within the parts, as long as random orders of the values hardly ever give so large a one.
 * It asks for no distribution and is what MongoDB found to serve for benchmark histories (Daly et al. 2020).
 */
export function changePoints(values: readonly number[]): ChangePoint[] {
  const uniform = seededUniform(values.length);
  const distances = Float64Array.from({ length: values.length ** 2 }, (_, at) => Math.abs((values[at % values.length] ?? 0) - (values[Math.floor(at / values.length)] ?? 0)));
  const energyOf = (parts: readonly (readonly number[])[]): Split | null => bestOf(parts, distances, values.length);
  const found: ChangePoint[] = [];
  // Every split needs a side of its own: the loop is bounded by the length.
  while (found.length < values.length) {
    const borders = [0, ...found.map(({ at }) => at).toSorted((a, b) => a - b), values.length];
    const parts = borders.slice(1).map((end, at) => Array.from({ length: end - (borders[at] ?? 0) }, (_, place) => (borders[at] ?? 0) + place));
    const best = energyOf(parts);
    if (best === null) break;
    let reached = 0;
    // Once too many orders reach it, the answer is known.
    for (let round = 0; round < PERMUTATIONS && reached < LEVEL * (PERMUTATIONS + 1); round += 1) {
      if ((energyOf(parts.map((part) => shuffle(part, uniform)))?.energy ?? 0) >= best.energy) reached += 1;
    }
    const p = (reached + 1) / (PERMUTATIONS + 1);
    if (p > LEVEL) break;
    found.push({ at: (borders[best.part] ?? 0) + best.at, p });
  }
  return found.toSorted((a, b) => a.at - b.at);
}

interface Split {
  readonly part: number;
  readonly at: number;
  readonly energy: number;
}

/** `parts` hold places of values; `distances` those of all pairs, row by row. */
function bestOf(parts: readonly (readonly number[])[], distances: Float64Array, size: number): Split | null {
  let best: Split | null = null;
  for (const [part, places] of parts.entries()) {
    const split = splitOf(places, (i, j) => distances[(places[i] ?? 0) * size + (places[j] ?? 0)] ?? 0);
    if (split !== null && (best === null || split.energy > best.energy)) best = { part, ...split };
  }
  return best;
}

/** The split with the largest energy distance, weighed by the sizes of its sides. */
function splitOf({ length: n }: readonly number[], distance: (i: number, j: number) => number): { at: number; energy: number } | null {
  if (n < 2 * LEAST_SIDE) return null;
  let [left, right, across] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) for (let j = 0; j < i; j += 1) right += distance(i, j);
  let best = { at: -1, energy: -Infinity };
  for (let at = 1; at <= n - LEAST_SIDE; at += 1) {
    // One value moves from the right side to the left.
    let [toLeft, toRight] = [0, 0];
    for (let j = 0; j < n; j += 1) {
      if (j < at - 1) toLeft += distance(at - 1, j);
      else toRight += distance(at - 1, j);
    }
    left += toLeft;
    right -= toRight;
    across += toRight - toLeft;
    if (at < LEAST_SIDE) continue;
    const [m, k] = [at, n - at];
    const energy = ((m * k) / (m + k)) * ((2 * across) / (m * k) - left / ((m * (m - 1)) / 2) - right / ((k * (k - 1)) / 2));
    if (energy > best.energy) best = { at, energy };
  }
  return best.at < 0 ? null : best;
}

/** Fisher and Yates. */
function shuffle(values: readonly number[], uniform: () => number): number[] {
  const mixed = [...values];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(uniform() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] ?? 0, mixed[at] ?? 0];
  }
  return mixed;
}
