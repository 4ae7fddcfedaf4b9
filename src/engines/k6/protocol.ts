import { z } from 'zod';
import { ERROR_KINDS, type Interval } from '../../model/interval.ts';
import type { Payload } from '../../model/scenario.ts';
import type { Slot } from './compile.ts';

/** Changes whenever driver and extension must change together; extension/settings.go has the same number. */
export const PROTOCOL = 2;

/** What the extension reads from the file behind `--out scaleplan=`; extension/settings.go has the same fields. */
export interface K6Settings {
  readonly slots: readonly Slot[];
  readonly payloads: readonly Payload[];
  readonly timeoutMs: number;
  readonly plannedSeconds: number;
  readonly isClosed: boolean;
  /** When the first journey of an open load is due. */
  readonly firstArrivalSeconds: number;
  readonly isNative: boolean;
}

/** On the extension's stdin: nothing new is begun, what is in flight ends. */
export const STOP = 'stop';

const whole = z.number().int().min(0);
const histogram = z.strictObject({ counts: z.array(whole), count: whole, minUs: z.number().min(0), maxUs: z.number().min(0), sumUs: z.number().min(0) });
const row = z.strictObject({
  journey: z.string(), step: z.string(),
  requests: z.number().int().positive(),
  errors: z.partialRecord(z.enum(ERROR_KINDS), z.number().int().positive()),
  statuses: z.record(z.string(), z.number().int().positive()),
  bytes: whole,
  latency: histogram, errorLatency: histogram, ttfb: histogram,
});
const interval = z.strictObject({
  second: whole, startedAtMs: z.number().positive(), sent: whole, arrivals: whole, skipped: whole, rows: z.array(row),
  generator: z.strictObject({ loopUtilization: z.number().min(0).max(1), loopLagMs: z.number().min(0), shortages: z.strictObject({ ports: whole, files: whole }).exactOptional() }),
});
const ownFindings = z.strictObject({
  checks: z.array(z.strictObject({ name: z.string(), passes: whole, fails: whole })),
  thresholds: z.array(z.strictObject({ metric: z.string(), text: z.string(), passed: z.boolean() })),
});
const message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), protocol: z.number() }),
  z.strictObject({ type: z.literal('interval'), interval }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
  z.strictObject({ type: z.literal('end'), code: whole, reason: z.string(), own: ownFindings.nullable() }),
]);

/** What a script of the user's judged by itself: reported beside our verdicts. */
export type OwnFindings = z.infer<typeof ownFindings>;

/** One line of the extension's stdout. `end` is the last; its code is k6's own exit code, 0 where the load came to its end. */
export type K6Message =
  | { readonly type: 'hello'; readonly protocol: number }
  | { readonly type: 'interval'; readonly interval: Interval }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'end'; readonly code: number; readonly reason: string; readonly own: OwnFindings | null };

/** Reads such findings back from where they are kept; null for anything else. */
export function readOwnFindings(text: string): OwnFindings | null {
  try {
    return ownFindings.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Null for a line that is no message of the extension's. */
export function readMessage(line: string): K6Message | null {
  try {
    return message.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
