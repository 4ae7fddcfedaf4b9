import { inverseIncompleteBeta } from '../stats/beta.ts';
import { shortEchoes } from './echo.ts';
import { seededNormal } from '../stats/random.ts';

/** One question of the family: is this figure of this journey worse? */
export interface FamilyTest {
  /** One-sided probability of the observation on its own, were nothing changed. */
  readonly p: number;
  /** How the noise of this figure went in each run (or draw), of length 1 as a vector: noise that hits all figures alike shows here. Null: unknown. */
  readonly echo: readonly number[] | null;
}

export interface FamilyNoise {
  /** Degrees of freedom of the standard errors. */
  readonly freedom: number;
  /** 0 … 1: how far the echoes are trusted to show what the figures have in common. */
  readonly common: number;
}

/** Steps of a probability of 1 in 20,000: a hundredth has ± 7 % of itself. */
const DRAWS = 20_000;

/**
 * Probability of each observation, or a clearer one, *anywhere* in the family, were nothing changed: the step-down maximum of
 * Westfall & Young (1993, 2.8), its distribution drawn from a multivariate Student t whose correlations are those of the runs’
 * residuals (Hothorn, Bretz & Westfall 2008). Unlike Holm’s rule it does not charge five times for five figures that the same
 * noise moves together.
 */
export function familyWise(tests: readonly FamilyTest[], { freedom, common }: FamilyNoise, draws: number = DRAWS): number[] {
  if (tests.length === 0) return [];
  const echoes = shortEchoes(tests.map(({ echo }) => echo));
  const order = tests.map((test, at) => ({ at, limit: limitOf(test.p, freedom), echo: echoes[at] ?? null })).toSorted((a, b) => b.limit - a.limit);
  const normal = seededNormal(20_051);
  const rows = Math.max(0, ...echoes.map((echo) => echo?.length ?? 0));
  const reached = new Float64Array(order.length);
  const moves = new Float64Array(rows);
  const [shared, own] = [Math.sqrt(common), Math.sqrt(1 - common)];
  for (let draw = 0; draw < draws; draw += 1) {
    for (let row = 0; row < rows; row += 1) moves[row] = normal();
    const scale = deviation(normal, freedom);
    let largest = -Infinity;
    // From the least clear on: each is held against the largest of itself and all that are less clear.
    for (let at = order.length - 1; at >= 0; at -= 1) {
      const one = order[at];
      if (one === undefined) continue;
      const z = one.echo === null ? normal() : shared * dot(one.echo, moves) + (own > 0 ? own * normal() : 0);
      largest = Math.max(largest, z / scale);
      if (largest >= one.limit) reached[at] = (reached[at] ?? 0) + 1;
    }
  }
  const adjusted = tests.map(() => 1);
  let most = 0;
  for (const [place, { at }] of order.entries()) {
    most = Math.max(most, ((reached[place] ?? 0) + 1) / (draws + 1));
    adjusted[at] = Math.max(most, tests[at]?.p ?? 0);
  }
  return adjusted;
}

/** The t that is exceeded with this probability. */
function limitOf(p: number, freedom: number): number {
  const x = inverseIncompleteBeta(Math.min(1, 2 * Math.min(p, 1 - p)), freedom / 2, 0.5);
  const size = Math.sqrt((freedom * (1 - x)) / x);
  return p <= 0.5 ? size : -size;
}

/** More make no difference that anybody could see. */
const MOST_FREEDOM = 60;

/** A standard deviation estimated with so many degrees of freedom where the true one is 1. */
function deviation(normal: () => number, freedom: number): number {
  const count = Math.max(1, Math.floor(freedom));
  if (count >= MOST_FREEDOM) return 1;
  let squares = 0;
  for (let at = 0; at < count; at += 1) squares += normal() ** 2;
  return Math.sqrt(squares / count);
}

function dot(echo: readonly number[], moves: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < echo.length; at += 1) sum += (echo[at] ?? 0) * (moves[at] ?? 0);
  return sum;
}
