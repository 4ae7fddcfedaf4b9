import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ScaleplanError } from '../errors.ts';

/** One line of a file; lines count from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** A file line by line, however large; gzip is recognised by its first bytes. Throws `wrong-results`. */
export async function* textLines(file: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: await openText(file), crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const text of lines) yield { text: number === 0 ? text.replace(/^\uFEFF/, '') : text, number: ++number };
  } catch (cause) {
    throw wrongResults(`${file}: cannot be read to its end (${cause instanceof Error ? cause.message : String(cause)})`, 'Was it cut off?', cause);
  }
}

/** A line of CSV may go on in the next one within quotes. Empty lines are left out. */
export async function* csvRecords(file: string): AsyncGenerator<{ readonly fields: readonly string[]; readonly number: number }> {
  let held = '';
  let from = 0;
  for await (const { text, number } of textLines(file)) {
    if (held === '') from = number;
    held = held === '' ? text : `${held}\n${text}`;
    if ((held.split('"').length - 1) % 2 === 1) continue;
    if (held !== '') yield { fields: fieldsOf(held), number: from };
    held = '';
  }
  if (held !== '') throw wrongResults(`${file}:${from}  a quote is opened and never closed`, 'Was the file cut off? Take its last line away.');
}

/** Records as maps by the names of the first line. Throws `wrong-results` where a needed column is missing. */
export async function* csvRows(file: string, needed: readonly string[], expected: string): AsyncGenerator<{ readonly row: ReadonlyMap<string, string>; readonly number: number }> {
  let names: readonly string[] | null = null;
  for await (const { fields, number } of csvRecords(file)) {
    if (names !== null) {
      const known: readonly string[] = names;
      yield { row: new Map(fields.map((field, index) => [known[index] ?? '', field])), number };
      continue;
    }
    names = fields;
    const missing = needed.filter((name) => !fields.includes(name));
    if (missing.length > 0) throw wrongResults(`${file}:${number}  is not ${expected}: the first line lacks ${missing.join(', ')}`, 'Is it the file of another tool? scaleplan import --help shows what each writes.');
  }
}

export function wrongResults(message: string, hint: string, cause?: unknown): ScaleplanError {
  return new ScaleplanError('wrong-results', message, { hint, cause });
}

/** A number of a field; throws with its line for what is none. */
export function numberIn(text: string | undefined, what: string, file: string, line: number): number {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(value)) throw wrongResults(`${file}:${line}  ${what}: expected a number, got ${JSON.stringify(text ?? null)}`, 'Was the file cut off or changed?');
  return value;
}

async function openText(file: string): Promise<Readable> {
  try {
    const handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    await handle.close();
    const stream = createReadStream(file);
    const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    return isGzip ? stream.pipe(createGunzip()) : stream.setEncoding('utf8');
  } catch (cause) {
    throw wrongResults(`${file}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, 'Check the path.', cause);
  }
}

function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  return fields;
}
