/** One line of a table and its cells, without quotes. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows of a table that are not empty. One separator, which the first of them shows, separates all: a comma inside a cell of `;` is of its number. */
export function csvRows(text: string): readonly CsvRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const separator = separatorOf(lines.find((line) => line.trim() !== '') ?? '');
  // Cells may stand in double quotes, as spreadsheets write `"1,200"`.
  const cell = new RegExp(` *"((?:[^"]|"")*)" *(?=${separator}|$)|([^${separator}]*)`, 'y');
  return lines.map((line, at) => ({ line: at + 1, cells: cellsOf(line, cell) })).filter(({ cells }) => cells.some((one) => one !== ''));
}

/** What a row has beyond its columns, as a fault; null where it has none. Empty cells at the end are no more than a spreadsheet's habit. */
export function tooManyCells({ cells }: CsvRow, columns: number): string | null {
  const last = cells.findLastIndex((cell) => cell !== '');
  return last < columns ? null : `${last + 1} cells for ${columns} columns; a number is written without the sign that separates them, or in quotes`;
}

function separatorOf(head: string): string {
  const bare = head.replaceAll(/"(?:[^"]|"")*"/g, '');
  return [',', ';', '\t'].find((one) => bare.includes(one)) ?? ',';
}

function cellsOf(line: string, cell: RegExp): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length;) {
    cell.lastIndex = at;
    const found = cell.exec(line);
    cells.push((found?.[1]?.replaceAll('""', '"') ?? found?.[2] ?? '').trim());
    at += (found?.[0].length ?? 0) + 1;
  }
  return cells;
}
