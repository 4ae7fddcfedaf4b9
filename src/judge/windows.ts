import type { Comparison } from '../model/condition.ts';
import { metricOf, type MetricName } from '../model/metrics.ts';
import type { Interval, IntervalRow } from '../model/interval.ts';
import type { Run, RunStep } from '../model/run.ts';
import { encodeHistogram, mergeHistograms, rankOf } from '../stats/histogram.ts';
import { clockOf, offsetOf, sampleSeries, type RunClock, type Series } from '../stats/series.ts';
import { latencyFigure, scopedRows, tally } from '../stats/tally.ts';
import { exactly, type Figure } from './figure.ts';

/** What is known of the seconds [from, to) of the run, as one figure; null where nothing is. */
export type WindowReader = (from: number, to: number) => { readonly figure: Figure | null; readonly isWhole: boolean };

/** A reading that came late leaves one second empty and fills the next twice; a longer hole is one. */
const HOLE_SECONDS = 2;
/** Half of a window is the least that can speak for all of it. */
const LEAST_SHARE = 0.5;

/** How a metric is read over a window; null where nothing ever read it. */
export function windowReader(run: Run, steps: readonly RunStep[], asked: Comparison): WindowReader | null {
  const clock = clockOf(run);
  if (asked.metric.startsWith('http.')) return httpReader(clock, steps, asked);
  const instance = Object.values(asked.scope)[0];
  const series = shareSeries(clock, run, asked.metric, instance) ?? sampleSeries(clock, run.samples, asked.metric, instance);
  return series === null ? null : seriesReader(series, asked);
}

/** Events of a rate are counted; a rate that is folded, or held against another rate, stays one. */
export function countsEvents(asked: Comparison): boolean {
  return asked.inSeconds !== null && asked.aggregate === null && asked.relativeTo === null && metricOf(asked.metric)?.form === 'rate';
}

/** A percentile of a window is that of all its requests, not a mean of percentiles; so is a share, and a mean. */
function httpReader(clock: RunClock, steps: readonly RunStep[], asked: Comparison): WindowReader {
  const isRate = metricOf(asked.metric)?.form === 'rate';
  const seconds = isRate ? [] : secondsOf(clock, steps, asked.scope);
  const timeoutMs = Math.min(...steps.map((step) => step.timeoutMs));
  if (isRate) return seriesReader(eventsOf(clock, steps, asked), asked);
  return (from, to) => {
    const known = seconds.slice(to - from === 1 ? latestWithRequests(seconds, from) : from, to).filter((second) => second !== undefined);
    const sums = tally(known.flat());
    const isWhole = known.length >= (to - from) * LEAST_SHARE;
    if (asked.metric === 'http.error_rate') return { figure: sums.requests === 0 ? null : exactly((100 * sums.failed) / sums.requests, sums.requests), isWhole };
    const found = latencyFigure(sums, asked.metric, timeoutMs);
    if (found === null) return { figure: null, isWhole };
    const { valueMs, censored, samples } = found;
    return { figure: censored ? { observed: valueMs, low: valueMs, high: null, samples, censored, note: '' } : exactly(valueMs, samples), isWhole };
  };
}

/** A second in which nothing was asked is like the one before it, for as long as a late reading may take. */
function latestWithRequests(seconds: readonly (readonly IntervalRow[] | undefined)[], at: number): number {
  for (let back = at; back >= Math.max(0, at - HOLE_SECONDS); back -= 1) if ((seconds[back]?.length ?? 0) > 0) return back;
  return at;
}

/** Rows of each second of the run; undefined where no step measured one. The histograms of a second are merged once, for all windows it lies in. */
function secondsOf(clock: RunClock, steps: readonly RunStep[], scope: Comparison['scope']): (readonly IntervalRow[] | undefined)[] {
  const seconds: (readonly IntervalRow[] | undefined)[] = Array.from({ length: clock.seconds });
  for (const { at, interval } of intervalsOf(clock, steps)) {
    const rows = scopedRows([interval], scope);
    const [first] = rows;
    const merged = first === undefined ? [] : [mergedRow(first, rows)];
    seconds[at] = [...(seconds[at] ?? []), ...merged];
  }
  return seconds;
}

function mergedRow(first: IntervalRow, rows: readonly IntervalRow[]): IntervalRow {
  const sums = tally(rows);
  return {
    ...first, requests: sums.requests, errors: sums.errors,
    latency: encodeHistogram(sums.latency), ttfb: encodeHistogram(mergeHistograms(rows.map((row) => row.ttfb))),
  };
}

function eventsOf(clock: RunClock, steps: readonly RunStep[], { metric, scope }: Comparison): Series {
  const values = new Float64Array(clock.seconds).fill(Number.NaN);
  for (const { at, interval } of intervalsOf(clock, steps)) {
    const sums = tally(scopedRows([interval], scope));
    const count = metric === 'http.timeouts' ? sums.timeouts : sums.successes;
    values[at] = Number.isNaN(values[at] ?? 0) ? count : (values[at] ?? 0) + count;
  }
  return { values };
}

function intervalsOf(clock: RunClock, steps: readonly RunStep[]): { readonly at: number; readonly interval: Interval }[] {
  return steps.flatMap((step) => step.intervals.map((interval) => ({ at: offsetOf(clock, step) + interval.second, interval }))).filter(({ at }) => at < clock.seconds);
}

function seriesReader(series: Series, asked: Comparison): WindowReader {
  const isRate = metricOf(asked.metric)?.form === 'rate';
  const values = isRate ? fillBackwards(series.values) : fillForwards(series.values);
  const fold = foldOf(asked);
  return (from, to) => {
    const present: { value: number; weight: number }[] = [];
    for (let at = from; at < to; at += 1) {
      const value = values[at] ?? Number.NaN;
      if (!Number.isNaN(value)) present.push({ value, weight: series.weights?.[at] ?? 0 });
    }
    // Events that nobody counted may have happened: of a count with a hole only the lower end is known.
    const isWhole = countsEvents(asked) ? present.length === to - from : present.length >= (to - from) * LEAST_SHARE;
    return { figure: present.length === 0 ? null : exactly(fold(present), present.length), isWhole };
  };
}

type Fold = (present: readonly { readonly value: number; readonly weight: number }[]) => number;

function foldOf(asked: Comparison): Fold {
  if (countsEvents(asked)) return (present) => present.reduce((sum, { value }) => sum + value, 0);
  switch (asked.aggregate) {
    case 'max': return (present) => Math.max(...present.map(({ value }) => value));
    case 'min': return (present) => Math.min(...present.map(({ value }) => value));
    case 'p95': return (present) => present.map(({ value }) => value).toSorted((a, b) => a - b)[rankOf(0.95, present.length) - 1] ?? Number.NaN;
    case 'avg': case null: return weightedMean;
  }
}

/** By the events each reading rests on, where that is known. */
const weightedMean: Fold = (present) => {
  const weight = present.reduce((sum, one) => sum + one.weight, 0);
  if (weight === 0) return present.reduce((sum, { value }) => sum + value, 0) / present.length;
  return present.reduce((sum, one) => sum + one.value * one.weight, 0) / weight;
};

/** A state lasts until the next reading of it. */
function fillForwards(values: Float64Array): Float64Array {
  let [last, age] = [Number.NaN, 0];
  return values.map((value) => {
    age = Number.isNaN(value) ? age + 1 : 0;
    if (!Number.isNaN(value)) last = value;
    return age <= HOLE_SECONDS ? last : Number.NaN;
  });
}

/** A late reading of a counter tells of all the seconds since the one before it. */
function fillBackwards(values: Float64Array): Float64Array {
  const filled = fillForwards(values.toReversed()).reverse();
  // Behind the last reading there is none to tell of it; the last rate goes on as a state does.
  const last = values.findLastIndex((value) => !Number.isNaN(value));
  const end = fillForwards(values);
  return filled.map((value, at) => (at > last ? (end[at] ?? Number.NaN) : value));
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
