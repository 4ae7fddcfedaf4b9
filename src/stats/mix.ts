import { solveLinear } from './linear.ts';

/** Some seconds: the work they brought, and how many requests of each kind. */
export interface MixedWork {
  readonly work: number;
  readonly counts: readonly number[];
}

/** Of each second of each stage the work that its mix added to what the mix asked for would have brought, and the scatter that is left (server-seconds a second). */
export interface MixedAway {
  readonly added: readonly (readonly number[])[];
  readonly scatter: number;
}

/** All kinds are taken to cost alike as firmly as this many such readings would say. */
const FIRMNESS = 2;

/**
 * A short run has some journeys more often than its scenario asks for, others less; where they cost a resource unlike, its service demand is off by as
 * much. How much more or less than the mean each kind costs is found by regression over the seconds of all stages, each beside its own mean (ridge,
 * towards equal costs), and what the mix of a second has added by that is told: a control variate (Lavenberg & Welch 1981, Management Science 27:322).
 * `shares` are those of all requests, in the order of the counts. Null for too few seconds.
 */
export function mixedAway(stages: readonly (readonly MixedWork[])[], shares: readonly number[]): MixedAway | null {
  const kinds = shares.length;
  const readings = stages.flatMap((stage) => besideItsMean(stage));
  const weight = shares.reduce((sum, one) => sum + one, 0);
  if (readings.length < kinds + 4 || !(weight > 0)) return null;
  const more = ridge(readings, kinds);
  if (more === null) return null;
  const added = stages.map((stage) => stage.map(({ counts }) => {
    const requests = counts.reduce((sum, one) => sum + one, 0);
    return counts.reduce((sum, count, kind) => sum + (more[kind] ?? 0) * (count - (requests * (shares[kind] ?? 0)) / weight), 0);
  }));
  const left = readings.reduce((sum, { left: all, counts }) => sum + (all - counts.reduce((total, count, kind) => total + count * (more[kind] ?? 0), 0)) ** 2, 0);
  return { added, scatter: Math.sqrt(left / (readings.length - kinds)) };
}

/** What the work of each second is beyond its requests at the mean cost of their stage. */
function besideItsMean(stage: readonly MixedWork[]): { readonly left: number; readonly counts: readonly number[] }[] {
  const requests = stage.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
  if (requests === 0) return [];
  const level = stage.reduce((sum, { work }) => sum + work, 0) / requests;
  return stage.map(({ work, counts }) => ({ left: work - level * counts.reduce((sum, one) => sum + one, 0), counts }));
}

function ridge(readings: readonly { readonly left: number; readonly counts: readonly number[] }[], kinds: number): number[] | null {
  const sum = (of: (reading: (typeof readings)[number]) => number): number => readings.reduce((total, reading) => total + of(reading), 0);
  const matrix = Array.from({ length: kinds }, (_, i) => Array.from({ length: kinds }, (__, j) => {
    const shared = sum(({ counts }) => (counts[i] ?? 0) * (counts[j] ?? 0));
    return i === j ? shared * (1 + FIRMNESS / readings.length) + 1e-9 : shared;
  }));
  return solveLinear(matrix, Array.from({ length: kinds }, (_, i) => sum(({ counts, left }) => (counts[i] ?? 0) * left)));
}
