import type { Comparison } from '../model/condition.ts';
import { metricOf } from '../model/metrics.ts';
import type { Run, RunStep } from '../model/run.ts';
import { compare, type Limit } from './compare.ts';
import { exactly, type Figure } from './figure.ts';
import { unread } from './probe-figure.ts';
import { countsEvents, windowReader, type WindowReader } from './windows.ts';
import { saySeconds, sayValue } from './words.ts';

type Window = readonly [from: number, to: number];

/** What a condition with `for` or `in` came to; `holds: null` is inconclusive. */
interface SpanOutcome {
  readonly holds: boolean | null;
  readonly figure: Figure | null;
  readonly reason: string;
  readonly measured: boolean;
}

/**
 * A comparison that must hold `for` a time without a gap, or whose events are counted `in` a sliding window. Second by
 * second, without bounds: the duration is the author's own guard against noise. `must` tells a threshold, which every
 * window has to keep, from a sign, which one window is enough to fire. Seconds that nobody read decide nothing: where they
 * could have, the outcome is open.
 */
export function judgeSpan(run: Run, steps: readonly RunStep[], asked: Comparison, windows: readonly Window[], limit: Limit, must: boolean): SpanOutcome {
  const read = windowReader(run, steps, asked);
  if (read === null) {
    const row = metricOf(asked.metric);
    const why = row === undefined ? null : unread(run, asked.metric, row);
    return { holds: null, figure: null, measured: false, reason: why !== null && 'reason' in why ? why.reason : `${asked.metric} was not read` };
  }
  const stretches = joined(windows);
  if (stretches.every(([from, to]) => read(from, to).figure === null)) return { holds: null, figure: null, measured: true, reason: 'no reading in the judged seconds' };
  const size = asked.inSeconds === null ? 1 : Math.ceil(asked.inSeconds);
  const slid = stretches.map((stretch) => slide(stretch, size, read, asked, limit));
  return asked.forSeconds === null ? judgeIn({ stretches, slid, size, read }, asked, limit, must) : judgeFor(stretches, slid, asked, size);
}

/** A window that ends in one second of a stretch: what it came to, and whether it holds; null: nobody can say. */
interface Slid {
  readonly figure: Figure | null;
  readonly holds: boolean | null;
}

/** Stages that follow each other without a pause are one stretch of time. */
function joined(windows: readonly Window[]): Window[] {
  const stretches: Window[] = [];
  for (const [from, to] of windows.toSorted((a, b) => a[0] - b[0])) {
    const last = stretches.at(-1);
    if (last !== undefined && from <= last[1]) stretches[stretches.length - 1] = [last[0], Math.max(last[1], to)];
    else stretches.push([from, to]);
  }
  return stretches;
}

function slide([from, to]: Window, size: number, read: WindowReader, asked: Comparison, limit: Limit): Slid[] {
  return Array.from({ length: Math.max(0, to - from - size + 1) }, (_, at) => {
    const { figure, isWhole } = read(from + at, from + at + size);
    return { figure, holds: figure === null ? null : settled(figure, isWhole, asked, limit) };
  });
}

/** Events counted in less than the window can only grow in number: over the limit already is over the limit. */
function settled(figure: Figure, isWhole: boolean, asked: Comparison, limit: Limit): boolean | null {
  const holds = compare(figure, asked.op, limit, false);
  if (isWhole) return holds;
  if (!countsEvents(asked) || asked.op === '==') return null;
  const isBelow = asked.op === '<' || asked.op === '<=';
  return isBelow === (holds === false) ? holds : null;
}

function judgeFor(stretches: readonly Window[], slid: readonly (readonly Slid[])[], asked: Comparison, size: number): SpanOutcome {
  const needed = asked.forSeconds ?? 0;
  const all = slid.flat();
  const longest = Math.max(0, ...slid.map((states) => longestRun(states, ({ holds }) => holds === true)));
  // Had every second that nobody read been a bad one, it could have held this long.
  const possible = Math.max(0, ...slid.map((states) => longestRun(states, ({ holds }) => holds !== false)));
  const trueSeconds = all.filter(({ holds }) => holds === true).length;
  const unread = all.filter(({ holds }) => holds === null).length;
  const present = all.flatMap(({ figure }) => (figure === null ? [] : [figure.observed]));
  const figure = present.length === 0 ? null : exactly(present.reduce((sum, value) => sum + value, 0) / present.length, present.length);
  const told = `it held for ${saySeconds(longest)} at most, ${saySeconds(trueSeconds)} in all`;
  if (longest >= needed) return { holds: true, figure, measured: true, reason: `it held for ${saySeconds(longest)}; ${saySeconds(needed)} count` };
  const isLongEnough = Math.max(...slid.map(({ length }) => length)) >= needed;
  if (isLongEnough && possible < needed) return { holds: false, figure, measured: true, reason: `${told}; ${saySeconds(needed)} count` };
  if (isLongEnough) return { holds: null, figure, measured: true, reason: `${told}, and ${saySeconds(unread)} cannot be judged; ${saySeconds(needed)} count` };
  const seconds = stretches.reduce((sum, [from, to]) => sum + to - from, 0);
  const pieces = stretches.length > 1 ? ` in ${stretches.length} pieces` : '';
  return { holds: null, figure, measured: true, reason: `needs ${saySeconds(needed + size - 1)}, the run had ${saySeconds(seconds)}${pieces}; true for ${saySeconds(trueSeconds)} of them` };
}

interface Windows {
  readonly stretches: readonly Window[];
  readonly slid: readonly (readonly Slid[])[];
  readonly size: number;
  readonly read: WindowReader;
}

function judgeIn({ stretches, slid, size, read }: Windows, asked: Comparison, limit: Limit, must: boolean): SpanOutcome {
  const isTooShort = slid.every(({ length }) => length === 0);
  const windows = isTooShort ? stretches.map((stretch) => cutShort(stretch, read, asked, limit)) : slid.flat();
  const worst = worstOf(windows, asked, must);
  const unit = asked.relativeTo === null ? asked.unit : (metricOf(asked.metric)?.unit ?? asked.unit);
  const told = `${must ? 'worst' : 'clearest'} ${saySeconds(size)}: ${worst === null ? 'nothing known' : sayValue(worst.observed, unit)}`;
  // A threshold breaks in one window, a sign fires in one.
  if (windows.some(({ holds }) => holds === !must)) return { holds: !must, figure: worst, measured: true, reason: told };
  const unknown = windows.filter(({ holds }) => holds === null).length;
  if (unknown === 0) return { holds: must, figure: worst, measured: true, reason: told };
  if (!isTooShort) return { holds: null, figure: worst, measured: true, reason: `${told}; ${unknown} of ${windows.length} windows cannot be judged` };
  const longest = Math.max(...stretches.map(([from, to]) => to - from));
  return { holds: null, figure: worst, measured: true, reason: `needs ${saySeconds(size)}, the run had ${saySeconds(longest)}; ${told}` };
}

function cutShort([from, to]: Window, read: WindowReader, asked: Comparison, limit: Limit): Slid {
  const { figure } = read(from, to);
  return { figure, holds: figure === null ? null : settled(figure, false, asked, limit) };
}

/** A threshold is as good as its worst window, a sign as strong as its clearest; of windows that decide, if some do. */
function worstOf(windows: readonly Slid[], asked: Comparison, must: boolean): Figure | null {
  const isBelow = asked.op === '<' || asked.op === '<=';
  const decided = windows.filter(({ holds }) => holds !== null);
  const figures = (decided.length > 0 ? decided : windows).flatMap(({ figure }) => (figure === null ? [] : [figure]));
  const [first, ...others] = figures;
  if (first === undefined) return null;
  return others.reduce((a, b) => ((isBelow === must ? b.observed > a.observed : b.observed < a.observed) ? b : a), first);
}

function longestRun(states: readonly Slid[], counts: (state: Slid) => boolean): number {
  let [longest, current] = [0, 0];
  for (const state of states) {
    current = counts(state) ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}
