import type { Unsupported } from '../model/scenario.ts';
import type { Fault } from '../yaml/check.ts';
import type { Path } from '../yaml/locate.ts';
import { nearest } from '../model/nearest.ts';
import type { YamlFile } from '../yaml/read.ts';

/** What reading a script has brought to light, gathered so that all of it can be told at once. */
export interface Notes {
  readonly faults: Fault[];
  readonly unsupported: Unsupported[];
}

/** A value in a script, with its place: reads what is expected there and notes a fault where it is something else. */
export class Cursor {
  readonly value: unknown;
  readonly path: Path;
  readonly notes: Notes;
  readonly #yaml: YamlFile;

  private constructor(yaml: YamlFile, notes: Notes, path: Path, value: unknown) {
    this.#yaml = yaml;
    this.notes = notes;
    this.path = path;
    this.value = value;
  }

  static of(yaml: YamlFile): Cursor {
    return new Cursor(yaml, { faults: [], unsupported: [] }, [], yaml.value);
  }

  get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** Where the value stands; of a value with a key, a map or list is looked for at its key. */
  get place(): Fault['place'] {
    return this.#yaml.place(this.path);
  }

  get keyPlace(): Fault['place'] {
    return this.#yaml.keyPlace(this.path);
  }

  at(key: string | number): Cursor {
    const inside = typeof this.value === 'object' && this.value !== null && Object.hasOwn(this.value, key) ? Reflect.get(this.value, key) : undefined;
    return new Cursor(this.#yaml, this.notes, [...this.path, key], inside);
  }

  fault(message: string): void {
    this.notes.faults.push({ place: this.place, message });
  }

  /** Marks something that only artillery can do. */
  beyond(what: string): void {
    this.notes.unsupported.push({ place: this.keyPlace, what });
  }

  keys(): readonly string[] {
    return isMap(this.value) ? Object.keys(this.value) : [];
  }

  /** The entries of a map; nothing, with a fault, where it is none. */
  entries(what: string): readonly (readonly [key: string, value: Cursor])[] {
    if (!this.exists) return [];
    if (isMap(this.value)) return Object.keys(this.value).map((key) => [key, this.at(key)]);
    this.fault(`${what}: expected a map, got ${inWords(this.value)}`);
    return [];
  }

  items(what: string): readonly Cursor[] {
    if (!this.exists) return [];
    if (Array.isArray(this.value)) return this.value.map((_, index) => this.at(index));
    this.fault(`${what}: expected a list, got ${inWords(this.value)}`);
    return [];
  }

  /** A list, or one entry without the list around it, as artillery takes it in many places. */
  oneOrMore(): readonly Cursor[] {
    if (!this.exists) return [];
    return Array.isArray(this.value) ? this.value.map((_, index) => this.at(index)) : [this];
  }

  text(what: string): string | null {
    if (!this.exists) return null;
    if (typeof this.value === 'string') return this.value;
    if (typeof this.value === 'number' || typeof this.value === 'boolean') return String(this.value);
    this.fault(`${what}: expected a text, got ${inWords(this.value)}`);
    return null;
  }

  /** A map whose values are texts; numbers and booleans become texts, as on the wire. */
  texts(what: string): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [key, value] of this.entries(what)) {
      if (Array.isArray(value.value)) value.beyond(`a list as ${what} "${key}"`);
      else found[key] = value.exists ? (value.text(`${what} "${key}"`) ?? '') : '';
    }
    return found;
  }

  /**
   * Goes through the keys of a map: `read` ones are left alone, `beyond` ones marked as artillery's own, a near miss of either is a fault,
   * and anything else is marked too, because artillery lets it pass.
   */
  sort(keys: { readonly read: readonly string[]; readonly beyond: readonly string[]; readonly of: string }): void {
    for (const key of this.keys()) {
      if (keys.read.includes(key)) continue;
      const meant = keys.beyond.includes(key) ? null : nearest(key, [...keys.read, ...keys.beyond]);
      if (meant === null) this.at(key).beyond(`"${key}" of ${keys.of}`);
      else this.notes.faults.push({ place: this.at(key).keyPlace, message: `unknown key "${key}" in ${keys.of}; did you mean "${meant}"?` });
    }
  }
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function inWords(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value);
}
