import type { z } from 'zod';

import { ScaleplanError } from '../errors.ts';
import type { ErrorCode, Place } from '../errors.ts';
import { isSecretName, redact } from '../model/redact.ts';
import { expectation } from './expectation.ts';
import type { Path } from './locate.ts';
import { didYouMean } from '../model/nearest.ts';
import { show } from './read.ts';
import type { YamlFile } from './read.ts';

type Issue = z.core.$ZodIssue;

/** One thing that is wrong in a file the user wrote. */
export interface Fault {
  readonly place: Place;
  readonly message: string;
}

/** More faults than fit on a screen are one fault repeated. */
const MOST_FAULTS = 50;

/**
 * Checks a file against a schema and returns what the schema makes of it; throws one error with a line
 * `file:line:col  path: expected …, got …; did you mean "…"?` for every fault, in the order of the file.
 */
export function checkShape<T>(yaml: YamlFile, schema: z.ZodType<T>, code: ErrorCode): T {
  const namesOfKeys = new WeakMap<object, readonly string[]>();
  const result = schema.safeParse(yaml.value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') namesOfKeys.set(issue.keys, validNames(issue.inst));
      return expectation(issue);
    },
  });
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, [], { yaml, namesOf: (keys) => namesOfKeys.get(keys) ?? [] }));
  throw faultsError(faults, code);
}

/** Several faults as one error: a line each, sorted by place, the first one's place as the error's. */
export function faultsError(faults: readonly Fault[], code: ErrorCode): ScaleplanError {
  const sorted = faults.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const lines = [...new Set(sorted.map((fault) => `${show(fault.place)}  ${fault.message}`))];
  const more = lines.length > MOST_FAULTS ? [`… and ${lines.length - MOST_FAULTS} more`] : [];
  const first = sorted[0];
  return new ScaleplanError(code, [...lines.slice(0, MOST_FAULTS), ...more].join('\n'), first === undefined ? {} : { place: first.place });
}

interface Context {
  readonly yaml: YamlFile;
  readonly namesOf: (keys: readonly string[]) => readonly string[];
}

function faultsOf(issue: Issue, above: Path, context: Context): readonly Fault[] {
  const path = [...above, ...issue.path];
  const { yaml } = context;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], context.namesOf(issue.keys), yaml));
    case 'invalid_union':
      return issue.errors.length === 0 ? [fault(issue, path, yaml)] : unionFaults(issue.errors, path, context);
    case 'invalid_key':
      return [unknownKey(path, issue.issues.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : [])), yaml)];
    default:
      return [fault(issue, path, yaml)];
  }
}

function unknownKey(path: Path, names: readonly string[], yaml: YamlFile): Fault {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const suggestion = didYouMean(key, names);
  const expected = suggestion === '' && names.length > 0 && names.length <= 12 ? `; expected one of ${names.join(', ')}` : suggestion;
  return { place: yaml.keyPlace(path), message: `${prefix(parent)}unknown key "${key}"${expected}` };
}

/** What the author meant is the branch whose faults lie deepest and are fewest; where no branch even fits the type, all are named. */
function unionFaults(branches: readonly (readonly Issue[])[], path: Path, context: Context): readonly Fault[] {
  const fitting = branches.filter((issues) => !issues.some(isWrongAtRoot));
  if (fitting.length === 0) {
    const message = `expected ${[...new Set(branches.flat().map((issue) => issue.message.replace(/^expected /, '')))].join(' or ')}`;
    return [fault({ message }, path, context.yaml)];
  }
  const chosen = fitting.toSorted((a, b) => cost(a) - cost(b))[0] ?? [];
  return chosen.flatMap((issue) => faultsOf(issue, path, context));
}

function isWrongAtRoot(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code !== 'unrecognized_keys' && issue.code !== 'custom' && issue.code !== 'invalid_union';
}

/** A wrong key or a missing one says "another branch was meant" louder than a wrong value far inside. */
function cost(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + (3 * issue.keys.length) / (1 + issue.path.length);
    return sum + 2 / Math.max(1, issue.path.length);
  }, 0);
}

function fault(issue: { readonly message: string; readonly values?: unknown }, path: Path, yaml: YamlFile): Fault {
  const value = valueAt(yaml.value, path);
  const names = namesFrom(issue);
  const suggestion = typeof value === 'string' ? didYouMean(value, names) : '';
  const place = yaml.place(path);
  if (value === undefined && path.length > 0) return { place, message: `${prefix(path)}missing; ${issue.message}` };
  if (!issue.message.startsWith('expected')) return { place, message: prefix(path) + issue.message };
  return { place, message: `${prefix(path)}${issue.message}, got ${inWords(value, path)}${suggestion}` };
}

function namesFrom(issue: { readonly values?: unknown; readonly options?: unknown }): readonly string[] {
  const list = issue.values ?? issue.options;
  return Array.isArray(list) ? list.map(String) : [];
}

/** The names a schema allows: fields of an object, or the keys of a record over an enum. */
function validNames(schema: z.core.$ZodRawIssue['inst']): readonly string[] {
  const definition: object = schema?._zod.def ?? {};
  if ('shape' in definition && typeof definition.shape === 'object') return Object.keys(definition.shape ?? {});
  if ('keyType' in definition) {
    // The definition of a record's key is a schema of its own; an enum's lists its names in `entries`.
    const keyType = definition.keyType as { readonly _zod: { readonly def: { readonly entries?: Readonly<Record<string, string>> } } };
    return Object.values(keyType._zod.def.entries ?? {});
  }
  return [];
}

function valueAt(value: unknown, path: Path): unknown {
  let inside = value;
  for (const key of path) {
    if (typeof inside !== 'object' || inside === null) return undefined;
    inside = Reflect.get(inside, key);
  }
  return inside;
}

function prefix(path: Path): string {
  if (path.length === 0) return '';
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${text.replace(/^\./, '')}: `;
}

/** A value as it may be shown: a wrong one may still be a secret. */
function inWords(value: unknown, path: Path): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (isSecretName(String(path.at(-1)))) return 'something else';
  const text = JSON.stringify(typeof value === 'string' ? redact(value) : value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
