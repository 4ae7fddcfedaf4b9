import { ScaleplanError } from '../errors.ts';
import type { LoadPoint } from '../stats/usl.ts';

/** Points of a CSV with a header that names `load` and `throughput`, in any order, beside any others. Throws `wrong-usage` with file:line. */
export function readPoints(file: string, text: string): readonly LoadPoint[] {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/).map((line, at) => ({ line: at + 1, cells: line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')) })).filter(({ cells }) => cells.join('') !== '');
  const [header, ...body] = rows;
  if (header === undefined) throw wrong(file, 1, 'the file is empty', 'Give it a header and a row for each load: load,throughput.');
  const column = (name: string): number => {
    const at = header.cells.findIndex((cell) => cell.toLowerCase() === name);
    if (at >= 0) return at;
    throw wrong(file, header.line, `no column is called ${name}; there are ${columnsSaid(header.cells)}`, 'The header names the columns: load,throughput.');
  };
  const [load, throughput] = [column('load'), column('throughput')];
  return body.map(({ line, cells }) => {
    const figure = (at: number, name: string): number => {
      const value = cells[at] === undefined || cells[at] === '' ? Number.NaN : Number(cells[at]);
      if (value >= 0 && Number.isFinite(value)) return value;
      throw wrong(file, line, `"${cells[at] ?? ''}" is no ${name}`, 'Write a number of 0 or more, with a point for its decimals.');
    };
    return { load: figure(load, 'load'), throughput: figure(throughput, 'throughput') };
  });
}

/** What was given may be no CSV at all: names of a terminal's width, without what would move its cursor. */
function columnsSaid(cells: readonly string[]): string {
  const said = cells.join(', ').replaceAll(/[\p{Cc}\uFFFD]+/gu, ' ');
  return said.length > 80 ? `${said.slice(0, 80)}…` : said;
}

function wrong(file: string, line: number, message: string, hint: string): ScaleplanError {
  return new ScaleplanError('wrong-usage', `${file}:${line}: ${message}`, { hint, place: { file, line, column: 1 } });
}
