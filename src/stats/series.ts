import type { StageName } from '../model/load.ts';
import { metricOf, type MetricName } from '../model/metrics.ts';
import type { Run, RunStep } from '../model/run.ts';
import type { Sample } from '../model/sample.ts';
import { latencyFigure, scopedRows, tally, type Tally } from './tally.ts';
import { stageWindows } from './stages.ts';

/** A metric second by second; index 0 is the run's first second, NaN where nothing was read. */
export interface Series {
  readonly values: Float64Array;
  /** Events each value rests on; absent where every value counts the same. */
  readonly weights?: Float64Array;
  /** Seconds that the reading behind each value stands for: it is the value of them all. Absent where every value was read anew. */
  readonly spans?: Float64Array;
}

/** Readings behind the values of [from, to): of one that stands for three seconds each value is a third. */
export function readingsIn({ values, spans }: Series, from: number, to: number): number {
  let readings = 0;
  for (let at = Math.max(0, from); at < Math.min(to, values.length); at += 1) if (!Number.isNaN(values[at] ?? Number.NaN)) readings += 1 / (spans?.[at] ?? 1);
  return wholly(readings);
}

/** Three thirds are one. */
export function wholly(sum: number): number {
  return Math.round(sum * 1e6) / 1e6;
}

/** What a series is laid out on: second 0 begins at the run’s start. */
export interface RunClock {
  readonly startedAtMs: number;
  readonly seconds: number;
}

export function clockOf(run: Pick<Run, 'startedAtMs' | 'endedAtMs'>): RunClock {
  return { startedAtMs: run.startedAtMs, seconds: Math.max(0, Math.ceil((run.endedAtMs - run.startedAtMs) / 1000)) };
}

/** Second of the run in which second 0 of a step lies. Seconds of a step stay whole whatever part of a second it began in. */
export function offsetOf(clock: RunClock, step: Pick<RunStep, 'startedAtMs' | 'intervals'>): number {
  const first = step.intervals[0];
  const beganAtMs = first === undefined ? step.startedAtMs : first.startedAtMs - first.second * 1000;
  return Math.max(0, Math.floor((beganAtMs - clock.startedAtMs) / 1000));
}

/** Windows of a step’s stages on the run’s clock, as [from, to) in whole seconds under load; empty ones are left out. */
export function windowsOf(clock: RunClock, step: RunStep, wanted: StageName | 'judged'): (readonly [number, number])[] {
  const offset = offsetOf(clock, step);
  return stageWindows(step)
    .filter((stage) => (wanted === 'judged' ? stage.judged : stage.name === wanted) && stage.to > stage.from)
    .map((stage) => [stage.from + offset, stage.to + offset] as const);
}

/** From the first to the last such second of all steps, as one window [from, to); null where there is none. */
export function windowOf(clock: RunClock, steps: readonly RunStep[], wanted: StageName | 'judged'): readonly [number, number] | null {
  const windows = steps.flatMap((step) => windowsOf(clock, step, wanted));
  if (windows.length === 0) return null;
  return [Math.min(...windows.map(([from]) => from)), Math.max(...windows.map(([, to]) => to))];
}

/**
 * An `http.*` metric second by second, of the journey or step in `scope`. Percentiles cover successes and time-outs (at
 * their limit), weighted by their number; shares are weighted by requests; a second without any is NaN. Rates are 0 in a
 * second in which nothing was answered. Null for a metric the client does not know.
 */
export function httpSeries(
  clock: RunClock, steps: readonly RunStep[], metric: MetricName, scope: Readonly<Record<string, string>> = {},
): Series | null {
  return metric.startsWith('http.') ? (httpSeriesOf(clock, steps, [metric], scope)[0] ?? null) : null;
}

/** Several such metrics in one go over the seconds: the percentiles of a second rest on the same sums. */
export function httpSeriesOf(
  clock: RunClock, steps: readonly RunStep[], metrics: readonly MetricName[], scope: Readonly<Record<string, string>> = {},
): Series[] {
  const series = metrics.map((metric) => ({ metric, values: new Float64Array(clock.seconds).fill(Number.NaN), weights: new Float64Array(clock.seconds) }));
  for (const step of steps) {
    const offset = offsetOf(clock, step);
    for (const interval of step.intervals) {
      const at = offset + interval.second;
      if (at >= clock.seconds) continue;
      const sums = tally(scopedRows([interval], scope));
      for (const { metric, values, weights } of series) {
        const figure = secondFigure(step, sums, metric);
        // Two steps can share the second in which one ends and the next begins; the one with more requests stands for it.
        if (figure === null || (!Number.isNaN(values[at] ?? 0) && figure.weight < (weights[at] ?? 0))) continue;
        values[at] = figure.value;
        weights[at] = figure.weight;
      }
    }
  }
  return series.map(({ metric, values, weights }) => (metricOf(metric)?.form === 'rate' ? { values } : { values, weights }));
}

function secondFigure(step: RunStep, sums: Tally, metric: MetricName): { value: number; weight: number } | null {
  if (metric === 'http.throughput') return { value: sums.successes, weight: sums.requests };
  if (metric === 'http.timeouts') return { value: sums.timeouts, weight: sums.requests };
  if (metric === 'http.error_rate') {
    return sums.requests === 0 ? null : { value: (100 * sums.failed) / sums.requests, weight: sums.requests };
  }
  const figure = latencyFigure(sums, metric, step.timeoutMs);
  return figure === null ? null : { value: figure.valueMs, weight: figure.samples };
}

/**
 * A probe’s metric second by second. Where several probes know it, the first of the registry’s list that delivered anything
 * speaks. Several instances: rates add up, of states the worst counts (`better` of the registry), of neutral ones the mean.
 * `instance` narrows to one. Null where nothing was ever read.
 */
export function sampleSeries(clock: RunClock, samples: readonly Sample[], metric: MetricName, instance?: string): Series | null {
  const row = metricOf(metric);
  const own = samplesOf(samples, metric).filter((sample) => instance === undefined || sample.instance === instance);
  const probe = row?.from.find((kind) => own.some((sample) => sample.probe === kind)) ?? own[0]?.probe;
  if (probe === undefined) return null;
  const seconds = new Map<number, Map<string, Sample[]>>();
  for (const sample of own) {
    const at = Math.floor((sample.atMs - clock.startedAtMs) / 1000);
    if (sample.probe !== probe || at < 0 || at >= clock.seconds || !Number.isFinite(sample.value)) continue;
    const instances = seconds.get(at) ?? new Map<string, Sample[]>();
    seconds.set(at, instances);
    const key = sample.instance ?? '';
    instances.set(key, [...(instances.get(key) ?? []), sample]);
  }
  const combine = row?.form === 'rate' ? sum : row?.better === 'lower' ? largest : row?.better === 'higher' ? smallest : mean;
  const values = new Float64Array(clock.seconds).fill(Number.NaN);
  const weights = new Float64Array(clock.seconds);
  const spans = new Float64Array(clock.seconds).fill(1);
  for (const [at, instances] of seconds) {
    values[at] = combine([...instances.values()].map((readings) => mean(readings.map((sample) => sample.value))));
    const all = [...instances.values()].flat();
    weights[at] = sum(all.map((sample) => sample.weight ?? 0));
    spans[at] = largest(all.map((sample) => sample.spanSeconds ?? 1));
  }
  return {
    values,
    ...(own.some((sample) => sample.weight !== undefined) ? { weights } : {}),
    ...(spans.some((span) => span > 1) ? { spans } : {}),
  };
}

/** Sorted by metric once: a run of a day has millions, and every chart and rule asks for a few of them. */
function samplesOf(samples: readonly Sample[], metric: MetricName): readonly Sample[] {
  // A list can grow while a run lasts: it is sorted anew when it has.
  const known = byMetric.get(samples);
  const sorted = known?.length === samples.length ? known.groups : Map.groupBy(samples, (sample) => sample.metric);
  byMetric.set(samples, { length: samples.length, groups: sorted });
  return sorted.get(metric) ?? [];
}

const byMetric = new WeakMap<readonly Sample[], { readonly length: number; readonly groups: ReadonlyMap<string, readonly Sample[]> }>();

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const largest = (values: readonly number[]): number => Math.max(...values);
const smallest = (values: readonly number[]): number => Math.min(...values);
