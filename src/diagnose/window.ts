import { readingsIn, wholly, type Series } from '../stats/series.ts';

/** Seconds of a run as [from, to). */
export type Window = readonly [from: number, to: number];

/** Fewer readings than this are no level: one of them may be noise, and with two nobody knows which. One that stands for three seconds is one. */
export const FEWEST_READINGS = 3;
/** What is left out at each end: a wrong reading must not move a figure that judges somebody's server, and when a state changes all figures must change at once, with the middle of the readings. */
const TRIMMED_SHARE = 0.25;

/**
 * Mean of the middle half of the readings, each weighed by its events where it rests on events;
 * null with fewer than three. Of three it is the middle one.
 */
export function levelOf(series: Series | null, window: Window): number | null {
  if (series === null) return null;
  const known = levels.get(series) ?? new Map<string, number | null>();
  levels.set(series, known);
  const key = window.join();
  const level = known.has(key) ? (known.get(key) ?? null) : levelIn(series, window);
  known.set(key, level);
  return level;
}

/** The parts of a long run are compared with the same seconds before and after them, thousands of times. */
const levels = new WeakMap<Series, Map<string, number | null>>();

function levelIn(series: Series, window: Window): number | null {
  if (readingsIn(series, ...window) < FEWEST_READINGS) return null;
  const sorted = [...readings(series, window)].sort(([a], [b]) => a - b);
  // A wrong reading is left out whole, all the seconds it stands for.
  const span = sorted.reduce((most, [, , second]) => Math.max(most, series.spans?.[second] ?? 1), 1);
  const cut = Math.min(Math.max(span, Math.round(TRIMMED_SHARE * sorted.length)), Math.floor((sorted.length - 1) / 2));
  const kept = sorted.slice(cut, sorted.length - cut);
  const weight = kept.reduce((sum, [, events]) => sum + events, 0);
  // Seconds without an event have no weight; where none had one, the readings count alike.
  if (weight <= 0) return kept.reduce((sum, [value]) => sum + value, 0) / kept.length;
  return kept.reduce((sum, [value, events]) => sum + value * events, 0) / weight;
}

/** Plain mean of the readings, weighed by their events; null without one. For what the client counted exactly, never for a sign. */
export function meanOf(series: Series | null, window: Window): number | null {
  let sum = 0;
  let weight = 0;
  for (const [value, events] of readings(series, window)) {
    sum += value * events;
    weight += events;
  }
  return weight > 0 ? sum / weight : null;
}

/** How many events the readings rest on. */
export function eventsOf(series: Series | null, window: Window): number {
  let sum = 0;
  for (const [, events] of readings(series, window)) sum += events;
  return sum;
}

/** Sum over the window of a per-second rate: the number of events. A rate is that of the seconds since the reading before. Null without a reading. */
export function totalOf(series: Series | null, window: Window): number | null {
  let sum = 0;
  let before: number | null = null;
  for (const [value, , second] of readings(series, window)) {
    sum += value * (second - (before ?? previousReading(series, second, window[0])));
    before = second;
  }
  return before === null ? null : sum;
}

/** Within the window: what happened before it is no part of it. */
function previousReading(series: Series | null, second: number, from: number): number {
  for (let at = second - 1; at >= from; at -= 1) if (!Number.isNaN(series?.values[at] ?? Number.NaN)) return at;
  const isReadBefore = series?.values.subarray(0, from).some((value) => !Number.isNaN(value)) ?? false;
  return isReadBefore ? from - 1 : second - 1;
}

/** The q-quantile of the readings (nearest rank), unweighted; null without a reading. */
export function quantileOf(series: Series | null, window: Window, q: number): number | null {
  const values = [...readings(series, window)].map(([value]) => value).sort((a, b) => a - b);
  return values[Math.max(0, Math.ceil(q * values.length) - 1)] ?? null;
}

/** The middle reading; null with fewer than three. */
export function medianOf(series: Series | null, window: Window): number | null {
  return countOf(series, window, () => true) < FEWEST_READINGS ? null : quantileOf(series, window, 0.5);
}

/** In how many readings the sign stood. Of one that stands for three seconds each is a third. */
export function countOf(series: Series | null, window: Window, sign: (value: number) => boolean): number {
  let count = 0;
  for (const [value, , second] of readings(series, window)) if (sign(value)) count += 1 / (series?.spans?.[second] ?? 1);
  return wholly(count);
}

/** Whether the sign stood in at least this share of the seconds that were read. */
function hasShare(share: number, series: Series | null, window: Window, sign: (value: number) => boolean): boolean {
  let [stood, all] = [0, 0];
  for (const [value] of readings(series, window)) {
    all += 1;
    if (sign(value)) stood += 1;
  }
  return stood >= share * all;
}

/** Whether the sign stood in at least this share of the seconds, and in three readings: one alone may be noise. */
export function standsFor(share: number, series: Series | null, window: Window, sign: (value: number) => boolean): boolean {
  return countOf(series, window, sign) >= FEWEST_READINGS && hasShare(share, series, window, sign);
}

/** The same, and as often in each third of the window: what stands in one part of it only is judged there, beside the other figures of that part. */
export function standsThroughout(share: number, series: Series | null, window: Window, sign: (value: number) => boolean): boolean {
  return standsFor(share, series, window, sign) && thirdsOf(window).every((third) => hasShare(share, series, third, sign));
}

/** Longest stretch of readings in which the sign stood; a missing one neither ends nor lengthens it. */
export function longestStretch(series: Series | null, window: Window, sign: (value: number) => boolean): number {
  return longest(series, window, sign, (second) => 1 / (series?.spans?.[second] ?? 1));
}

function longest(series: Series | null, window: Window, sign: (value: number) => boolean, worth: (second: number) => number): number {
  let most = 0;
  let current = 0;
  for (const [value, , second] of readings(series, window)) {
    current = sign(value) ? current + worth(second) : 0;
    most = Math.max(most, current);
  }
  return wholly(most);
}

/** The same in seconds, for people. */
export function stretchSeconds(series: Series | null, window: Window, sign: (value: number) => boolean): number {
  const gap = series === null ? 0 : middleGap(series);
  return longest(series, window, sign, () => gap);
}

/** The middle reading of each third of the window; null where a third has fewer than three. */
export function trendOf(series: Series | null, window: Window): { readonly first: number; readonly middle: number; readonly last: number } | null {
  const [first = null, middle = null, last = null] = thirdsOf(window).map((third) => medianOf(series, third));
  return first === null || middle === null || last === null ? null : { first, middle, last };
}

export function thirdsOf([from, to]: Window): Window[] {
  const third = (to - from) / 3;
  return [0, 1, 2].map((part) => [Math.round(from + part * third), Math.round(from + (part + 1) * third)] as const);
}

/** Where a sign began, and how exactly that is known: the usual distance between two readings, or what one stands for. */
export interface Onset {
  readonly second: number;
  readonly resolutionSeconds: number;
}

/** From where the sign stood for `count` readings in a row, searched over the whole run; null if never. */
export function onsetOf(series: Series | null, sign: (value: number) => boolean, count: number = FEWEST_READINGS): Onset | null {
  if (!series) return null;
  let start: number | null = null;
  let stood = 0;
  for (let second = 0; second < series.values.length; second += 1) {
    const value = series.values[second] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (!sign(value)) {
      start = null;
      stood = 0;
      continue;
    }
    start ??= second;
    stood += 1 / (series.spans?.[second] ?? 1);
    if (wholly(stood) >= count) return { second: start, resolutionSeconds: resolutionOf(series) };
  }
  return null;
}

/** The middle distance between two readings, in seconds. A reading that stands for several leaves no gap. */
function resolutionOf(series: Series): number {
  const resolution = resolutions.get(series) ?? measureResolution(series);
  resolutions.set(series, resolution);
  return resolution;
}

const resolutions = new WeakMap<Series, number>();

function measureResolution(series: Series): number {
  const spans = [...series.values.keys()].filter((second) => !Number.isNaN(series.values[second] ?? Number.NaN)).map((second) => series.spans?.[second] ?? 1).sort((a, b) => a - b);
  return Math.max(middleGap(series), spans[Math.floor(spans.length / 2)] ?? 1);
}

function middleGap(series: Series): number {
  const at: number[] = [];
  for (const [second, value] of series.values.entries()) if (!Number.isNaN(value)) at.push(second);
  const gaps = at.slice(1).map((second, index) => second - (at[index] ?? second)).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? 1;
}

function* readings(series: Series | null, [from, to]: Window): Generator<[value: number, events: number, second: number]> {
  if (!series) return;
  const end = Math.min(to, series.values.length);
  for (let second = Math.max(0, from); second < end; second += 1) {
    const value = series.values[second] ?? Number.NaN;
    if (!Number.isNaN(value)) yield [value, series.weights?.[second] ?? 1, second];
  }
}
