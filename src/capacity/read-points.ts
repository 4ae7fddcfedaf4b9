import { ScaleplanError } from '../errors.ts';
import type { LoadPoint } from '../stats/usl-law.ts';
import { csvRows, tooManyCells } from './csv-rows.ts';

/** Points of a CSV with a header that names `load` and `throughput`, in any order, beside any others. Throws `wrong-usage` with file:line. */
export function readPoints(file: string, text: string): readonly LoadPoint[] {
  const [header, ...body] = csvRows(text);
  if (header === undefined) throw wrong(file, 1, 'the file is empty', 'Give it a header and a row for each load: load,throughput.');
  const names = header.cells.map((cell) => cell.toLowerCase());
  const column = (name: string): number => {
    const at = names.indexOf(name);
    if (at < 0) throw wrong(file, header.line, `no column is called ${name}; there are ${columnsSaid(header.cells)}`, 'The header names the columns: load,throughput.');
    if (names.lastIndexOf(name) === at) return at;
    throw wrong(file, header.line, `two columns are called ${name}`, 'The header names each column once: load,throughput.');
  };
  const [load, throughput] = [column('load'), column('throughput')];
  return body.map((row) => {
    const fault = tooManyCells(row, header.cells.length);
    if (fault !== null) throw wrong(file, row.line, fault, HINT);
    const figure = (at: number, name: string): number => {
      const value = readFigure(row.cells[at] ?? '');
      if (value !== null) return value;
      throw wrong(file, row.line, `"${row.cells[at] ?? ''}" is no ${name}`, HINT);
    };
    return { load: figure(load, 'load'), throughput: figure(throughput, 'throughput') };
  });
}

const HINT = 'Write a number of 0 or more, with a point for its decimals, as in 1652.4.';

/** Of `1,652` nobody can say whether it is a thousand or one and a half; in `1,652.4` and `1,652,400` the comma can only group. */
function readFigure(text: string): number | null {
  const isGrouped = /^\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$/.test(text);
  const isPlain = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
  const value = isPlain || isGrouped ? Number(text.replaceAll(',', '')) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** What was given may be no CSV at all: names of a terminal's width, without what would move its cursor. */
function columnsSaid(cells: readonly string[]): string {
  const said = cells.join(', ').replaceAll(/[\p{Cc}\uFFFD]+/gu, ' ');
  return said.length > 80 ? `${said.slice(0, 80)}…` : said;
}

function wrong(file: string, line: number, message: string, hint: string): ScaleplanError {
  return new ScaleplanError('wrong-usage', `${file}:${line}: ${message}`, { hint, place: { file, line, column: 1 } });
}
