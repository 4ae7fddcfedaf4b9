import type { Look } from './focus.ts';

/** Readings come once a second: what began less than two of them apart began at the same time. Of what is read every other second, less than three. */
const APART_SECONDS = 2;

/**
 * The surest first, unless several are named and it is known which began first: then by their beginnings, for the first may be the cause
 * of the others. Not where one of them was read every fifteen seconds: its beginning lies anywhere in between.
 */
export function inOrder(looks: readonly Look[]): { readonly looks: readonly Look[]; readonly isByOnset: boolean } {
  const byConfidence = looks.toSorted((a, b) => b.confidence - a.confidence);
  if (looks.length < 2 || !looks.every((look) => resolutionOf(look) <= APART_SECONDS)) return { looks: byConfidence, isByOnset: false };
  const groups: Look[][] = [];
  for (const look of byConfidence.toSorted((a, b) => secondOf(a) - secondOf(b))) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && secondOf(look) - secondOf(group[0]) < Math.max(APART_SECONDS, 1 + resolutionOf(look), 1 + resolutionOf(group[0]))) group.push(look);
    else groups.push([look]);
  }
  return { looks: groups.flatMap((group) => group.toSorted((a, b) => b.confidence - a.confidence)), isByOnset: groups.length > 1 };
}

function resolutionOf({ finding }: Look): number {
  return finding.status === 'judged' ? (finding.onset?.resolutionSeconds ?? Infinity) : Infinity;
}

function secondOf({ finding }: Look): number {
  return finding.status === 'judged' ? (finding.onset?.second ?? Infinity) : Infinity;
}
