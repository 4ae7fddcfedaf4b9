/**
 * Every `of`-th of the rows from number `index` on, as often round as it takes until the same ones come again: 3 rows for 2 workers are
 * 0 2 1 for the first and 1 0 2 for the second.
 */
export function deal<T>(rows: readonly T[], index: number, of: number): T[] {
  const rounds = rows.length / greatestCommonDivisor(rows.length, of);
  return Array.from({ length: rounds }, (_, turn) => rows[(index + turn * of) % rows.length]).filter((row) => row !== undefined);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
