import type { Place } from '../errors.ts';
import { readAddress, readLines } from '../model/address.ts';
import type { Source } from '../model/condition.ts';
import type { PlanFile } from '../model/plan-file.ts';
import type { Range } from '../model/plan.ts';
import { readQuantity } from '../model/quantity.ts';
import type { Quantity } from '../model/quantity.ts';
import type { Fault } from '../yaml/check.ts';
import type { YamlFile } from '../yaml/read.ts';
import { placeOfText, sayPath } from './condition-faults.ts';

export type Path = readonly (string | number)[];
type At = string | number | undefined;
type Document = PlanFile['document'];

/** A text of ours and where the document says it. */
interface CitedText {
  readonly text: string;
  readonly source: Source | null;
}

/**
 * Turns lines of the document into addresses, and collects what is wrong between the entries of a file. Every method takes
 * the path of what it speaks about: of two files laid over each other, a line of the lower one's document is no address of
 * what the upper one put in its place.
 */
export interface Citer {
  readonly faults: Fault[];
  /** The address of a map, or the one around it where it names no line. */
  of(at: At, around: Source | null, path: Path): Source | null;
  /** A text without its `@41`. */
  text(written: string, around: Source | null, path: Path): CitedText;
  /** Addresses of single figures, by the name of their field in the plan; each is given by its path in the file. */
  sources(figures: Readonly<Record<string, Path>>, around: Source | null): { readonly sources?: Readonly<Record<string, Source>> };
  /** Whether what stands there was written beside its document: then every figure needs its address. */
  isDocumented(path: Path): boolean;
  place(path: Path): Place;
  fault(path: Path, message: string): void;
}

/** `documents`: what each file says it was taken from. A file that says nothing cites the document of the one it extends. */
export function createCiter(yaml: YamlFile, documents: ReadonlyMap<string, Document>): Citer {
  const faults: Fault[] = [];
  const fileOf = new WeakMap<Source, string>();
  const toSource = (line: number, file: string): Source | null => {
    const document = documentFor(file, documents);
    if (document === undefined) return null;
    const source = { document: document.file, section: sectionAt(document, line), line };
    fileOf.set(source, file);
    return source;
  };
  const first = (lines: readonly number[], around: Source | null, path: Path): Source | null => {
    const file = yaml.fileAt(path);
    if (lines[0] !== undefined) return toSource(lines[0], file);
    return around !== null && fileOf.get(around) === file ? around : null;
  };
  return {
    faults,
    of: (at, around, path) => (at === undefined ? first([], around, path) : first(readLines(String(at)), around, [...path, 'at'])),
    text: (written, around, path) => {
      const { text: inside, lines } = readAddress(written);
      return { text: inside, source: first(lines, around, path) };
    },
    sources: (figures, around) => {
      const found = Object.entries(figures).flatMap(([name, path]): [string, Source][] => {
        const written = valueAt(yaml.value, path);
        // A map or list of figures has no line of its own behind it.
        const { lines } = typeof written === 'string' ? readAddress(written) : { lines: [] };
        const source = written === undefined ? null : first(lines, around, path);
        return source === null ? [] : [[name, source]];
      });
      return found.length === 0 ? {} : { sources: Object.fromEntries(found) };
    },
    isDocumented: (path) => documents.get(yaml.fileAt(path)) !== undefined,
    place: (path) => placeOfText(yaml, path),
    fault: (path, message) => faults.push({ place: placeOfText(yaml, path), message: `${sayPath(path)}: ${message}` }),
  };
}

/** The file's own document, or that of the nearest one below it: files are listed from the upper to the lower. */
function documentFor(file: string, documents: ReadonlyMap<string, Document>): Document {
  const files = [...documents.keys()];
  return files.slice(Math.max(0, files.indexOf(file))).map((name) => documents.get(name)).find((document) => document !== undefined);
}

function sectionAt(document: NonNullable<Document>, line: number): string {
  const begun = Object.entries(document.sections).filter(([begins]) => Number(begins) <= line);
  return begun.toSorted(([a], [b]) => Number(a) - Number(b)).at(-1)?.[1] ?? '';
}

function valueAt(value: unknown, path: Path): unknown {
  let inside = value;
  for (const key of path) {
    if (typeof inside !== 'object' || inside === null) return undefined;
    inside = Reflect.get(inside, key);
  }
  return inside;
}

/** A figure the schema has already found to be one. */
export function quantityOf(written: string | number): Quantity {
  const { text } = readAddress(String(written));
  const quantity = readQuantity(text);
  if (quantity === null) throw new Error(`not a figure: ${text}`);
  return quantity;
}

export function rangeOf(written: string | number): Range {
  const { min, max } = quantityOf(written);
  return { min, max };
}

export function rangeOrNull(written: string | number | undefined): Range | null {
  return written === undefined ? null : rangeOf(written);
}

export function numberOf(written: string | number): number {
  return quantityOf(written).min;
}
