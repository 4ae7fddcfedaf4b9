import type { Look } from './focus.ts';

/** Readings come once a second: what began less than two of them apart began at the same time. */
const APART_SECONDS = 2;

/**
 * The surest first, unless several are named and it is known which began first: then by their beginnings, for the first may be the cause
 * of the others. Not where one of them was read every fifteen seconds: its beginning lies anywhere in between.
 */
export function inOrder(looks: readonly Look[]): { readonly looks: readonly Look[]; readonly isByOnset: boolean } {
  const byConfidence = looks.toSorted((a, b) => b.confidence - a.confidence);
  if (looks.length < 2 || !looks.every(isDated)) return { looks: byConfidence, isByOnset: false };
  const groups: Look[][] = [];
  for (const look of byConfidence.toSorted((a, b) => secondOf(a) - secondOf(b))) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && secondOf(look) - secondOf(group[0]) < APART_SECONDS) group.push(look);
    else groups.push([look]);
  }
  return { looks: groups.flatMap((group) => group.toSorted((a, b) => b.confidence - a.confidence)), isByOnset: groups.length > 1 };
}

function isDated({ finding }: Look): boolean {
  return finding.status === 'judged' && finding.onset !== null && finding.onset.resolutionSeconds <= APART_SECONDS;
}

function secondOf({ finding }: Look): number {
  return finding.status === 'judged' ? (finding.onset?.second ?? Infinity) : Infinity;
}
