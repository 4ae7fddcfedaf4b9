import type { Situation } from './rule.ts';
import { meanOf } from './window.ts';

/**
 * Which share of all the time requests take is spent in parts of this many a second and this long, by Little's law on both
 * (rate × mean time = present at once); 0 … 1, null where one of the four is unknown.
 */
export function requestShare({ series, judged }: Situation, partsPerSec: number | null, partMs: number | null): number | null {
  const requestsPerSec = meanOf(series('node.requests'), judged) ?? meanOf(series('http.throughput'), judged);
  const requestMs = meanOf(series('node.request_time'), judged) ?? meanOf(series('http.mean'), judged);
  if (partsPerSec === null || partMs === null || requestsPerSec === null || requestMs === null || requestsPerSec * requestMs <= 0) return null;
  return Math.min(1, (partsPerSec * partMs) / (requestsPerSec * requestMs));
}
