import { solveLinear } from './linear.ts';

/** Some seconds: the work they brought, and how many requests of each kind. */
export interface MixedWork {
  readonly work: number;
  readonly counts: readonly number[];
}

/** What the mix that is asked for costs a request, against the mix that came by chance. */
export interface MixCost {
  /** Cost at the mix that is asked for ÷ cost at the mix that came. */
  readonly factor: number;
  /** Scatter of the work that the counts of each kind leave unexplained, as a standard error of the mean cost, relative. */
  readonly error: number;
}

/** Work of a request that ends in the next second must not look like another's: two seconds at a time. */
const TOGETHER = 1;
/** All kinds are taken to cost alike as firmly as this many such readings would say. */
const FIRMNESS = 2;

/**
 * A short run has some journeys more often than its scenario asks for, others less; where they cost a resource unlike, its service demand is off by as
 * much. What each kind costs is found by regression (ridge, towards equal costs), and the demand is moved to the mix that is asked for: a control
 * variate (Lavenberg & Welch 1981, Management Science 27:322). `shares` are those of all requests, in the order of the counts. Null for too few seconds.
 */
export function mixCostOf(seconds: readonly MixedWork[], shares: readonly number[]): MixCost | null {
  const readings = together(seconds);
  const kinds = shares.length;
  if (readings.length < kinds + 4) return null;
  const totals = shares.map((_, kind) => readings.reduce((sum, { counts }) => sum + (counts[kind] ?? 0), 0));
  const requests = totals.reduce((sum, one) => sum + one, 0);
  const work = readings.reduce((sum, one) => sum + one.work, 0);
  const weight = shares.reduce((sum, one) => sum + one, 0);
  if (!(requests > 0 && work > 0 && weight > 0)) return null;
  const level = work / requests;
  const costs = ridge(readings.map(({ work: done, counts }) => ({ left: done - level * counts.reduce((sum, one) => sum + one, 0), counts })), kinds)?.map((more) => level + more);
  if (costs === undefined) return null;
  const came = costs.reduce((sum, cost, kind) => sum + (cost * (totals[kind] ?? 0)) / requests, 0);
  const asked = costs.reduce((sum, cost, kind) => sum + (cost * (shares[kind] ?? 0)) / weight, 0);
  const residual = readings.reduce((sum, { work: done, counts }) => sum + (done - counts.reduce((total, count, kind) => total + count * (costs[kind] ?? 0), 0)) ** 2, 0) / (readings.length - kinds);
  return came > 0 && asked > 0 ? { factor: asked / came, error: Math.sqrt(residual * readings.length) / work } : null;
}

function together(seconds: readonly MixedWork[]): MixedWork[] {
  return Array.from({ length: Math.floor(seconds.length / TOGETHER) }, (_, at) => seconds.slice(at * TOGETHER, (at + 1) * TOGETHER)).map((group) => ({
    work: group.reduce((sum, { work }) => sum + work, 0),
    counts: (group[0]?.counts ?? []).map((_, kind) => group.reduce((sum, { counts }) => sum + (counts[kind] ?? 0), 0)),
  }));
}

function ridge(readings: readonly { readonly left: number; readonly counts: readonly number[] }[], kinds: number): number[] | null {
  const sum = (of: (reading: (typeof readings)[number]) => number): number => readings.reduce((total, reading) => total + of(reading), 0);
  const matrix = Array.from({ length: kinds }, (_, i) => Array.from({ length: kinds }, (__, j) => {
    const shared = sum(({ counts }) => (counts[i] ?? 0) * (counts[j] ?? 0));
    return i === j ? shared * (1 + FIRMNESS / readings.length) + 1e-9 : shared;
  }));
  return solveLinear(matrix, Array.from({ length: kinds }, (_, i) => sum(({ counts, left }) => (counts[i] ?? 0) * left)));
}
