import { seededUniform } from '../stats/random.ts';

/**
 * Seconds drawn anew in blocks of neighbours, so that a slow second keeps the slow ones beside it (Künsch 1989), round the end as
 * though the run were a ring (Politis & Romano 1992), so that the first and last second count as often as any other.
 */
export function* blockDraws(seconds: number, blockSeconds: number, draws: number, seed: number): Generator<Uint32Array> {
  const uniform = seededUniform(seed);
  const chosen = new Uint32Array(seconds);
  for (let draw = 0; draw < draws; draw += 1) {
    for (let at = 0; at < seconds; at += blockSeconds) {
      const start = Math.floor(uniform() * seconds);
      for (let step = 0; step < blockSeconds && at + step < seconds; step += 1) chosen[at + step] = (start + step) % seconds;
    }
    yield chosen;
  }
}

/** A block is never shorter than this: the queue of one slow second is the next one's. */
const LEAST_BLOCK = 3;
/** Fewer blocks than this are no sample of anything. */
const FEWEST_BLOCKS = 8;

/**
 * Length of the blocks for a series in which each value inherits a part ρ of the last one: (√6·ρ ÷ (1 − ρ²))^⅔ · n^⅓, which makes
 * the error of the estimated variance smallest (Carlstein 1986).
 */
export function blockLength(values: readonly number[]): number {
  const n = values.length;
  const rho = Math.min(0.95, Math.max(0, lagOne(values)));
  const best = ((Math.sqrt(6) * rho) / (1 - rho * rho)) ** (2 / 3) * n ** (1 / 3);
  return Math.max(1, Math.min(Math.max(LEAST_BLOCK, Math.round(best)), Math.floor(n / FEWEST_BLOCKS)));
}

function lagOne(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [own, neighbour] = [0, 0];
  for (const [at, value] of values.entries()) {
    own += (value - mean) ** 2;
    if (at > 0) neighbour += (value - mean) * ((values[at - 1] ?? mean) - mean);
  }
  if (own === 0) return 0;
  const measured = neighbour / own;
  // A short series shows less of it than there is (Kendall 1954).
  return measured + (1 + 4 * measured) / values.length;
}
