import { hrtime } from 'node:process';

/** Milliseconds of the one clock that all threads of a process share; `performance.now()` begins anew in each. */
export function nowMs(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
