/** RFC 4180 as a reader of its own, so that what we write is not read by what wrote it. */
export function parseCsv(text: string): Record<string, string>[] {
  const [head = [], ...rows] = records(text);
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])));
}

function records(text: string): string[][] {
  const all: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) throw new Error(`not RFC 4180 at ${row.join(',')}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',') continue;
    all.push(row);
    row = [];
  }
  return all;
}
