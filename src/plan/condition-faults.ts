import type { Place } from '../errors.ts';
import { readAddress } from '../model/address.ts';
import { parseCondition } from '../model/grammar.ts';
import type { Fault } from '../yaml/check.ts';
import type { YamlFile } from '../yaml/read.ts';

type Path = readonly (string | number)[];

/** Lists whose entries are conditions, wherever they stand in a plan file. */
const CONDITION_LISTS: ReadonlySet<string> = new Set(['thresholds', 'triggers', 'alerts', 'slo', 'symptoms']);
/** The question of a decision tree is a single condition. */
const QUESTION = 'ask';

/**
 * Every fault in the grammar of the file's conditions, at its very column.
 * It walks the raw values, so that a file whose shape is wrong elsewhere still tells all its faults at once.
 */
export function findConditionFaults(yaml: YamlFile): readonly Fault[] {
  return conditionsIn(yaml.value, []).flatMap(({ path, written }) => {
    const parsed = parseCondition(readAddress(written).text);
    if (parsed.ok) return [];
    const indent = written.length - written.trimStart().length;
    const place = shifted(placeOfText(yaml, path), yaml, written, indent + parsed.problem.column - 1);
    return [{ place, message: `${sayPath(path)}: ${parsed.problem.message}` }];
  });
}

/** Where the first letter of a text stands: behind its quotes, if it has some. */
export function placeOfText(yaml: YamlFile, path: Path): Place {
  const place = yaml.place(path);
  const first = yaml.lineAt(place)[place.column - 1];
  return first === '"' || first === "'" ? { ...place, column: place.column + 1 } : place;
}

/** `phases[1].thresholds[0]` */
export function sayPath(path: Path): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('').replace(/^\./, '');
}

function conditionsIn(value: unknown, path: Path): readonly { path: Path; written: string }[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => conditionsIn(entry, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    const below = [...path, key];
    if (key === QUESTION) return conditionOf(inside, below);
    if (!CONDITION_LISTS.has(key) || !Array.isArray(inside)) return conditionsIn(inside, below);
    return inside.flatMap((entry: unknown, index) => conditionOf(entry, [...below, index]));
  });
}

function conditionOf(entry: unknown, path: Path): readonly { path: Path; written: string }[] {
  if (typeof entry === 'string') return [{ path, written: entry }];
  if (typeof entry !== 'object' || entry === null || !('condition' in entry)) return [];
  return typeof entry.condition === 'string' ? [{ path: [...path, 'condition'], written: entry.condition }] : [];
}

/** A folded or escaped text has other columns than the file: then the fault stands at its beginning. */
function shifted(place: Place, yaml: YamlFile, written: string, by: number): Place {
  const isVerbatim = yaml.lineAt(place).startsWith(written, place.column - 1);
  return isVerbatim ? { ...place, column: place.column + by } : place;
}
