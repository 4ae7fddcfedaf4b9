import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What can be done to a running process of an application from inside it. All figures 0 or absent: nothing. */
export interface Strain {
  /** Each request computes for so long before it is looked at. */
  readonly computeMs?: number;
  /** Each request waits in a synchronous call for so long: the thread stands still, the CPU is idle. */
  readonly blockMs?: number;
  /** Every so often the thread stands still for so long, whatever requests there are. */
  readonly pauseMs?: number;
  readonly pauseEveryMs?: number;
  /** Each request leaves so many bytes on the heap, for good. */
  readonly leakBytes?: number;
  /** Each request makes so many bytes of garbage. */
  readonly garbageBytes?: number;
  /** Each statement is put into a transaction that is kept open for so long after it. */
  readonly holdMs?: number;
  /** Only requests whose path contains this; default: all. */
  readonly path?: string;
}

/** Where the recorder and the processes it starts leave each other notes; absent outside a recording. */
export const NOTES_VARIABLE = 'SCALEPLAN_BENCH_NOTES';

/** Tells a process how it is to be strained from now on; it looks five times a second. */
export function writeStrain(folder: string, pid: number, strain: Strain): void {
  writeFileSync(join(folder, `${pid}.strain`), JSON.stringify(strain));
}

export function readStrain(folder: string, pid: number): Strain {
  const file = join(folder, `${pid}.strain`);
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Strain;
  } catch {
    // Half-written: the next look sees all of it.
    return {};
  }
}
