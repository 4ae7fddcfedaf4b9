import type { Fault } from '../yaml/check.ts';
import { didYouMean } from '../model/nearest.ts';
import type { YamlFile } from '../yaml/read.ts';

type Path = readonly PropertyKey[];

/** Lists whose entries have an id: an entry of the upper file is laid over the one of the same id. */
export const LISTS_BY_ID: ReadonlySet<PropertyKey> = new Set(['phases', 'milestones', 'suites', 'experiments', 'assumptions', 'decisionTrees']);
/** Keys that one file gives as a whole: half of one document's sections and half of another's are no document. */
export const WHOLE: ReadonlySet<PropertyKey> = new Set(['document']);
/** Keys where nothing is an answer of its own: a milestone without a bottleneck that scaleplan knows. */
const NULLABLE: ReadonlySet<PropertyKey> = new Set(['bottleneck']);

/** A value and where it was written; `inside` where it was put together from two files. */
interface Layered {
  readonly value: unknown;
  readonly yaml: YamlFile;
  readonly path: Path;
  readonly inside: ReadonlyMap<PropertyKey, Layered> | null;
}

/**
 * `own` laid over `base`, as one file in which every value still knows its place. Maps are merged key by key, `null` takes an
 * inherited key away, lists whose entries have ids are merged by id (`remove: true` takes an entry away), everything else is
 * replaced. What cannot be done is pushed to `faults`.
 */
export function layer(base: YamlFile, own: YamlFile, faults: Fault[]): YamlFile {
  const root = merge(whole(base, [], base.value), whole(own, [], own.value), null, faults);
  const find = (path: Path): { at: Layered; rest: Path } => {
    let at = root;
    for (const [depth, key] of path.entries()) {
      const inside = at.inside?.get(key);
      if (inside === undefined) return { at, rest: path.slice(depth) };
      at = inside;
    }
    return { at, rest: [] };
  };
  const through = <T>(path: Path, ask: (yaml: YamlFile, path: Path) => T): T => {
    const { at, rest } = find(path);
    return ask(at.yaml, [...at.path, ...rest]);
  };
  return {
    file: own.file,
    value: root.value,
    place: (path) => through(path, (yaml, inside) => yaml.place(inside)),
    keyPlace: (path) => through(path, (yaml, inside) => yaml.keyPlace(inside)),
    fileAt: (path) => through(path, (yaml, inside) => yaml.fileAt(inside)),
    lineAt: (place) => (place.file === own.file ? own : base).lineAt(place),
  };
}

function merge(base: Layered, own: Layered, key: PropertyKey | null, faults: Fault[]): Layered {
  if (key !== null && WHOLE.has(key)) return own;
  if (isMap(base.value) && isMap(own.value)) return mergeMaps(base, own, faults);
  if (key !== null && LISTS_BY_ID.has(key) && Array.isArray(base.value) && Array.isArray(own.value)) return mergeLists(base, own, faults);
  return own;
}

function mergeMaps(base: Layered, own: Layered, faults: Fault[]): Layered {
  const inside = new Map<PropertyKey, Layered>(keysOf(base.value).map((key) => [key, child(base, key)]));
  for (const key of keysOf(own.value)) {
    const below = inside.get(key);
    const above = child(own, key);
    if (above.value === null && below !== undefined && !NULLABLE.has(key)) inside.delete(key);
    else inside.set(key, below === undefined ? above : merge(below, above, key, faults));
  }
  // Requests at a number of users and requests per user are two ways to say one thing: the upper file's way counts.
  if (isMap(own.value) && 'requests' in own.value && 'users' in own.value && !('requestsPerUserPerMinute' in own.value)) inside.delete('requestsPerUserPerMinute');
  return { value: Object.fromEntries([...inside].map(([key, { value }]) => [key, value])), yaml: own.yaml, path: own.path, inside };
}

function mergeLists(base: Layered, own: Layered, faults: Fault[]): Layered {
  const entries = itemsOf(base);
  const ids = entries.map(({ value }) => idOf(value));
  const seen = new Set<string>();
  for (const above of itemsOf(own)) {
    const id = idOf(above.value);
    const at = id === null || seen.has(id) ? -1 : ids.indexOf(id);
    if (id !== null) seen.add(id);
    if (isRemoval(above.value)) {
      if (at === -1) faults.push({ place: own.yaml.place([...above.path, 'id']), message: `${String(own.path.at(-1))}: there is no "${id ?? ''}" to remove${didYouMean(id ?? '', ids.filter((one) => one !== null))}` });
      else [entries, ids].forEach((list) => list.splice(at, 1));
    } else if (at === -1) {
      entries.push(above);
      ids.push(id);
    } else {
      const below = entries[at];
      if (below !== undefined) entries[at] = merge(below, above, null, faults);
    }
  }
  return { value: entries.map(({ value }) => value), yaml: own.yaml, path: own.path, inside: new Map(entries.entries()) };
}

function child(of: Layered, key: PropertyKey): Layered {
  const known = of.inside?.get(key);
  if (known !== undefined) return known;
  const value: unknown = isMap(of.value) || Array.isArray(of.value) ? Reflect.get(of.value, key) : undefined;
  return whole(of.yaml, [...of.path, key], value);
}

function whole(yaml: YamlFile, path: Path, value: unknown): Layered {
  return { value, yaml, path, inside: null };
}

function itemsOf(list: Layered): Layered[] {
  return Array.isArray(list.value) ? list.value.map((_, index) => child(list, index)) : [];
}

function keysOf(value: unknown): readonly string[] {
  return isMap(value) ? Object.keys(value) : [];
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An unquoted 2 is a number to YAML; ids are texts. */
function idOf(value: unknown): string | null {
  if (!isMap(value) || !('id' in value)) return null;
  return typeof value.id === 'string' || typeof value.id === 'number' ? String(value.id) : null;
}

function isRemoval(value: unknown): boolean {
  return isMap(value) && 'remove' in value && value.remove === true && Object.keys(value).every((key) => key === 'id' || key === 'remove');
}
