import type { Capture } from '../model/scenario.ts';
import type { Chance, Variables } from '../scenario/variables.ts';
import { parseJson } from './expectation.ts';

/** An answer with its body read, as captures and expectations look at it, whatever the engine. k6 loads this file, too. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The value of a header; several lines of one name are joined by a comma. */
  header(lowerCaseName: string): string | undefined;
}

/** Takes the value out of an answer; undefined when there is none. */
export type Extract = (answer: Answer, chance: Chance) => unknown;

/** A capture that is ready to be used. */
export interface CompiledCapture {
  readonly as: string;
  readonly extract: Extract;
}

/** Reads a capture's expression once. Throws an Error in words for the author when it cannot be read. */
export function compileCapture({ kind, expression, as }: Capture): CompiledCapture {
  return { as, extract: extractOf(kind, expression) };
}

/** Sets the captured variables; gives the name of the first that found nothing, or null. */
export function takeCaptures(captures: readonly CompiledCapture[], answer: Answer, variables: Variables, chance: Chance): string | null {
  let missing: string | null = null;
  for (const { as, extract } of captures) {
    const value = extract(answer, chance);
    if (value === undefined) missing ??= as;
    else variables[as] = value;
  }
  return missing;
}

/**
 * What the first capture of a step that found nothing looked at, for the engine's log: its form and not its content, which may be
 * somebody's secret.
 */
export function describeMissed(step: string, as: string, answer: Answer): string {
  const body = parseJson(answer.body);
  const keys = typeof body === 'object' && body !== null && !Array.isArray(body) ? `, with the properties ${Object.keys(body).slice(0, 20).join(', ') || '(none)'}` : '';
  return `scaleplan: the capture of "${as}" in the step "${step}" found nothing in an answer with status ${answer.status}, ${answer.header('content-type') ?? 'without a type'}, ${answer.body.length} characters${keys}`;
}

function extractOf(kind: Capture['kind'], expression: string): Extract {
  if (kind === 'header') {
    const name = expression.toLowerCase();
    return (answer) => orNothing(answer.header(name));
  }
  if (kind === 'regexp') {
    const pattern = new RegExp(expression);
    return (answer) => orNothing(pattern.exec(answer.body)?.[0]);
  }
  const path = parsePath(expression);
  return (answer, chance) => {
    const found = valuesAt(parseJson(answer.body), path);
    // Artillery takes one of several matches by chance; an empty text is no value there.
    return orNothing(found[Math.floor(chance() * found.length)]);
  };
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
