import type { Series } from '../stats/series.ts';

/** Seconds of a run as [from, to). */
export type Window = readonly [from: number, to: number];

/** Mean of the readings in the window, each weighed by its events where it rests on events; null without a reading. */
export function meanOf(series: Series | null, window: Window): number | null {
  let sum = 0;
  let weight = 0;
  for (const [value, events] of readings(series, window)) {
    sum += value * events;
    weight += events;
  }
  return weight > 0 ? sum / weight : null;
}

/** Sum over the window of a per-second rate: the number of events. Null without a reading. */
export function totalOf(series: Series | null, window: Window): number | null {
  let sum = 0;
  let any = false;
  for (const [value] of readings(series, window)) {
    sum += value;
    any = true;
  }
  return any ? sum : null;
}

/** The q-quantile of the readings (nearest rank), unweighted; null without a reading. */
export function quantileOf(series: Series | null, window: Window, q: number): number | null {
  const values = [...readings(series, window)].map(([value]) => value).sort((a, b) => a - b);
  return values[Math.max(0, Math.ceil(q * values.length) - 1)] ?? null;
}

/** Longest stretch of seconds in which the sign stood; a missing reading neither ends nor lengthens it. */
export function longestStretch(series: Series | null, window: Window, sign: (value: number) => boolean): number {
  let longest = 0;
  let current = 0;
  for (const [value] of readings(series, window)) {
    current = sign(value) ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** The second from which the sign stood for `seconds` readings in a row, searched over the whole run; null if never. */
export function onsetOf(series: Series | null, sign: (value: number) => boolean, seconds: number): number | null {
  if (!series) return null;
  let start: number | null = null;
  let stood = 0;
  for (const [second, value] of series.values.entries()) {
    if (Number.isNaN(value)) continue;
    if (!sign(value)) {
      start = null;
      stood = 0;
      continue;
    }
    start ??= second;
    stood += 1;
    if (stood >= seconds) return start;
  }
  return null;
}

function* readings(series: Series | null, [from, to]: Window): Generator<[value: number, events: number]> {
  if (!series) return;
  const end = Math.min(to, series.values.length);
  for (let second = Math.max(0, from); second < end; second += 1) {
    const value = series.values[second] ?? Number.NaN;
    if (!Number.isNaN(value)) yield [value, series.weights?.[second] ?? 1];
  }
}
