import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import type { Payload } from '../model/scenario.ts';
import type { Fault } from '../yaml/check.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Cursor } from './cursor.ts';
import { parseCsv } from './variables.ts';

const KEYS = { read: ['path', 'fields', 'order', 'skipHeader', 'delimiter'], beyond: ['name', 'loadAll', 'cast', 'skipEmptyLines', 'options'], of: 'payload' };

/** `config.payload`: one CSV file or several, paths relative to the script as artillery has it. */
export function readPayloads(payload: Cursor, file: string, expand: (text: string) => string): readonly Payload[] {
  return payload.oneOrMore().flatMap((item) => {
    item.entries('payload');
    item.sort(KEYS);
    const path = item.at('path').text('path');
    if (path === null) {
      item.fault('payload: expected the path of a CSV file');
      return [];
    }
    const order = item.at('order').text('order') ?? 'random';
    if (order !== 'sequence' && order !== 'random') item.at('order').fault(`order: expected "sequence" or "random", got "${order}"`);
    const fields = item.at('fields').items('fields').map((field) => field.text('fields') ?? '');
    if (fields.length === 0 && !item.at('loadAll').exists) item.fault('payload: expected `fields`, the names of the columns');
    return [{
      file: resolve(dirname(file), expand(path)),
      fields,
      order: order === 'sequence' ? order : 'random',
      skipHeader: item.at('skipHeader').value === true,
      delimiter: item.at('delimiter').text('delimiter') ?? ',',
    }];
  });
}

/** What is larger has a row below its header. */
const MOST_HEADER_BYTES = 65_536;

/** Payload files that are not there, or have no rows, each at the place of its path. */
export async function missingPayloads(root: Cursor, payloads: readonly Payload[]): Promise<readonly Fault[]> {
  const places = root.at('config').at('payload').oneOrMore().filter((item) => item.at('path').exists).map((item) => item.at('path').place);
  const faults = await Promise.all(payloads.map(async ({ file, delimiter, skipHeader }, index): Promise<Fault | null> => {
    const place = places[index] ?? root.place;
    const found = await stat(file).catch(() => null);
    if (found === null) {
      const neighbours = await readdir(dirname(file)).catch(() => []);
      return { place, message: `payload: no such file: ${file}${didYouMean(basename(file), neighbours)}` };
    }
    if (!found.isFile()) return { place, message: `payload: not a file: ${file}` };
    if (found.size === 0) return { place, message: `payload: the file is empty: ${file}` };
    // artillery would send the word "undefined" for every cell.
    if (found.size > MOST_HEADER_BYTES) return null;
    return parseCsv(await readFile(file, 'utf8'), { delimiter, skipHeader }).length === 0 ? { place, message: `payload: no row${skipHeader ? ' below its header' : ''} in ${file}` } : null;
  }));
  return faults.filter((fault) => fault !== null);
}
