import { solveLinear } from './linear.ts';

/** Some seconds: the work they brought, and how many requests of each kind. */
export interface MixedWork {
  readonly work: number;
  readonly counts: readonly number[];
}

/** All kinds are taken to cost alike as firmly as this many such readings would say. */
const FIRMNESS = 2;

/**
 * A short run has some journeys more often than its scenario asks for, others less; where they cost a resource unlike, its service demand is off by as
 * much. How much more or less than the mean each kind costs is found by regression over the seconds of all stages, each beside its own mean (ridge,
 * towards equal costs), and what the mix of a second has added by that is taken from it: a control variate (Lavenberg & Welch 1981, Management Science
 * 27:322). `shares` are those of all requests, in the order of the counts; `scatter` is what is left unexplained, in server-seconds a second. Null for
 * too few seconds.
 */
export function atMixAsked<Second extends MixedWork>(stages: readonly (readonly Second[])[], shares: readonly number[]): { readonly stages: (Second & { readonly workAtMix: number })[][]; readonly scatter: number } | null {
  const kinds = shares.length;
  const readings = stages.flatMap((stage) => besideItsMean(stage));
  const weight = shares.reduce((sum, one) => sum + one, 0);
  if (readings.length < kinds + 4 || !(weight > 0)) return null;
  const more = ridge(readings, kinds);
  if (more === null) return null;
  const extra = (counts: readonly number[]): number => counts.reduce((sum, count, kind) => sum + count * (more[kind] ?? 0), 0);
  const asked = extra(shares) / weight;
  const left = readings.reduce((sum, { left: all, counts }) => sum + (all - extra(counts)) ** 2, 0);
  return {
    stages: stages.map((stage) => stage.map((one) => ({ ...one, workAtMix: one.work - extra(one.counts) + asked * requestsIn(one) }))),
    scatter: Math.sqrt(left / (readings.length - kinds)),
  };
}

/** What the work of each second is beyond its requests at the mean cost of their stage. */
function besideItsMean(stage: readonly MixedWork[]): { readonly left: number; readonly counts: readonly number[] }[] {
  const requests = stage.reduce((sum, one) => sum + requestsIn(one), 0);
  if (requests === 0) return [];
  const level = stage.reduce((sum, { work }) => sum + work, 0) / requests;
  return stage.map((one) => ({ left: one.work - level * requestsIn(one), counts: one.counts }));
}

function requestsIn({ counts }: MixedWork): number {
  return counts.reduce((sum, one) => sum + one, 0);
}

function ridge(readings: readonly { readonly left: number; readonly counts: readonly number[] }[], kinds: number): number[] | null {
  const sum = (of: (reading: (typeof readings)[number]) => number): number => readings.reduce((total, reading) => total + of(reading), 0);
  const matrix = Array.from({ length: kinds }, (_, i) => Array.from({ length: kinds }, (__, j) => {
    const shared = sum(({ counts }) => (counts[i] ?? 0) * (counts[j] ?? 0));
    return i === j ? shared * (1 + FIRMNESS / readings.length) + 1e-9 : shared;
  }));
  return solveLinear(matrix, Array.from({ length: kinds }, (_, i) => sum(({ counts, left }) => (counts[i] ?? 0) * left)));
}
