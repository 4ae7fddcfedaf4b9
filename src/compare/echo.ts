/**
 * How the noise of a figure went in each run (or bootstrap draw), as a vector of length 1: the product of two such vectors is the
 * correlation of the two figures' noise. Null where there is nothing in it.
 */
export function echoOf(values: readonly number[]): readonly number[] | null {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length > 1e-12 ? values.map((value) => value / length) : null;
}

/** Vectors with the same products as these, but no longer than there are vectors (Cholesky): hundreds of draws then cost as little as a few. */
export function shortEchoes(echoes: readonly (readonly number[] | null)[]): (readonly number[] | null)[] {
  const known = echoes.filter((echo) => echo !== null);
  if ((known[0]?.length ?? 0) <= known.length) return [...echoes];
  const rows: number[][] = [];
  for (const echo of known) {
    const row: number[] = [];
    for (const [at, other] of rows.entries()) {
      const pivot = other[at] ?? 0;
      // What depends on the others alone has no part of its own.
      row.push(pivot < 1e-9 ? 0 : (dot(echo, known[at] ?? []) - dot(row, other)) / pivot);
    }
    row.push(Math.sqrt(Math.max(0, 1 - dot(row, row))));
    rows.push(row);
  }
  let place = 0;
  return echoes.map((echo) => (echo === null ? null : (rows[place++] ?? null)));
}

function dot(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
