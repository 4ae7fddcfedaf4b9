/** Two things measured in turn, so that a drift of the machine falls on both: A B B A … */
import { busyShare, cpuTimes } from './machine.ts';
import { keepResults, readResults, today, type Result } from './results.ts';
import { median } from './table.ts';

/** The word that adds pairs to those made before, in place of beginning anew. */
export const MORE = 'more';

/** Of each pair both figures, in the order in which the pairs were made. */
export interface Pairs extends Result {
  readonly bare: readonly number[];
  readonly ours: readonly number[];
  /** Share of the CPUs that was busy meanwhile. */
  readonly busy: number;
}

export interface PairOptions {
  readonly key: string;
  /** An even number leaves neither side more often the first. */
  readonly rounds: number;
  readonly pieces: readonly string[];
  readonly bare: () => Promise<number>;
  readonly ours: () => Promise<number>;
}

/** Every pair is kept as soon as it is made. */
export async function measurePairs(bench: string, { key, rounds, pieces, ...sides }: PairOptions): Promise<void> {
  const earlier = pieces.includes(MORE) ? (await readResults<Pairs>(bench)).find((one) => one.key === key) : undefined;
  const [bare, ours] = [[...(earlier?.bare ?? [])], [...(earlier?.ours ?? [])]];
  const marks = [cpuTimes()];
  for (let round = 0; round < rounds; round += 1) {
    const isBareFirst = round % 2 === 0;
    const first = await (isBareFirst ? sides.bare() : sides.ours());
    const second = await (isBareFirst ? sides.ours() : sides.bare());
    bare.push(isBareFirst ? first : second);
    ours.push(isBareFirst ? second : first);
    console.error(`${key}: bare ${bare.at(-1)?.toFixed(2)}, scaleplan ${ours.at(-1)?.toFixed(2)}`);
    await keepResults<Pairs>(bench, [{ key, day: today(), bare, ours, busy: busyShare([...marks, cpuTimes()]) }]);
  }
}

/** Ours against bare, pair by pair. */
export function ratiosOf({ bare, ours }: Pairs): readonly number[] {
  return ours.map((one, at) => one / (bare[at] ?? Number.NaN));
}

/** Median, the middle half, and the number of pairs, of ratios or what is made of them. */
export function sayPairs(values: readonly number[], say: (value: number) => string): readonly [median: string, spread: string] {
  const sorted = [...values].sort((a, b) => a - b);
  const quarter = (share: number): string => say(sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN);
  return [say(median(values)), `${quarter(0.25)} … ${quarter(0.75)} (all: ${quarter(0)} … ${quarter(1)}; ${sorted.length} pairs)`];
}
