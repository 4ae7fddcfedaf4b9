/** What is wrong with a text, and where in it; columns count from 1. */
export interface TextProblem {
  readonly column: number;
  readonly message: string;
}

/** Thrown inside a parser and turned into a result at its border. */
export class TextFault extends Error {
  readonly column: number;
  constructor(column: number, message: string) {
    super(message);
    this.column = column;
  }
}

/** A place in a text that moves forward as words are taken. White space between words has no meaning. */
export interface Scanner {
  /** Column of the next word. */
  column(): number;
  atEnd(): boolean;
  /** Takes what the pattern matches here; null and no move where it does not. */
  take(pattern: RegExp): string | null;
  /** What comes next, for messages. */
  next(): string;
}

export function scan(text: string): Scanner {
  let at = 0;
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  return {
    column: () => (skip(), at + 1),
    atEnd: () => (skip(), at >= text.length),
    take: (pattern) => {
      skip();
      const sticky = new RegExp(pattern.source, 'y');
      sticky.lastIndex = at;
      const found = sticky.exec(text)?.[0];
      if (found === undefined || found === '') return null;
      at += found.length;
      return found;
    },
    next: () => {
      skip();
      const word = /^(?:[\w.]+|[<>=!]+|.)/u.exec(text.slice(at))?.[0];
      return word === undefined ? 'the end' : `"${word.slice(0, 30)}"`;
    },
  };
}
