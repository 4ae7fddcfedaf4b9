export interface ParsedLabels {
  readonly labels: Record<string, string>;
  /** The name of the metric where it stands inside the braces: `{"my.metric",a="b"} 1`. */
  readonly quotedName: string | null;
  /** Index behind the closing brace. */
  readonly end: number;
}

/** Reads `{a="b",c="d"}` from its opening brace on; a string says what is wrong with it. */
export function parseLabels(line: string, open: number): ParsedLabels | string {
  const labels: Record<string, string> = {};
  let quotedName: string | null = null;
  let at = skipBlanks(line, open + 1);
  while (line[at] !== '}') {
    const key = readKey(line, at);
    if (key === null) return 'a label has no name';
    at = skipBlanks(line, key.end);
    if (line[at] === '=') {
      const value = readQuoted(line, skipBlanks(line, at + 1));
      if (value === null) return `the value of label "${key.text}" is not in quotes, or they are not closed`;
      if (Object.hasOwn(labels, key.text)) return `label "${key.text}" stands there twice`;
      Object.defineProperty(labels, key.text, { value: value.text, enumerable: true });
      at = skipBlanks(line, value.end);
    } else if (key.quoted && quotedName === null) {
      quotedName = key.text;
    } else {
      return `label "${key.text}" has no value`;
    }
    if (line[at] === ',') at = skipBlanks(line, at + 1);
    else if (line[at] !== '}') return 'the labels are not closed';
  }
  return { labels, quotedName, end: at + 1 };
}

interface Piece { readonly text: string; readonly end: number }

function readKey(line: string, at: number): (Piece & { quoted: boolean }) | null {
  if (line[at] === '"') {
    const quoted = readQuoted(line, at);
    return quoted === null ? null : { ...quoted, quoted: true };
  }
  const start = /^[a-zA-Z_][a-zA-Z0-9_.:]*/.exec(line.slice(at, at + 1024))?.[0];
  return start === undefined ? null : { text: start, end: at + start.length, quoted: false };
}

function readQuoted(line: string, open: number): Piece | null {
  if (line[open] !== '"') return null;
  let text = '';
  for (let at = open + 1; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"') return { text, end: at + 1 };
    if (char === '\\') {
      at += 1;
      // An escape the format does not know is kept as it is, like the reference parser's.
      text += line[at] === 'n' ? '\n' : line[at] === '"' || line[at] === '\\' ? line[at] : `\\${line[at] ?? ''}`;
    } else {
      text += char;
    }
  }
  return null;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}
