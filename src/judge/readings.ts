/**
 * Seconds that were read, put together so that each group holds one reading: one that is told of three seconds is one look at the server, and
 * three equal values of it prove no more than one. What is left over at the end goes with the last group. Each second alone where `spans` is null.
 */
export function groupsOfReadings(values: readonly number[], spans: readonly number[] | null): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let [group, share]: [number[], number] = [[], 0];
  for (const [at, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    group.push(at);
    share += 1 / (spans?.[at] ?? 1);
    if (share < 1 - ROUNDING) continue;
    groups.push(group);
    [group, share] = [[], share - 1];
  }
  const last = groups.at(-1);
  if (last === undefined) return group.length === 0 ? [] : [group];
  last.push(...group);
  return groups;
}

/** Three thirds are one. */
const ROUNDING = 1e-6;

/** A column of seconds, added up by those groups. */
export function sumsOf(groups: readonly (readonly number[])[], valueAt: (second: number) => number): number[] {
  return groups.map((group) => group.reduce((sum, second) => sum + valueAt(second), 0));
}
