import type { Comparison } from '../model/condition.ts';
import { metricOf, type MetricName } from '../model/metrics.ts';
import type { Run, RunStep } from '../model/run.ts';
import { clockOf, httpSeries, sampleSeries, type RunClock, type Series } from '../stats/series.ts';
import { compare, type Limit } from './compare.ts';
import { exactly, type Figure } from './figure.ts';
import { unread, within } from './probe-figure.ts';
import { saySeconds, sayValue } from './words.ts';

type Window = readonly [from: number, to: number];

/** What a condition with `for` or `in` came to; `holds: null` is inconclusive. */
export interface SpanOutcome {
  readonly holds: boolean | null;
  readonly figure: Figure | null;
  readonly reason: string;
  readonly measured: boolean;
}

/** A reading that came late leaves one second empty and fills the next twice; a longer hole breaks a stretch. */
const HOLE_SECONDS = 2;

/**
 * A comparison that must hold `for` a time without a gap, or whose events are counted `in` a sliding window. Second by
 * second, without bounds: the duration is the author's own guard against noise. `must` tells a threshold, which every
 * window has to keep, from a sign, which one window is enough to fire.
 */
export function judgeSpan(run: Run, steps: readonly RunStep[], asked: Comparison, windows: readonly Window[], limit: Limit, must: boolean): SpanOutcome {
  const series = seriesOf(run, steps, asked);
  if (series === null) {
    const row = metricOf(asked.metric);
    const why = row === undefined ? null : unread(run, asked.metric, row);
    return { holds: null, figure: null, measured: false, reason: why !== null && 'reason' in why ? why.reason : `${asked.metric} was not read` };
  }
  // A count must not grow by a reading repeated: its holes stay holes.
  const stretches = windows.map((window) => (asked.inSeconds !== null && countsEvents(asked) ? within(series, [window]) : fillHoles(within(series, [window]))));
  const seconds = stretches.reduce((sum, { values }) => sum + values.length, 0);
  const readings = stretches.flatMap(({ values }) => values).filter((value) => !Number.isNaN(value));
  if (readings.length === 0) return { holds: null, figure: null, measured: true, reason: 'no reading in the judged seconds' };
  if (asked.forSeconds !== null) return judgeFor(stretches, seconds, asked, asked.forSeconds, limit);
  return judgeIn(stretches, asked, asked.inSeconds ?? 1, limit, must);
}

interface Stretch {
  readonly values: number[];
  readonly weights: number[] | null;
}

function judgeFor(stretches: readonly Stretch[], seconds: number, asked: Comparison, needed: number, limit: Limit): SpanOutcome {
  const slid = stretches.map((stretch) => (asked.inSeconds === null ? stretch.values : slide(stretch, asked.inSeconds, countsEvents(asked))));
  const signs = slid.map((values) => values.map((value) => !Number.isNaN(value) && compare(exactly(value, 1), asked.op, limit, false) === true));
  const longest = Math.max(...signs.map(longestTrue));
  const trueSeconds = signs.flat().filter(Boolean).length;
  const present = slid.flat().filter((value) => !Number.isNaN(value));
  const figure = exactly(present.reduce((sum, value) => sum + value, 0) / present.length, present.length);
  const told = `it held for ${saySeconds(longest)} at most, ${saySeconds(trueSeconds)} in all`;
  if (longest >= needed) return { holds: true, figure, measured: true, reason: `it held for ${saySeconds(longest)}; ${saySeconds(needed)} count` };
  const window = Math.max(...stretches.map(({ values }) => values.length));
  if (window >= needed) return { holds: false, figure, measured: true, reason: `${told}; ${saySeconds(needed)} count` };
  return { holds: null, figure, measured: true, reason: `needs ${saySeconds(needed)}, the run had ${saySeconds(seconds)}; true for ${saySeconds(trueSeconds)} of them` };
}

function judgeIn(stretches: readonly Stretch[], asked: Comparison, length: number, limit: Limit, must: boolean): SpanOutcome {
  const isBelow = asked.op === '<' || asked.op === '<=';
  const values = stretches.flatMap((stretch) => slide(stretch, length, countsEvents(asked))).filter((value) => !Number.isNaN(value));
  // A threshold is as good as its worst window, a sign as strong as its clearest.
  const extreme = isBelow === must ? Math.max(...values) : Math.min(...values);
  const figure = exactly(extreme, values.length);
  const holds = compare(figure, asked.op, limit, false);
  const told = `${must ? 'worst' : 'clearest'} ${saySeconds(length)}: ${sayValue(extreme, asked.unit)}`;
  const isWhole = stretches.some(({ values: all }) => all.length >= length);
  // Events counted in less than the window can only grow in number: over the limit already is over the limit.
  const isSettled = isWhole || (countsEvents(asked) && (isBelow ? holds === false : holds === true));
  if (isSettled) return { holds, figure, measured: true, reason: told };
  const longest = Math.max(...stretches.map(({ values: all }) => all.length));
  return { holds: null, figure, measured: true, reason: `needs ${saySeconds(length)}, the run had ${saySeconds(longest)}; ${told}` };
}

/** Values over a window that ends in each second: events summed, anything else averaged. Windows cut short count only where no whole one fits. */
function slide({ values, weights }: Stretch, length: number, sums: boolean): number[] {
  const size = Math.min(length, values.length);
  const slid: number[] = [];
  for (let end = size; end <= values.length; end += 1) {
    let [total, weight] = [0, 0];
    for (let at = end - size; at < end; at += 1) {
      const value = values[at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const share = sums ? 1 : (weights?.[at] ?? 1);
      total += value * share;
      weight += share;
    }
    slid.push(weight === 0 ? Number.NaN : sums ? total : total / weight);
  }
  return slid;
}

function countsEvents(asked: Comparison): boolean {
  return metricOf(asked.metric)?.form === 'rate';
}

function longestTrue(signs: readonly boolean[]): number {
  let [longest, current] = [0, 0];
  for (const sign of signs) {
    current = sign ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}

function fillHoles({ values, weights }: Stretch): Stretch {
  let [last, age] = [Number.NaN, 0];
  const filled = values.map((value) => {
    age = Number.isNaN(value) ? age + 1 : 0;
    if (!Number.isNaN(value)) last = value;
    return age <= HOLE_SECONDS ? last : Number.NaN;
  });
  return { values: filled, weights };
}

function seriesOf(run: Run, steps: readonly RunStep[], asked: Comparison): Series | null {
  const clock = clockOf(run);
  if (asked.metric.startsWith('http.')) return httpSeries(clock, steps, asked.metric, asked.scope);
  const instance = Object.values(asked.scope)[0];
  return shareSeries(clock, run, asked.metric, instance) ?? sampleSeries(clock, run.samples, asked.metric, instance);
}

function shareSeries(clock: RunClock, run: Run, metric: MetricName, instance: string | undefined): Series | null {
  const share = metricOf(metric)?.share;
  if (share === undefined) return null;
  const read = (name: string): Series | null => sampleSeries(clock, run.samples, name as MetricName, instance); // names of the registry
  const part = read(share.part);
  const wholes = share.whole.map(read);
  if (part === null || wholes.some((one) => one === null)) return null;
  const weights = part.values.map((_, at) => wholes.reduce((sum, one) => sum + (one?.values[at] ?? Number.NaN), 0));
  const values = part.values.map((hit, at) => (100 * hit) / (weights[at] ?? Number.NaN));
  return { values, weights: weights.map((weight) => (Number.isNaN(weight) ? 0 : weight)) };
}
