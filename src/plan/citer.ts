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

/** A text of ours and where the document says it. */
interface CitedText {
  readonly text: string;
  readonly source: Source | null;
}

/** Turns lines of the document into addresses, and collects what is wrong between the entries of a file. */
export interface Citer {
  readonly faults: Fault[];
  /** The address of a map, or the one around it where it names no line. */
  of(at: At, around: Source | null): Source | null;
  /** A text without its `@41`. */
  text(written: string, around: Source | null): CitedText;
  /** Addresses of single figures, by the name of their field in the plan. */
  sources(figures: Readonly<Record<string, string | number | undefined>>, around: Source | null): { readonly sources?: Readonly<Record<string, Source>> };
  place(path: Path): Place;
  fault(path: Path, message: string): void;
}

export function createCiter(yaml: YamlFile, fileLines: readonly string[], document: PlanFile['document']): Citer {
  const sections = Object.entries(document?.sections ?? {}).map(([line, title]) => ({ line: Number(line), title })).toSorted((a, b) => a.line - b.line);
  const faults: Fault[] = [];
  const toSource = (line: number): Source | null => {
    if (document === undefined) return null;
    return { document: document.file, section: sections.findLast((section) => section.line <= line)?.title ?? '', line };
  };
  const first = (lines: readonly number[], around: Source | null): Source | null => (lines[0] === undefined ? around : toSource(lines[0]));
  return {
    faults,
    of: (at, around) => first(at === undefined ? [] : readLines(String(at)), around),
    text: (written, around) => {
      const { text: inside, lines } = readAddress(written);
      return { text: inside, source: first(lines, around) };
    },
    sources: (figures, around) => {
      const found = Object.entries(figures).flatMap(([name, written]): [string, Source][] => {
        const source = written === undefined ? null : first(readAddress(String(written)).lines, around);
        return source === null ? [] : [[name, source]];
      });
      return found.length === 0 ? {} : { sources: Object.fromEntries(found) };
    },
    place: (path) => placeOfText(yaml, fileLines, path),
    fault: (path, message) => faults.push({ place: placeOfText(yaml, fileLines, path), message: `${sayPath(path)}: ${message}` }),
  };
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
