import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trial } from '../model/run.ts';

/** A write of the target that can be told by an id, and a way to count afterwards how often each id was applied. */
export interface WriteSource {
  /** The request that makes the `turn`-th write; the id must reach whatever is counted. */
  request(id: string, turn: number): { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | null };
  /** How often each of these ids was applied; an id that is absent was not. Throws where it cannot be counted. */
  count(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** `unknown`: no answer, or the connection broke; it may or may not have been applied. */
interface TracedWrite {
  readonly id: string;
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
}

/** Enough to see one in some hundred go wrong within an overload of seconds, and little beside the load itself. */
const WRITES_PER_SEC = 20;
const ANSWER_LIMIT_MS = 12_000;
/** What was accepted may be applied later, by a queue; after this long without any more of it the rest is missing. */
const SETTLE_MS = 20_000;
const LOOK_AGAIN_MS = 1000;

/** Makes writes beside the load until it is told to end; each has an id of its own. Resolves when all have been answered or given up. */
export async function traceWrites(target: string, source: WriteSource, signal: AbortSignal): Promise<readonly TracedWrite[]> {
  const inFlight: Promise<TracedWrite>[] = [];
  for (let turn = 0; !signal.aborted; turn += 1) {
    inFlight.push(write(target, source, turn));
    await sleep(1000 / WRITES_PER_SEC, undefined, { signal }).catch(() => {});
  }
  return Promise.all(inFlight);
}

async function write(target: string, source: WriteSource, turn: number): Promise<TracedWrite> {
  const id = randomUUID();
  const { method, path, headers, body } = source.request(id, turn);
  try {
    const response = await fetch(new URL(path, target), {
      method, body, signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      headers: { ...(body === null ? {} : { 'content-type': 'application/json' }), 'idempotency-key': id, ...headers },
    });
    await response.arrayBuffer();
    return { id, outcome: response.ok ? 'acknowledged' : 'refused' };
  } catch {
    return { id, outcome: 'unknown' };
  }
}

/** Counts the writes afterwards: the share of acknowledged ones that are there exactly once. Null where none was acknowledged. */
export async function countWrites(source: WriteSource, writes: readonly TracedWrite[], signal: AbortSignal, when = 'under overload'): Promise<Trial | null> {
  const acknowledged = writes.filter(({ outcome }) => outcome === 'acknowledged').map(({ id }) => id);
  if (acknowledged.length === 0) return null;
  const counts = await settledCounts(source, writes.map(({ id }) => id), acknowledged, signal);
  const times = (id: string): number => counts.get(id) ?? 0;
  const missing = acknowledged.filter((id) => times(id) === 0).length;
  const doubled = writes.filter(({ id }) => times(id) > 1);
  const doubledBeyond = doubled.filter(({ outcome }) => outcome !== 'acknowledged').length;
  // A write that nobody acknowledged and that was applied twice is as wrong as one that was.
  const all = acknowledged.length + doubledBeyond;
  const good = all - missing - doubled.length;
  return {
    metric: 'service.data_consistency', value: (100 * good) / all, counted: { good, all },
    note: `${acknowledged.length} of ${writes.length} writes made ${when} were acknowledged; ${missing} of them are missing, ${doubled.length} were applied more than once${missing + doubled.length === 0 ? `; so many prove more than ${provenShare(all)} %` : ''}`,
  };
}

/** The share that so many without a fault prove at 95 % (Clopper & Pearson), rounded down. */
function provenShare(count: number): number {
  return Math.floor(1000 * 0.05 ** (1 / count)) / 10;
}

async function settledCounts(source: WriteSource, ids: readonly string[], acknowledged: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const untilMs = performance.now() + SETTLE_MS;
  let before = -1;
  for (;;) {
    const counts = await source.count(ids);
    const applied = ids.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0);
    // Complete is not enough: what is delivered twice comes later.
    const isSettled = applied === before && acknowledged.every((id) => (counts.get(id) ?? 0) > 0);
    if (isSettled || performance.now() > untilMs || signal.aborted) return counts;
    before = applied;
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}
