import { closeSync, openSync, readSync } from 'node:fs';
import type { Payload } from '../../model/scenario.ts';
import { parseCsv, type RowList } from '../../scenario/variables.ts';

/** Where every so many rows begin is remembered: a file of 1 GB costs some MB of memory, a row some µs of reading. */
const ROWS_PER_MARK = 16;
const CHUNK_BYTES = 1 << 20;
const [QUOTE, NEWLINE, RETURN] = [0x22, 0x0a, 0x0d];

/** Rows of a CSV file that stays on the disk; of several workers each has every `of`-th from number `index` on. */
export class FileRows implements RowList {
  readonly length: number;
  readonly #file: number;
  readonly #payload: Pick<Payload, 'delimiter'>;
  readonly #marks: readonly number[];
  readonly #rows: number;
  readonly #part: { readonly index: number; readonly of: number };

  constructor({ file, delimiter, skipHeader }: Pick<Payload, 'file' | 'delimiter' | 'skipHeader'>, part: { readonly index: number; readonly of: number }) {
    this.#file = openSync(file, 'r');
    this.#payload = { delimiter };
    const { marks, rows } = findRows(this.#file, delimiter, skipHeader);
    this.#marks = marks;
    this.#rows = rows;
    this.#part = part;
    // Each part goes round all rows, at another place than the others: only after all of them the same ones come again.
    this.length = rows;
  }

  at(index: number): readonly string[] | undefined {
    const { index: first, of } = this.#part;
    const row = (first + index * of) % this.#rows;
    const mark = Math.floor(row / ROWS_PER_MARK);
    const [from, to] = [this.#marks[mark] ?? 0, this.#marks[mark + 1] ?? 0];
    const piece = Buffer.allocUnsafe(to - from);
    readSync(this.#file, piece, 0, piece.length, from);
    return parseCsv(piece.toString('utf8'), { ...this.#payload, skipHeader: false })[row % ROWS_PER_MARK];
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Goes through the file once, a megabyte at a time. The last mark is the end of the file. */
function findRows(file: number, delimiter: string, skipHeader: boolean): { readonly marks: readonly number[]; readonly rows: number } {
  const finder = new RowFinder(delimiter.charCodeAt(0), skipHeader);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let offset = 0;
  for (let read = readSync(file, chunk, 0, CHUNK_BYTES, 0); read > 0; read = readSync(file, chunk, 0, CHUNK_BYTES, offset)) {
    finder.read(chunk.subarray(0, read), offset);
    offset += read;
  }
  return finder.end(offset);
}

/** Where rows begin, found as `parseCsv` reads them. */
class RowFinder {
  readonly #comma: number;
  readonly #marks: number[] = [];
  #rows: number;
  #rowFrom = 0;
  #isQuoted = false;
  /** The row has something in it. */
  #isFilled = false;
  #isCellEmpty = true;
  /** The byte before ended a quoted part, or is the first of doubled quotes. */
  #wasQuote = false;

  constructor(comma: number, skipHeader: boolean) {
    this.#comma = comma;
    this.#rows = skipHeader ? -1 : 0;
  }

  read(chunk: Buffer, offset: number): void {
    // Without a quote lines are rows, and lines are found ten times as fast.
    if (this.#isQuoted || offset === 0 || chunk.includes(QUOTE)) this.#readBytes(chunk, offset);
    else this.#readLines(chunk, offset);
  }

  end(offset: number): { readonly marks: readonly number[]; readonly rows: number } {
    this.#endRow(offset);
    return { marks: [...this.#marks, offset], rows: Math.max(0, this.#rows) };
  }

  #readLines(chunk: Buffer, offset: number): void {
    this.#wasQuote = false;
    for (let at = 0; at < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, at);
      const to = newline < 0 ? chunk.length : newline;
      const isBlank = to === at || (to === at + 1 && chunk[at] === RETURN);
      if (!isBlank) [this.#isFilled, this.#isCellEmpty] = [true, chunk[to - 1] === this.#comma];
      if (newline < 0) return;
      this.#endRow(offset + newline + 1);
      at = newline + 1;
    }
  }

  #readBytes(chunk: Buffer, offset: number): void {
    for (let at = 0; at < chunk.length; at += 1) {
      const sign = chunk[at];
      if (this.#isQuoted) {
        if (sign === QUOTE) [this.#isQuoted, this.#wasQuote] = [false, true];
        else this.#fill();
        continue;
      }
      if (sign === QUOTE && this.#wasQuote) {
        this.#isQuoted = true;
        this.#fill();
      } else if (sign === QUOTE && this.#isCellEmpty) this.#isQuoted = true;
      else if (sign === this.#comma) [this.#isFilled, this.#isCellEmpty] = [true, true];
      else if (sign === NEWLINE) this.#endRow(offset + at + 1);
      else if (sign !== RETURN && !(offset === 0 && at < 3 && isMark(chunk))) this.#fill();
      this.#wasQuote = false;
    }
  }

  #fill(): void {
    this.#isFilled = true;
    this.#isCellEmpty = false;
  }

  #endRow(next: number): void {
    if (this.#isFilled) {
      if (this.#rows >= 0 && this.#rows % ROWS_PER_MARK === 0) this.#marks.push(this.#rowFrom);
      this.#rows += 1;
    }
    [this.#isFilled, this.#isCellEmpty, this.#rowFrom] = [false, true, next];
  }
}

/** The byte order mark of UTF-8. */
function isMark(chunk: Buffer): boolean {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
}
