/** Uniform numbers in [0, 1) that are the same in every run. */
export { seededUniform as randomNumbers } from '../../src/stats/random.ts';

/** Standard normal numbers by Box and Muller. */
export function normalNumbers(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
