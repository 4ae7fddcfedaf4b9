import assert from 'node:assert/strict';
import { Chalk } from 'chalk';
import type { Screen } from '../../src/cli/host.ts';
import { widthOf } from '../../src/reporters/layout.ts';

/** A terminal of so many columns and rows that understands what a live view may use, and nothing else; lines that scroll out are kept. */
export class FakeTerminal {
  readonly lines: string[] = [''];
  columns: number;
  rows: number;
  /** Everything that was written, one entry a write. */
  readonly written: string[] = [];
  readonly #touched = new Set<number>();
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  get screen(): Screen {
    return { write: (text) => this.write(text), isTerminal: true, columns: () => this.columns, rows: () => this.rows, chalk: new Chalk({ level: 0 }) };
  }

  /** What stands on the terminal and above it, blanks at the ends left out. */
  get text(): string {
    return this.lines.map((line) => line.trimEnd()).join('\n').trimEnd();
  }

  write(text: string): void {
    this.written.push(text);
    // oxlint-disable-next-line no-control-regex -- a terminal reads them
    for (const [token, up] of text.matchAll(/\u001b\[(\d*)A|\u001b\[[KJ]|[^\u001b]/gu)) {
      if (up !== undefined) this.#up(Number(up || 1));
      else if (token === '\u001b[K') this.#set(this.#line.slice(0, this.#column));
      else if (token === '\u001b[J') {
        this.#set(this.#line.slice(0, this.#column));
        this.lines.length = this.#row + 1;
      } else if (token === '\r') this.#column = 0;
      else if (token === '\n') this.#down();
      else this.#put(token);
    }
    // oxlint-disable-next-line no-control-regex -- a terminal reads them
    assert.equal(text.replaceAll(/\u001b\[\d*A|\u001b\[[KJ]|[^\u001b]/gu, ''), '', 'nothing but up, erase and text');
    for (const row of this.#touched) assert.ok(widthOf(this.lines[row] ?? '') <= this.columns, `a line wraps: ${this.lines[row]}`);
    this.#touched.clear();
  }

  get #line(): string {
    return this.lines[this.#row] ?? '';
  }

  #set(line: string): void {
    this.lines[this.#row] = line;
    this.#touched.add(this.#row);
  }

  /** A cursor stops at the upper edge of the screen; what has scrolled out cannot be reached. */
  #up(count: number): void {
    const top = Math.max(0, this.lines.length - this.rows);
    assert.ok(this.#row - count >= top, 'moves above what is on the screen');
    this.#row -= count;
  }

  #down(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.lines.length) this.lines.push('');
  }

  #put(character: string): void {
    this.#set(`${this.#line.slice(0, this.#column).padEnd(this.#column)}${character}${this.#line.slice(this.#column + character.length)}`);
    this.#column += character.length;
  }
}
