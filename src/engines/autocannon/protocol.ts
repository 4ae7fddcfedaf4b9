import { z } from 'zod';
import { ERROR_KINDS, type Interval } from '../../model/interval.ts';
import type { ClosedStage } from '../../model/load.ts';
import type { Variables } from '../../scenario/variables.ts';
import type { PayloadJob } from './payloads.ts';
import type { ProgramSource } from './program.ts';

/**
 * What the worker is asked to do: the first line of its stdin. A later line `stop` lets it drain; the end of its stdin ends it.
 * One of several first says what `before` captured and waits for a line `Go`, so that all begin in the same second.
 */
export interface Job extends ProgramSource {
  /** Which worker this is, of how many; of several only the first runs `before`. */
  readonly part: { readonly index: number; readonly of: number };
  readonly stages: readonly ClosedStage[];
  readonly timeoutMs: number;
  readonly payloads: readonly PayloadJob[];
}

export const STOP = 'stop';

/** Begin at this time (of `Date.now()`), with what `before` captured. */
export interface Go {
  readonly startAtMs: number;
  readonly shared: Variables;
}

const histogram = z.strictObject({
  counts: z.array(z.number().int().min(0)), count: z.number().int().min(0),
  minUs: z.number().min(0), maxUs: z.number().min(0), sumUs: z.number().min(0),
});

const row = z.strictObject({
  journey: z.string(), step: z.string(),
  requests: z.number().int().positive(),
  errors: z.partialRecord(z.enum(ERROR_KINDS), z.number().int().positive()),
  statuses: z.record(z.string(), z.number().int().positive()),
  bytes: z.number().int().min(0),
  latency: histogram, errorLatency: histogram, ttfb: histogram,
});

const interval = z.strictObject({
  second: z.number().int().min(0), startedAtMs: z.number().positive(),
  sent: z.number().int().min(0), arrivals: z.literal(0), skipped: z.literal(0),
  rows: z.array(row),
  generator: z.strictObject({ loopUtilization: z.number().min(0).max(1), loopLagMs: z.number().min(0), shortages: z.strictObject({ ports: z.number().int().min(0), files: z.number().int().min(0) }).exactOptional() }),
});

const message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('interval'), interval }),
  z.strictObject({ type: z.literal('ready'), shared: z.record(z.string(), z.unknown()) }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
  z.strictObject({ type: z.literal('end') }),
]);

/** One line of the worker's stdout. */
export type WorkerMessage =
  | { readonly type: 'interval'; readonly interval: Interval }
  | { readonly type: 'ready'; readonly shared: Variables }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'end' };

/** Null for a line that is no message of ours. */
export function readMessage(line: string): WorkerMessage | null {
  try {
    return message.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
