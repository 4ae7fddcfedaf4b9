import { EXIT, ScaleplanError, type ExitCode } from '../errors.ts';

/** One thing that was looked at before a run. `fail`: a run could not be carried out, or would prove nothing. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it; null where nothing need be done. */
  readonly hint: string | null;
  /** Of a failure: what `test` would end with. */
  readonly exitCode?: ExitCode;
}

export function ok(check: string, detail: string, hint: string | null = null): Finding {
  return { check, status: 'ok', detail, hint };
}

export function warn(check: string, detail: string, hint: string): Finding {
  return { check, status: 'warn', detail, hint };
}

export function fail(check: string, detail: string, hint: string): Finding {
  return { check, status: 'fail', detail, hint, exitCode: EXIT.invalid };
}

/** A known error, as the failure it would be; anything else is a bug of ours and stays one. */
export function failedBy(check: string, error: unknown): Finding {
  if (!(error instanceof ScaleplanError)) throw error;
  return { check, status: 'fail', detail: error.message, hint: error.hint, exitCode: error.exitCode };
}
