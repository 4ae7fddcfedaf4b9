import { ScaleplanError } from '../errors.ts';
import type { Day } from '../model/forecast.ts';
import { csvRows, tooManyCells } from './csv-rows.ts';
import { readDay } from './days.ts';

/** A reading of the number of users on a day. */
export interface UsersOnDay {
  readonly date: Day;
  readonly users: number;
}

/** Fewer points lie on any line. */
const FEWEST = 3;

/** Reads a table of `date,users` (also with `;` or tabs, with other columns beside them). Throws `wrong-usage` with every fault and its line. */
export function readUsers(file: string, text: string): readonly UsersOnDay[] {
  const rows = csvRows(text);
  const [head, ...rest] = rows;
  if (head === undefined) throw wrong(file, [{ line: 1, message: 'the file is empty' }]);
  const isHead = readDay(head.cells[0] ?? '') === null;
  const columns = isHead ? columnsOf(file, head.cells) : { date: 0, users: 1 };
  // Without a head the third cell is what a comma in a number has parted.
  const width = isHead ? head.cells.length : 2;
  const faults: { line: number; message: string }[] = [];
  const seen = new Set<Day>();
  const readings = (isHead ? rest : rows).flatMap((whole): UsersOnDay[] => {
    const { line, cells: row } = whole;
    const tooMany = tooManyCells(whole, width);
    if (tooMany !== null) {
      faults.push({ line, message: tooMany });
      return [];
    }
    const [written = '', figure = ''] = [row[columns.date], row[columns.users]];
    const [date, users] = [readDay(written), readCount(figure)];
    if (date === null) faults.push({ line, message: `expected a day such as 2026-01-31, got "${written}"` });
    if (users === null) faults.push({ line, message: `expected a number of users such as 1200, got "${figure}"` });
    if (date !== null && seen.has(date)) faults.push({ line, message: `${date} stands here a second time` });
    if (date === null || users === null) return [];
    seen.add(date);
    return [{ date, users }];
  });
  if (faults.length > 0) throw wrong(file, faults);
  if (readings.length < FEWEST) throw wrong(file, [{ line: rows.at(-1)?.line ?? 1, message: `${readings.length} ${readings.length === 1 ? 'reading' : 'readings'}; a trend and its error need at least ${FEWEST}` }]);
  return readings.toSorted((a, b) => a.date.localeCompare(b.date));
}

function columnsOf(file: string, head: readonly string[]): { readonly date: number; readonly users: number } {
  const names = head.map((name) => name.toLowerCase());
  const [date, users] = [names.indexOf('date'), names.indexOf('users')];
  if (date < 0 || users < 0) throw wrong(file, [{ line: 1, message: `expected the columns date and users, got ${head.join(', ')}` }]);
  return { date, users };
}

/** `1,200` is a thousand here, for users are whole; `1.200` may be either. */
function readCount(text: string): number | null {
  return /^\d+(?:,\d{3})*(?:\.\d+)?$/.test(text) && !/^\d{1,3}\.\d{3}$/.test(text) ? Number(text.replaceAll(',', '')) : null;
}

function wrong(file: string, faults: readonly { readonly line: number; readonly message: string }[]): ScaleplanError {
  const shown = faults.slice(0, 20).map(({ line, message }) => `${file}:${line}:1  ${message}`);
  return new ScaleplanError('wrong-usage', shown.join('\n'), {
    hint: 'Write a line for each reading, as in 2026-01-31,1200, below the head date,users.', place: { file, line: faults[0]?.line ?? 1, column: 1 },
  });
}
