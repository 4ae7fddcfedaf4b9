import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { LineCounter, parseDocument } from 'yaml';
import type { Document, YAMLError } from 'yaml';

import { ScaleplanError } from '../errors.ts';
import type { ErrorCode, Place } from '../errors.ts';
import { didYouMean } from '../model/nearest.ts';
import { aliasesOf, findTemplateKey, locate } from './locate.ts';
import type { AliasUse, Path } from './locate.ts';

/** A YAML file (or JSON, which is YAML too) with the way back from every value to its place. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at `path` stands; of a value that is not there, the nearest one around it. */
  place(path: Path): Place;
  /** Where the key stands that holds the value at `path`. */
  keyPlace(path: Path): Place;
  /** The file in which the value at `path` was written: another than `file` where one file is laid over another. */
  fileAt(path: Path): string;
  /** The line of text a place stands on. */
  lineAt(place: Place): string;
}

/** How often an anchor may be repeated, all levels multiplied: a file written by hand stays far below, a "billion laughs" far above. */
const MAX_ALIASES = 1000;
/** Ten times the longest plan anyone is likely to write; beyond it a wrong file was named. */
const MAX_BYTES = 5_000_000;

/** Reads a text; throws `code` with `file:line:col` for everything that is not well-formed YAML, all faults in one message. */
export function readYaml(file: string, text: string, code: ErrorCode): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, keepSourceTokens: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) throw notWellFormed(document.errors.map((error) => atItsIndent(error, text)), at, code);
  // Each look through the whole document costs time in a long file, so only a text that can hold the fault is gone through.
  const template = /[{?]/.test(text) ? findTemplateKey(document) : null;
  if (template !== null) {
    throw placed(code, at(template), 'a template must stand in quotes, as in "{{ name }}"; without them YAML reads a map');
  }
  const value = toValue(document, text.includes('*') ? aliasesOf(document) : [], at, code);
  if (value === null || value === undefined) {
    throw new ScaleplanError(code, `${file}:1:1  the file is empty`, { place: at(0), hint: 'Write something into it, or name another file.' });
  }
  let textLines: readonly string[] | null = null;
  return {
    file,
    value,
    place: (path) => at(locate(document, path, 'value')),
    keyPlace: (path) => at(locate(document, path, 'key')),
    fileAt: () => file,
    lineAt: ({ line }) => (textLines ??= text.split('\n'))[line - 1] ?? '',
  };
}

/** Reads a file; also answers for what is missing, a directory, unreadable, too large or not UTF-8. */
export async function readYamlFile(file: string, code: ErrorCode): Promise<YamlFile> {
  return readYaml(file, await readText(file, code), code);
}

/** The text of a file the user named, decoded strictly as UTF-8. */
export async function readText(file: string, code: ErrorCode): Promise<string> {
  const bytes = await readFile(file).catch(async (cause: NodeJS.ErrnoException) => {
    throw await notReadable(file, code, cause);
  });
  if (bytes.length > MAX_BYTES) {
    throw new ScaleplanError(code, `${file}: has ${(bytes.length / 1e6).toFixed(1)} MB; at most ${MAX_BYTES / 1e6} MB are read`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const place = placeOfBadByte(file, bytes);
    throw new ScaleplanError(code, `${show(place)}  not UTF-8`, { place, cause, hint: 'Save the file as UTF-8.' });
  }
}

/** `file:line:col`, as editors and terminals read it. */
export function show(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** An error at a place in a file; the message begins with it. */
function placed(code: ErrorCode, place: Place, message: string, hint?: string): ScaleplanError {
  return new ScaleplanError(code, `${show(place)}  ${message}`, { place, ...(hint === undefined ? {} : { hint }) });
}

async function notReadable(file: string, code: ErrorCode, cause: NodeJS.ErrnoException): Promise<ScaleplanError> {
  if (cause.code === 'ENOENT') {
    const neighbours = await readdir(dirname(file)).catch(() => null);
    const where = neighbours === null ? `${file}: no such file; the folder does not exist either` : `${file}: no such file`;
    return new ScaleplanError(code, where + didYouMean(basename(file), neighbours ?? []), { cause });
  }
  if (cause.code === 'EISDIR') return new ScaleplanError(code, `${file}: is a folder, expected a file`, { cause });
  if (cause.code === 'EACCES' || cause.code === 'EPERM') return new ScaleplanError(code, `${file}: may not be read (permission denied)`, { cause });
  return new ScaleplanError(code, `${file}: cannot be read (${cause.code ?? cause.message})`, { cause });
}

/** What the parser's terse codes mean for somebody who just wants the file to work. */
const EXPECTED: Readonly<Record<string, string>> = {
  BAD_INDENT: 'wrong indent; expected the same number of spaces as the entries beside it',
  TAB_AS_INDENT: 'a tab; expected spaces for indentation',
  DUPLICATE_KEY: 'the key stands here a second time; expected every key once',
  MULTIPLE_DOCS: 'a second document begins; expected one document in a file',
  BLOCK_AS_IMPLICIT_KEY: 'a map where a value stands already; expected the indent of the entries beside it, or quotes around a text that holds ": "',
  MISSING_CHAR: 'a character is missing',
  UNEXPECTED_TOKEN: 'not expected here',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes; expected single quotes or a doubled backslash',
};

/** What the parser says of a place, in its order. */
interface Misread {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
}

/** What comes after a text has gone so wrong follows from it. */
const MOST_SHOWN = 20;

function notWellFormed(errors: readonly Misread[], at: (offset: number) => Place, code: ErrorCode): ScaleplanError {
  const sorted = errors.toSorted((a, b) => a.offset - b.offset);
  const lines = sorted.slice(0, MOST_SHOWN).map((error) => {
    const known = EXPECTED[error.code];
    return `${show(at(error.offset))}  ${known === undefined ? error.message : `${known} (${error.message})`}`;
  });
  const more = sorted.length > MOST_SHOWN ? [`… and ${sorted.length - MOST_SHOWN} more`] : [];
  const first = sorted[0];
  return new ScaleplanError(code, [...new Set(lines), ...more].join('\n'), first === undefined ? {} : { place: at(first.offset) });
}

/** A line that is indented too deep continues the value before it to the parser, which then complains of that one. */
function atItsIndent({ code, pos: [from, to], message }: YAMLError, text: string): Misread {
  const isContinued = code === 'MULTILINE_IMPLICIT_KEY' || code === 'BLOCK_AS_IMPLICIT_KEY';
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const rest = /^[^\n]*\n\s*(?=\S)/.exec(text.slice(from, Math.max(to, from + 500)));
  // Of `a: b: c` the fault is in the line itself, and of `title` without its colon, too.
  const isOwnFault = rest === null || isKey(rest[0]) || text.slice(lineStart, from).trim() === '';
  if (!isContinued || isOwnFault || !isKey(text.slice(from + rest[0].length))) return { code, offset: from, message };
  return { code: 'BAD_INDENT', offset: from + rest[0].length, message: 'the line continues the value above' };
}

function isKey(text: string): boolean {
  return /^[^\n]*?:(?:\s|$)/.test(text);
}

function toValue(document: Document, aliases: readonly AliasUse[], at: (offset: number) => Place, code: ErrorCode): unknown {
  const wrong = aliases.find((alias) => alias.target !== 'known');
  if (wrong?.target === 'unknown') throw placed(code, at(wrong.offset), `no anchor "&${wrong.name}" stands before this alias`);
  if (wrong?.target === 'itself') throw placed(code, at(wrong.offset), `the alias repeats the anchor "&${wrong.name}" inside itself`);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    // The parser tells this one apart from others by its class alone, and it is the last that is left after the checks above.
    if (!(cause instanceof ReferenceError)) throw cause;
    const place = at(aliases[0]?.offset ?? 0);
    const hint = 'Write the repeated parts out, or repeat fewer of them.';
    throw placed(code, place, `anchors are repeated more than ${MAX_ALIASES} times, all levels multiplied`, hint);
  }
}

function placeOfBadByte(file: string, bytes: Buffer): Place {
  const again = new TextDecoder('utf-8').decode(bytes);
  // A replacement character that the file really contains cannot be told apart by its position alone: compare the bytes.
  for (let at = again.indexOf('\uFFFD'); at !== -1; at = again.indexOf('\uFFFD', at + 1)) {
    const before = again.slice(0, at);
    const offset = Buffer.byteLength(before);
    if (bytes.subarray(offset, offset + 3).toString('hex') === 'efbfbd') continue;
    return { file, line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
  }
  return { file, line: 1, column: 1 };
}
