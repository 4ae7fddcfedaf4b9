import type { Situation } from '../rule.ts';
import { levelOf } from '../window.ts';

/** Half of all the time requests spend: whatever else is improved, this part remains the larger one. */
export const TIME_SHARE = 0.5;
/** A few milliseconds are nothing that a person waits for, whatever share of a fast answer they are. */
export const FELT_QUERY_MS = 20;
/** Twice its own time at a quarter of the load: it degrades with load, rather than being slow by nature. */
export const DEGRADED_FACTOR = 2;

/** Requests present at once: counted by the client; else by Little's law (rate × mean time), with its figures or the application's. Null where neither is known. */
export function requestsPresent({ series, judged, client }: Situation): number | null {
  const counted = levelOf(client?.inFlight ?? null, judged);
  // A handful a second is hardly ever present when a second ends: the law is the better estimate then.
  if (counted !== null && counted >= 1) return counted;
  const [perSec, ms] = [levelOf(series('http.throughput'), judged), levelOf(series('http.mean'), judged)];
  if (perSec !== null && ms !== null) return (perSec * ms) / 1000;
  const [ownPerSec, ownMs] = [levelOf(series('node.requests'), judged), levelOf(series('node.request_time'), judged)];
  return ownPerSec === null || ownMs === null ? counted : (ownPerSec * ownMs) / 1000;
}

/**
 * Which share of all the time requests take is spent in parts of this many a second and this long, by Little's law
 * (rate × mean time = present at once); 0 … 1, null where one of them is unknown.
 */
export function requestShare(situation: Situation, partsPerSec: number | null, partMs: number | null): number | null {
  return partsPerSec === null || partMs === null ? null : shareOfPresent(situation, (partsPerSec * partMs) / 1000);
}

/** The same for parts that were counted while they were under way. */
export function shareOfPresent(situation: Situation, partsPresent: number): number | null {
  const present = requestsPresent(situation);
  return present === null || present <= 0 ? null : Math.min(1, partsPresent / present);
}

/** How many times its level at a quarter of the load a figure has; null where there is no such stage, or it was 0 in it. */
export function growthOf({ series, reference, judged }: Situation, metric: Parameters<Situation['series']>[0]): number | null {
  const [before, now] = [reference ? levelOf(series(metric), reference) : null, levelOf(series(metric), judged)];
  return before === null || now === null || before <= 0 ? null : now / before;
}
