import { metricOf, type MetricName } from '../model/metrics.ts';
import type { Run, RunStep } from '../model/run.ts';
import type { ProbeKind } from '../model/sample.ts';
import { clockOf, httpSeries, sampleSeries, windowOf, type RunClock, type Series } from '../stats/series.ts';
import { clientRecord, layOut } from './client-record.ts';
import type { Situation } from './rule.ts';
import { strangersIn } from './strangers.ts';
import { medianOf, type Window } from './window.ts';

/**
 * Lays a run's facts on one clock for the rules. The load suite is what the phase is about: its traffic and its window count;
 * a run without one is looked at through whatever it did.
 */
export function situationOf(run: Run): Situation {
  const seen = layOutRun(run);
  const strangers = strangersIn(seen);
  if (strangers.length === 0) return seen;
  const samples = run.samples.filter(({ probe, metric }) => !strangers.some((one) => (one.probe === probe || probe === 'prometheus') && one.metrics.test(metric)));
  const probes = run.probes.filter(({ kind }) => !strangers.some(({ probe, isWhole }) => isWhole && probe === kind));
  return { ...layOutRun({ ...run, samples, probes }), leftOut: strangers.map(({ evidence }) => evidence) };
}

function layOutRun(whole: Run): Situation {
  const run = { ...whole, samples: ofBusiestServer(whole.samples) };
  const clock = clockOf(run);
  const load = run.steps.filter((step) => step.suite === 'load');
  const steps = load.length > 0 ? load : run.steps;
  const series = remembered((metric, instance) => seriesOf(run, clock, steps, metric, instance));
  const judged = windowOf(clock, steps, 'judged') ?? [0, 0];
  const instances = instancesOf(run);
  return {
    series,
    instances: (metric) => instances.get(metric) ?? [],
    ...(isPooled(run) ? { pooler: remembered((metric, instance) => sampleSeries(clock, poolerSamples(run), metric, instance)) } : {}),
    sentPerSec: layOut(clock, steps, ({ intervals }, index) => intervals[index]?.sent ?? 0),
    client: clientRecord(clock, steps),
    reference: windowOf(clock, steps, 'reference'),
    judged,
    whole: judged,
    isPlannedLoad: steps.some(({ suite }) => suite !== 'unit'),
    cores: coresOf(run, series('host.cores'), judged),
  };
}

/**
 * Of several PostgreSQL servers the states of the one with most at work: a mean of it and of replicas at rest is nobody's state, and
 * its active statements must not be held against another one's slots. Rates add up, and what replicas say of themselves stays.
 */
function ofBusiestServer(samples: Run['samples']): Run['samples'] {
  const work = new Map<string, { sum: number; count: number }>();
  for (const { metric, instance, value } of samples) {
    if (metric !== 'postgres.active' || instance === undefined) continue;
    const { sum, count } = work.get(instance) ?? { sum: 0, count: 0 };
    work.set(instance, { sum: sum + value, count: count + 1 });
  }
  if (work.size < 2) return samples;
  const [[busiest] = ['']] = [...work].toSorted(([, a], [, b]) => b.sum / b.count - a.sum / a.count);
  return samples.filter(({ metric, instance }) => instance === undefined || instance === busiest || !work.has(instance) || isSharedFigure(metric));
}

function isSharedFigure(metric: MetricName): boolean {
  return !metric.startsWith('postgres.') || metric.startsWith('postgres.replica') || metricOf(metric)?.form === 'rate';
}

/** A pooler alone is the pool: only beside the application's own is it another one. */
function isPooled({ samples }: Run): boolean {
  const tells = (kind: ProbeKind): boolean => samples.some(({ probe, metric }) => probe === kind && metric === 'postgres.pool_waiting');
  return tells('pgbouncer') && tells('node');
}

function poolerSamples({ samples }: Run): Run['samples'] {
  const known = pooled.get(samples) ?? samples.filter(({ probe }) => probe === 'pgbouncer');
  pooled.set(samples, known);
  return known;
}

const pooled = new WeakMap<Run['samples'], Run['samples']>();

function remembered(make: Situation['series']): Situation['series'] {
  const known = new Map<string, Series | null>();
  return (metric, instance) => {
    const key = `${metric} ${instance ?? ''}`;
    const series = known.has(key) ? (known.get(key) ?? null) : make(metric, instance);
    known.set(key, series);
    return series;
  };
}

/** Read once: a run of a day has millions of samples, and each part of it asks for its instances. */
function instancesOf({ samples }: Run): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, Set<string>>();
  for (const { metric, instance } of samples) {
    if (instance === undefined) continue;
    const own = known.get(metric) ?? new Set<string>();
    known.set(metric, own.add(instance));
  }
  return new Map([...known].map(([metric, own]) => [metric, [...own]]));
}

function seriesOf(run: Run, clock: RunClock, steps: readonly RunStep[], metric: MetricName, instance: string | undefined): Series | null {
  if (metric.startsWith('http.')) return httpSeries(clock, steps, metric);
  return sampleSeries(clock, run.samples, metric, instance) ?? generatorSeries(clock, steps, metric);
}

/** The engine's own record of itself, where no probe reads it. artillery keeps its loop busy even at rest: that says nothing. */
function generatorSeries(clock: RunClock, steps: readonly RunStep[], metric: MetricName): Series | null {
  const telling = metric === 'generator.loop_lag' ? steps : metric === 'generator.loop_utilization' ? steps.filter(({ engine }) => engine !== 'artillery') : [];
  if (!telling.some(({ intervals }) => intervals.length > 0)) return null;
  return layOut(clock, telling, ({ intervals }, index) => {
    const generator = intervals[index]?.generator;
    if (generator === undefined) return Number.NaN;
    return metric === 'generator.loop_lag' ? generator.loopLagMs : 100 * generator.loopUtilization;
  });
}

/** As the host's probe counted them; else only where it read this very host do we know how many cores the target has. */
function coresOf(run: Run, counted: Series | null, judged: Window): number | null {
  const isLocal = run.probes.some((probe) => probe.kind === 'host' && probe.status === 'ok');
  const cores = run.environment['cores'];
  return medianOf(counted, judged) ?? (isLocal && typeof cores === 'number' ? cores : null);
}
