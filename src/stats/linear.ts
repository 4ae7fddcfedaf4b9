/** Solves a system of linear equations by Gauss with pivots; null where it is singular. */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const pivot = rows.slice(column).reduce((best, row, at) => (Math.abs(row[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0) ? at + column : best), column);
    const chosen = rows[pivot];
    if (chosen === undefined || !(Math.abs(chosen[column] ?? 0) > 1e-12)) return null;
    [rows[column], rows[pivot]] = [chosen, rows[column] ?? chosen];
    for (const [at, row] of rows.entries()) {
      if (at === column) continue;
      const share = (row[column] ?? 0) / (chosen[column] ?? 1);
      for (let cell = column; cell <= size; cell += 1) row[cell] = (row[cell] ?? 0) - share * (chosen[cell] ?? 0);
    }
  }
  return rows.map((row, at) => (row[size] ?? 0) / (row[at] ?? 1));
}
