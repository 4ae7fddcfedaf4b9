/**
 * What stands between `{{` and `}}` in a scenario, with Artillery's meaning: variables with `a.b[0]` paths,
 * `$randomNumber(a, b)`, `$randomString(n)`. A text that is one template and nothing else keeps the type of its value.
 * Pure: chance is passed in.
 */

/** A virtual user's variables; captures are put in while it runs. */
export type Variables = Record<string, unknown>;

/** Uniform in 0 ≤ x < 1, as Math.random is. */
export type Chance = () => number;

const TEMPLATE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const WHOLE = /^\{\{\s*([^{}]*?)\s*\}\}$/;
const CALL = /^(\$\w+)\s*\(\s*([\w\s,]*)\)$/;
const REFERENCE = /^[\w$-]+(?:\.[\w$-]+|\[(?:\d+|'[^']*'|"[^"]*")\])*$/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export function hasTemplate(text: string): boolean {
  return text.includes('{{');
}

/** Puts values into a text. Objects become JSON; a variable that is not there becomes `undefined`, as Artillery writes it. */
export function renderText(text: string, variables: Variables, chance: Chance): string {
  if (!hasTemplate(text)) return text;
  return text.replace(TEMPLATE, (_whole, expression: string) => asText(evaluate(expression, variables, chance)));
}

/** Puts values into every text within a value, as a JSON body needs it; `"{{ id }}"` alone becomes the number that `id` is. */
export function renderValue(value: unknown, variables: Variables, chance: Chance): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value)?.[1];
    // Artillery keeps the type for variables only: what a function gives is text.
    if (whole !== undefined && !CALL.test(whole)) return evaluate(whole, variables, chance);
    return renderText(value, variables, chance);
  }
  if (Array.isArray(value)) return value.map((item) => renderValue(item, variables, chance));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [renderText(key, variables, chance), renderValue(item, variables, chance)]));
}

/** What is wrong with the templates of a text, in words for the author; null when they can all be read. */
export function templateFault(text: string): string | null {
  for (const [whole, expression = ''] of text.matchAll(TEMPLATE)) {
    const call = CALL.exec(expression);
    if (call !== null) {
      if (call[1] !== '$randomNumber' && call[1] !== '$randomString') return `${call[1]}() is not known; there are $randomNumber(from, to) and $randomString(length)`;
    } else if (!REFERENCE.test(expression)) {
      return `${whole} cannot be read; a template holds a variable, as in {{ id }}, or a function, as in {{ $randomNumber(1, 9) }}`;
    }
  }
  const rest = text.replace(TEMPLATE, '');
  return hasTemplate(rest) ? 'a template is opened by {{ and never closed by }}' : null;
}

/** Names of the variables a value's templates start from, functions left out: `{{ user.id }}` uses `user`. */
export function variablesUsed(value: unknown): Set<string> {
  const used = new Set<string>();
  for (const text of textsIn(value)) {
    for (const [, expression = ''] of text.matchAll(TEMPLATE)) {
      if (!CALL.test(expression)) used.add(expression.split(/[.[]/, 1)[0] ?? '');
    }
  }
  return used;
}

/** Every text within a value, keys too. */
export function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield key;
      yield* textsIn(item);
    }
  }
}

function evaluate(expression: string, variables: Variables, chance: Chance): unknown {
  const call = CALL.exec(expression);
  if (call === null) return lookUp(expression, variables);
  const numbers = (call[2] ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '').map(Number);
  return call[1] === '$randomNumber' ? randomNumber(numbers[0] ?? 0, numbers[1] ?? 1, chance) : randomString(numbers[0] ?? 10, chance);
}

function lookUp(reference: string, variables: Variables): unknown {
  let value: unknown = variables;
  for (const [, name, quoted] of reference.matchAll(/([\w$-]+)|['"]([^'"]*)['"]/g)) {
    const key = name ?? quoted ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Both ends included, in either order, as lodash's `random` has it. */
function randomNumber(a: number, b: number, chance: Chance): number {
  const [low, high] = a <= b ? [a, b] : [b, a];
  return low + Math.floor(chance() * (high - low + 1));
}

function randomString(length: number, chance: Chance): string {
  let text = '';
  while (text.length < length) text += LETTERS.charAt(Math.floor(chance() * LETTERS.length));
  return text;
}

function asText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : (value as string);
}

/** Rows of a payload, held or read when they are asked for. */
export interface RowList {
  readonly length: number;
  at(index: number): readonly string[] | undefined;
}

/** One CSV payload: names of its columns and its rows. */
export interface PayloadRows {
  readonly fields: readonly string[];
  readonly order: 'sequence' | 'random';
  readonly rows: RowList;
}

/** A cell as Artillery's CSV reader gives it: what reads as a number is one, so that `007` is 7. */
export function cellValue(text: string | undefined): string | number | undefined {
  if (text === undefined) return undefined;
  const number = Number.parseFloat(text);
  // That reader's own test, to the letter: it also takes "1e3", and no empty text.
  return Number(text) - number + 1 >= 0 ? number : text;
}

/**
 * Gives each new virtual user its variables: one value of each list of `variables`, by chance; one row of each payload,
 * in turn or by chance. Rows in turn start over after the last.
 */
export function createVariableSource(
  lists: Readonly<Record<string, readonly unknown[]>>, payloads: readonly PayloadRows[], chance: Chance,
): () => Variables {
  let turn = 0;
  const pick = (count: number): number => Math.floor(chance() * count);
  return () => {
    const variables: Variables = {};
    for (const { fields, order, rows } of payloads) {
      const row = rows.at(order === 'sequence' ? turn % rows.length : pick(rows.length));
      fields.forEach((field, column) => { variables[field] = cellValue(row?.[column]); });
    }
    // Artillery lets the script's own variables win over a payload's columns.
    for (const [name, values] of Object.entries(lists)) variables[name] = values[pick(values.length)];
    turn += 1;
    return variables;
  };
}

/** Rows of a CSV text: quotes, doubled quotes, line ends within quotes, CRLF; empty lines are left out. */
export function parseCsv(text: string, options: { readonly delimiter: string; readonly skipHeader: boolean }): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endRow = (): void => {
    if (row.length > 0 || cell !== '') rows.push([...row, cell]);
    [row, cell] = [[], ''];
  };
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  for (let at = 0; at < source.length; at += 1) {
    const sign = source.charAt(at);
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (source.charAt(at + 1) === '"') cell += source.charAt((at += 1));
      else isQuoted = false;
    } else if (sign === '"' && cell === '') isQuoted = true;
    else if (sign === options.delimiter) [row, cell] = [[...row, cell], ''];
    else if (sign === '\n') endRow();
    else if (sign !== '\r') cell += sign;
  }
  endRow();
  return options.skipHeader ? rows.slice(1) : rows;
}
