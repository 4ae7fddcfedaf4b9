import { parseJson } from '../expectation.ts';
import type { Capture } from '../../model/scenario.ts';
import type { Chance } from '../../scenario/variables.ts';

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  /** [name, value, …] as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Takes the value out of an answer; undefined when there is none. */
export type Extract = (answer: Answer, chance: Chance) => unknown;

/** Reads a capture's expression once. Throws an Error in words for the author when it cannot be read. */
export function compileCapture(capture: Capture): Extract {
  if (capture.kind === 'header') return (answer) => orNothing(headerOf(answer.rawHeaders, capture.expression.toLowerCase()));
  if (capture.kind === 'regexp') {
    const pattern = new RegExp(capture.expression);
    return (answer) => orNothing(pattern.exec(answer.body)?.[0]);
  }
  const path = parsePath(capture.expression);
  return (answer, chance) => {
    const found = valuesAt(parseJson(answer.body), path);
    // Artillery takes one of several matches by chance; an empty text is no value there.
    return orNothing(found[Math.floor(chance() * found.length)]);
  };
}

/** The value of a header by its lower-case name; several lines of one name are joined by a comma. */
export function headerOf(rawHeaders: readonly string[], lowerCaseName: string): string | undefined {
  let value: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    value = value === undefined ? rawHeaders[at + 1] : `${value}, ${rawHeaders[at + 1]}`;
  }
  return value;
}

const ANY = Symbol('every element');
const STEP = /^(?:\.(\*|[\w$-]+)|\[(?:(\*)|(\d+)|'([^']*)'|"([^"]*)")\])/;
type Path = readonly (string | typeof ANY)[];

/** JSONPath as far as captures need it: `$.a.b`, `$['a b']`, `[0]`, `[*]`, `.*`; `$` alone is the whole body. */
function parsePath(expression: string): Path {
  const path: (string | typeof ANY)[] = [];
  let left = expression.replace(/^\$/, '').replace(/^(?=[\w-])/, '.');
  for (let match = STEP.exec(left); match !== null; match = STEP.exec(left)) {
    const [whole, named, star, index, single, double] = match;
    path.push(named === '*' || star === '*' ? ANY : (named ?? index ?? single ?? double ?? ''));
    left = left.slice(whole.length);
  }
  if (left !== '') throw new Error(`the JSON path ${expression} cannot be read from "${left}" on; there are .name, ['name'], [0], [*] and .*`);
  return path;
}

function valuesAt(value: unknown, path: Path): unknown[] {
  let values = [value];
  for (const key of path) {
    values = values.flatMap((each) => {
      if (typeof each !== 'object' || each === null) return [];
      if (key === ANY) return Object.values(each);
      return Object.hasOwn(each, key) ? [Reflect.get(each, key)] : [];
    });
  }
  return values;
}

function orNothing(value: unknown): unknown {
  return value === '' ? undefined : value;
}
