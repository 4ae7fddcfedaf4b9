import { parseJson } from '../../expectation.ts';
import type { Capture } from '../../../model/scenario.ts';
import type { Chance } from '../../../scenario/variables.ts';
import type { Response } from './k6.ts';

/** Takes the value out of an answer; undefined when there is none. */
export type Extract = (response: Response, chance: Chance) => unknown;

/** Reads a capture's expression once. Throws an Error in words for the author when it cannot be read. */
export function compileCapture({ kind, expression }: Capture): Extract {
  if (kind === 'header') return (response) => orNothing(headerOf(response, expression));
  if (kind === 'regexp') {
    const pattern = new RegExp(expression);
    return (response) => orNothing(pattern.exec(response.body ?? '')?.[0]);
  }
  const path = parsePath(expression);
  return (response, chance) => {
    const found = valuesAt(parseJson(response.body ?? ''), path);
    // Artillery takes one of several matches by chance; an empty text is no value there.
    return orNothing(found[Math.floor(chance() * found.length)]);
  };
}

/** The value of a header, whatever its case. */
export function headerOf({ headers }: Response, name: string): string | undefined {
  const written = headers[name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())];
  if (written !== undefined) return written;
  const wanted = name.toLowerCase();
  const found = Object.keys(headers).find((one) => one.toLowerCase() === wanted);
  return found === undefined ? undefined : headers[found];
}

const STEP = /^(?:\.(\*|[\w$-]+)|\[(?:(\*)|(\d+)|'([^']*)'|"([^"]*)")\])/;

/** A key, or null for every element. */
type Path = readonly (string | null)[];

/** JSONPath as far as captures need it: `$.a.b`, `$['a b']`, `[0]`, `[*]`, `.*`; `$` alone is the whole body. */
function parsePath(expression: string): Path {
  const path: (string | null)[] = [];
  let left = expression.replace(/^\$/, '').replace(/^(?=[\w-])/, '.');
  for (let match = STEP.exec(left); match !== null; match = STEP.exec(left)) {
    const [whole, named, star, index, single, double] = match;
    path.push(named === '*' || star === '*' ? null : (named ?? index ?? single ?? double ?? ''));
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
      if (key === null) return Object.values(each);
      return Object.hasOwn(each, key) ? [Reflect.get(each, key)] : [];
    });
  }
  return values;
}

function orNothing(value: unknown): unknown {
  return value === '' ? undefined : value;
}
