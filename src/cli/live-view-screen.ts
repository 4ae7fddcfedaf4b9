import type { Screen } from './host.ts';

/** A block of lines at the end of what was written, replaced as a whole; what stands above it is never touched. */
export interface Block {
  /** Lines must be narrower than the screen: one that wraps could not be found again. */
  readonly draw: (lines: readonly string[]) => void;
  readonly clear: () => void;
}

/** Moves nothing but upwards by as many lines as it has drawn itself, on a screen that still has the size it was drawn on. */
export function createBlock(screen: Screen): Block {
  let drawn = 0;
  let size = '';
  const sizeNow = (): string => `${screen.columns()}x${rowsOf(screen)}`;
  const home = (): string => {
    if (drawn === 0) return '';
    // After a change of size nobody knows where our lines are now: the old block stays, a new one begins below it.
    if (sizeNow() !== size) return '\n';
    return drawn > 1 ? `\r${ESCAPE}[${drawn - 1}A` : '\r';
  };
  return {
    draw: (lines) => {
      screen.write(`${home()}${lines.map((line) => `${line}${ESCAPE}[K`).join('\n')}${ESCAPE}[J`);
      drawn = lines.length;
      size = sizeNow();
    },
    clear: () => {
      if (drawn > 0) screen.write(`${home()}\r${ESCAPE}[J`);
      drawn = 0;
    },
  };
}

/** Lines of the screen; 24 where nobody says. */
export function rowsOf(screen: Screen): number {
  return screen.rows?.() ?? 24;
}

const ESCAPE = '\u001b';
