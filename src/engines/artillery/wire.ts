import { hrtime } from 'node:process';
import type { GeneratorState, IntervalRow } from '../../model/interval.ts';

/**
 * What our plugin inside artillery and the driver outside say to each other: one JSON object a line over a local socket.
 * Moments are in µs of the machine's monotonic clock (`process.hrtime`), which threads and processes share.
 */
export type FromPlugin =
  | { readonly t: 'main' }
  | { readonly t: 'worker'; readonly worker: number; readonly of: number }
  /** The first phase has begun: this is second 0. */
  | { readonly t: 'begun'; readonly atUs: number; readonly atMs: number }
  /** Every arrival has been made. */
  | { readonly t: 'launched' }
  | WorkerSecond
  /** No virtual user is left (after `stop`: no request is in flight). */
  | { readonly t: 'idle'; readonly worker: number }
  | { readonly t: 'end'; readonly worker: number }
  /** The main thread is about to end the process. */
  | { readonly t: 'closing' };

/** One second of one worker. */
export interface WorkerSecond {
  readonly t: 'second';
  readonly worker: number;
  readonly second: number;
  readonly sent: number;
  readonly arrivals: number;
  readonly inFlight: number;
  readonly rows: readonly IntervalRow[];
  readonly generator: GeneratorState;
}

export type ToPlugin =
  | { readonly t: 'begin'; readonly atUs: number }
  | { readonly t: 'launched' }
  /** Start no journey and no request any more. */
  | { readonly t: 'stop' }
  /** To the main thread: end the run now. */
  | { readonly t: 'finish' }
  /** To the main thread: everything has arrived, the process may end. */
  | { readonly t: 'ack' };

/** How the plugin finds the driver, as JSON in the environment variable `SCALEPLAN_ARTILLERY`. */
export interface PluginSettings {
  readonly socket: string;
  readonly timeoutMs: number;
  readonly hasHeaders: boolean;
}

const KINDS = new Set(['main', 'worker', 'begun', 'launched', 'second', 'idle', 'end', 'closing']);

/** Null for a line that is none of ours. The fields are trusted: both ends are built together. */
export function readFromPlugin(line: string): FromPlugin | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('t' in value) || !KINDS.has(String(value.t))) return null;
    return value as FromPlugin; // checked by its kind, see above
  } catch {
    return null;
  }
}

export function monotonicUs(): number {
  return Number(hrtime.bigint() / 1000n);
}
