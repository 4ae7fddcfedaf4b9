import { Chalk, type ChalkInstance } from 'chalk';

/** Everything the program takes from the process it runs in, in one place: the rest of the code can be read, and tested, without it. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The result. */
  readonly out: Screen;
  /** Progress and messages. */
  readonly err: Screen;
  readonly now: () => number;
  /** Asks the person at the terminal; absent where nobody sits there. */
  readonly ask?: (question: string) => Promise<string>;
  /** Calls back on the first Ctrl-C or SIGTERM; a second one ends the process at once. Returns the undo. */
  readonly onInterrupt: (stop: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void;
}

export interface Screen {
  readonly write: (text: string) => void;
  /** Whether somebody watches, and what was written can be written over: neither in a pipe nor on a CI nor on a dumb terminal. */
  readonly isTerminal: boolean;
  /** Readable width; 80 where nobody says. */
  readonly columns: () => number;
  /** Lines of the screen; absent where nobody says. */
  readonly rows?: () => number;
  readonly chalk: ChalkInstance;
}

export function createHost(): Host {
  return {
    argv: process.argv,
    env: process.env,
    cwd: process.cwd(),
    out: screenOf(process.stdout, process.env),
    err: screenOf(process.stderr, process.env),
    now: () => Date.now(),
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
    onInterrupt,
  };
}

/** Lines that came before their question, as when answers are pasted. */
const typed: string[] = [];
let answer: ((line: string) => void) | null = null;
let isListening = false;
let isOver = false;

/** On stderr: stdout is the result. An end of input (Ctrl-D) is the empty answer. */
async function ask(question: string): Promise<string> {
  if (!isListening) await listen();
  process.stderr.write(question);
  if (isOver && typed.length === 0) return '';
  process.stdin.ref();
  const line = typed.shift() ?? await new Promise<string>((resolve) => { answer = resolve; });
  // Between questions the terminal must not keep the process alive.
  process.stdin.unref();
  return line;
}

async function listen(): Promise<void> {
  isListening = true;
  const { createInterface } = await import('node:readline');
  const take = (line: string): void => {
    if (answer === null) typed.push(line);
    else answer(line);
    answer = null;
  };
  createInterface({ input: process.stdin }).on('line', take).once('close', () => {
    isOver = true;
    take('');
  });
}

/** Lets pending output drain, unlike process.exit. */
export function setExitCode(code: number): void {
  process.exitCode = code;
}

function screenOf(stream: NodeJS.WriteStream, env: Host['env']): Screen {
  // `scaleplan … | head` closes the pipe early: that is no error of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY && env['TERM'] !== 'dumb' && (env['CI'] ?? 'false') === 'false',
    columns: () => stream.columns ?? 80,
    rows: () => stream.rows ?? 24,
    chalk: new Chalk({ level: colourLevel(stream, env) }),
  };
}

/** NO_COLOR (no-color.org) before FORCE_COLOR before what the terminal can do. */
function colourLevel(stream: NodeJS.WriteStream, env: Host['env']): 0 | 1 | 2 | 3 {
  if (env['NO_COLOR']) return 0;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] === '0' || env['FORCE_COLOR'] === 'false' ? 0 : 1;
  if (!stream.isTTY || env['TERM'] === 'dumb') return 0;
  return stream.getColorDepth() >= 24 ? 3 : 1;
}

const EXIT_ON_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** npm passes on the Ctrl-C that the terminal has already sent to every process of the group: one press, two signals. */
const SAME_PRESS_MS = 100;

function onInterrupt(stop: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
  let askedAtMs: number | null = null;
  const handle = (signal: NodeJS.Signals): void => {
    const name = signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
    if (askedAtMs === null) {
      askedAtMs = performance.now();
      stop(name);
    } else if (performance.now() - askedAtMs > SAME_PRESS_MS) {
      // Children die with us: the reaper sees the pipe close.
      process.exit(EXIT_ON_SIGNAL[name]);
    }
  };
  process.on('SIGINT', handle).on('SIGTERM', handle).on('SIGHUP', handle);
  return () => {
    // Once asked to stop, reports are still being written: a second press then is the same second press.
    if (askedAtMs === null) process.off('SIGINT', handle).off('SIGTERM', handle).off('SIGHUP', handle);
  };
}
