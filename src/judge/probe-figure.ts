import type { Comparison } from '../model/condition.ts';
import { metricOf, type Metric, type MetricName } from '../model/metrics.ts';
import type { Run, Trial } from '../model/run.ts';
import { shareBounds } from '../stats/binomial.ts';
import { ratioBounds } from '../stats/mean-bounds.ts';
import { correlatedShareBounds, quantileBounds } from '../stats/quantile-bounds.ts';
import { rankOf } from '../stats/histogram.ts';
import { clockOf, sampleSeries, type Series } from '../stats/series.ts';
import { exactly, type Measured } from './figure.ts';
import { groupsOfReadings, sumsOf } from './readings.ts';

type Window = readonly [from: number, to: number];
type Asked = Pick<Comparison, 'metric' | 'aggregate' | 'scope'>;

/** A probe’s metric over windows of the run’s seconds. Without an aggregate states and rates are averaged, shares are Σ / Σ. */
export function probeFigure(run: Run, asked: Asked, windows: readonly Window[]): Measured {
  const metric = metricOf(asked.metric);
  const trial = run.trials?.find((one) => one.metric === asked.metric);
  if (trial !== undefined) return trialFigure(trial);
  if (metric === undefined || metric.form === 'fact') return nobodyMeasures(asked.metric, metric);
  if (metric.share !== undefined) {
    const shared = shareFigure(run, metric.share, asked, windows);
    if (shared !== null) return shared;
  }
  const series = sampleSeries(clockOf(run), run.samples, asked.metric, instanceOf(asked));
  if (series === null) return unread(run, asked.metric, metric);
  if (windows.length === 0) return { missing: 'inconclusive', reason: 'no second of load was judged: the run ended before' };
  const looked = within(series, windows);
  const { values } = looked;
  const seconds = values.filter((value) => !Number.isNaN(value)).length;
  if (seconds === 0) return { missing: 'inconclusive', reason: `no reading in the judged seconds${lossOf(run, metric)}` };
  // A probe that was lost early saw the beginning only; half the window is the least that can speak for all of it.
  if (lossOf(run, metric) !== '' && seconds * 2 < values.length) {
    return { missing: 'inconclusive', reason: `read in ${seconds.toLocaleString('en-US')} of ${values.length.toLocaleString('en-US')} judged seconds only${lossOf(run, metric)}` };
  }
  return reduce(asked.aggregate ?? 'avg', looked, metric);
}

/** What was lost is lost, however few were counted; that nothing is ever lost takes many to prove (Clopper & Pearson: 2,995 for 99.9 %). */
function trialFigure({ value, counted, note }: Trial): Measured {
  if (counted === undefined) return exactly(value, 1, note);
  const { low } = shareBounds(counted.good, counted.all);
  return { observed: value, low: 100 * low, high: value, samples: counted.all, censored: false, note };
}

interface Looked {
  readonly values: readonly number[];
  readonly weights: readonly number[] | null;
  readonly spans: readonly number[] | null;
}

/** The seconds of the windows, one after the other. */
function within({ values, weights, spans }: Series, windows: readonly Window[]): Looked {
  const cut = (column: Float64Array): number[] => windows.flatMap(([from, to]) => [...column.subarray(from, to)]);
  return { values: cut(values), weights: weights === undefined ? null : cut(weights), spans: spans === undefined ? null : cut(spans) };
}

function reduce(aggregate: NonNullable<Comparison['aggregate']>, looked: Looked, metric: Metric): Measured {
  const groups = groupsOfReadings(looked.values, looked.spans);
  const present = looked.values.filter((value) => !Number.isNaN(value));
  switch (aggregate) {
    case 'max': return exactly(Math.max(...present), groups.length, `of ${sayReadings(groups.length)}`);
    case 'min': return exactly(Math.min(...present), groups.length, `of ${sayReadings(groups.length)}`);
    case 'p95': return quantileOfReadings(looked.values, groups);
    case 'avg': return average(looked, groups, metric);
  }
}

type Groups = ReturnType<typeof groupsOfReadings>;

function average({ values, weights }: Looked, groups: Groups, metric: Metric): Measured {
  const weightOf = weights !== null && weights.some((weight) => weight > 0) ? (second: number): number => weights[second] ?? 0 : (): number => 1;
  const { mean, low, high } = ratioBounds(sumsOf(groups, (second) => (values[second] ?? Number.NaN) * weightOf(second)), sumsOf(groups, weightOf));
  const samples = groups.length;
  if (low === null || high === null) return { missing: 'inconclusive', reason: `${sayReadings(samples)} ${samples === 1 ? 'is' : 'are'} too few for a mean: 10 are needed` };
  // No event in T seconds proves less than 3/T per second, not 0, however often they were looked at.
  const nothingSeen = metric.form === 'rate' && high === 0 ? -Math.log(0.05) / groups.flat().length : 0;
  return { observed: mean, low: Math.max(0, low), high: Math.max(high, nothingSeen), samples, censored: false, note: `mean of ${sayReadings(samples)}` };
}

/** The quantile is one of time; its bounds rest on as many values as were read. */
function quantileOfReadings(values: readonly number[], groups: Groups): Measured {
  const sorted = groups.flat().map((second) => values[second] ?? Number.NaN).toSorted((a, b) => a - b);
  const observed = sorted[rankOf(0.95, sorted.length) - 1] ?? Number.NaN;
  const each = groups.length / sorted.length;
  const bounds = quantileBounds(0.95, [...new Set(sorted)], sumsOf(groups, () => each), (limit) => sumsOf(groups, (second) => ((values[second] ?? Number.NaN) > limit ? each : 0)));
  return {
    observed, low: bounds.low === null ? null : Math.min(observed, bounds.low), high: bounds.high === null ? null : Math.max(observed, bounds.high),
    samples: groups.length, censored: false, note: `of ${sayReadings(groups.length)}`,
  };
}

function sayReadings(count: number): string {
  return count === 1 ? '1 reading' : `${count.toLocaleString('en-US')} readings`;
}

/** Σ part / Σ whole of two rates read each second. Null where no probe gives them. */
function shareFigure(run: Run, share: NonNullable<Metric['share']>, asked: Asked, windows: readonly Window[]): Measured | null {
  const read = (name: string): Series | null => sampleSeries(clockOf(run), run.samples, name as MetricName, instanceOf(asked)); // names of the registry
  const wholes = share.whole.map(read);
  const part = read(share.part);
  if (part === null || wholes.some((one) => one === null)) return null;
  if (windows.length === 0) return { missing: 'inconclusive', reason: 'no second of load was judged: the run ended before' };
  const { values: parts, spans } = within(part, windows);
  const columns = wholes.flatMap((one) => (one === null ? [] : [within(one, windows).values]));
  const sums = parts.map((_, at) => columns.reduce((sum, column) => sum + (column[at] ?? Number.NaN), 0));
  // The two stand on the same page: one reading tells both.
  const groups = groupsOfReadings(parts.map((hit, at) => (Number.isFinite(hit + (sums[at] ?? Number.NaN)) ? hit : Number.NaN)), spans);
  const [hits, alls] = [sumsOf(groups, (second) => parts[second] ?? Number.NaN), sumsOf(groups, (second) => sums[second] ?? Number.NaN)];
  const whole = alls.reduce((sum, all) => sum + all, 0);
  if (whole < share.fewest) {
    return { missing: 'inconclusive', reason: `${Math.round(whole)} events in the judged seconds are too few for a share: ${share.fewest} are needed` };
  }
  const bounds = correlatedShareBounds(hits, alls);
  const observed = (100 * hits.reduce((sum, hit) => sum + hit, 0)) / whole;
  if (bounds === null) return { missing: 'inconclusive', reason: `${sayReadings(groups.length)} ${groups.length === 1 ? 'is' : 'are'} too few for a share: 10 are needed` };
  return { observed, low: 100 * bounds.low, high: 100 * bounds.high, samples: Math.round(whole), censored: false, note: `of ${Math.round(whole).toLocaleString('en-US')} events` };
}

function instanceOf(asked: Asked): string | undefined {
  return Object.values(asked.scope)[0];
}

function nobodyMeasures(name: string, metric: Metric | undefined): Measured {
  return { missing: 'not-measured', reason: metric === undefined ? `${name} is no metric of this version` : `no probe can read it: ${metric.meaning}` };
}

/** Addresses as the contract spells them, for the one line that says what to add. */
const EXAMPLES: Readonly<Record<string, string>> = {
  postgres: 'postgres://…', pgbouncer: 'postgres://…', redis: 'redis://…', bullmq: 'redis://…?queue=NAME', qdrant: 'http://…:6333',
  node: 'http://…/metrics', prometheus: 'http://…:9090', host: 'local', process: 'PID',
};

/** Why a metric was never read: a probe that was refused says so itself, else the one to add is named. */
export function unread(run: Pick<Run, 'probes'>, name: string, metric: Metric): Measured {
  const broken = run.probes.find((probe) => probe.status !== 'ok' && metric.from.includes(probe.kind));
  if (broken !== undefined && broken.status !== 'ok') {
    return { missing: 'not-measured', reason: `the ${broken.kind} probe was ${broken.status}: ${broken.reason}${broken.hint === null ? '' : ` (${broken.hint})`}` };
  }
  const open = run.probes.find((probe) => metric.from.includes(probe.kind));
  if (open !== undefined) return { missing: 'not-measured', reason: `the ${open.kind} probe was open but never gave ${name}` };
  const [first] = metric.from;
  if (first === undefined) return nobodyMeasures(name, metric);
  return { missing: 'not-measured', reason: `add --probe ${first}=${EXAMPLES[first] ?? '…'}` };
}

function lossOf(run: Pick<Run, 'probes'>, metric: Metric): string {
  const lost = run.probes.find((probe) => probe.status !== 'ok' && metric.from.includes(probe.kind));
  return lost === undefined || lost.status === 'ok' ? '' : `; the ${lost.kind} probe was lost: ${lost.reason}`;
}
