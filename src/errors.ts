/**
 * What a process of ours may end with. The table of meanings stands in docs/exit-codes.md; CI relies on it.
 */
export const EXIT = {
  passed: 0,
  failed: 1,
  usage: 2,
  invalid: 3,
  inconclusive: 4,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every way scaleplan itself can fail, and the exit code that tells CI whose turn it is. */
const CODES = {
  'wrong-usage': EXIT.usage,
  'wrong-configuration': EXIT.usage,
  'wrong-plan': EXIT.usage,
  'wrong-scenario': EXIT.usage,
  'unknown-name': EXIT.usage,
  'target-not-allowed': EXIT.usage,
  'run-not-found': EXIT.usage,
  'run-not-readable': EXIT.usage,
  'wrong-results': EXIT.usage,
  'reporter-failed': EXIT.usage,
  'output-not-writable': EXIT.invalid,
  'target-down': EXIT.invalid,
  'engine-missing': EXIT.invalid,
  'engine-failed': EXIT.invalid,
  'engine-cannot': EXIT.usage,
  'server-missing': EXIT.invalid,
  'server-failed': EXIT.invalid,
  'probe-refused': EXIT.invalid,
  'experiment-failed': EXIT.invalid,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof CODES;

/** Known codes, for the generated error list and the test that holds it true. */
export const ERROR_CODES = CODES;

/** A place in a file the user wrote; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The one error class for everything a user can cause and mend.
 * It is printed as `message` + `hint`, without a stack; anything else that is thrown is a bug of ours and keeps its stack.
 */
export class ScaleplanError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly exitCode: ExitCode;
  readonly place: Place | null;

  constructor(code: ErrorCode, message: string, more: { hint?: string; cause?: unknown; place?: Place } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'ScaleplanError';
    this.code = code;
    this.hint = more.hint ?? null;
    this.exitCode = CODES[code];
    this.place = more.place ?? null;
  }
}
