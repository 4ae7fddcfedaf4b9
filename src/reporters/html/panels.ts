import { comparisonsOf } from '../../model/condition.ts';
import { metricOf, type MetricName } from '../../model/metrics.ts';
import type { Report } from '../../model/report.ts';
import { clockOf, httpSeries, offsetOf, sampleSeries, windowsOf, type RunClock, type Series } from '../../stats/series.ts';
import { sayLimit, sayMetric } from '../words.ts';

/** One chart: lines over the run's seconds, and the limits that the plan puts on them. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  readonly limits: readonly { readonly label: string; readonly value: number }[];
}

/** What the charts draw, and the stages behind them. */
export interface ChartData {
  readonly seconds: number;
  readonly panels: readonly Panel[];
  readonly stages: readonly { readonly name: string; readonly judged: boolean; readonly from: number; readonly to: number }[];
}

interface EvidencePanel {
  readonly id: string;
  readonly title: string;
  readonly metrics: readonly MetricName[];
}

/** The servers' own signs, one scale a chart, in the order of the milestones they speak of. */
const EVIDENCE: readonly EvidencePanel[] = [
  { id: 'pool', title: 'Database pool', metrics: ['postgres.pool_waiting', 'postgres.pool_used', 'postgres.pool_max'] },
  { id: 'acquire', title: 'Waiting for a connection against using it', metrics: ['postgres.pool_acquire_time', 'postgres.query_time'] },
  { id: 'postgres', title: 'PostgreSQL’s view', metrics: ['postgres.active', 'postgres.active_on_cpu', 'postgres.lock_waiting', 'postgres.idle_in_transaction'] },
  { id: 'search', title: 'Vector search', metrics: ['qdrant.search_time', 'qdrant.search_mean'] },
  { id: 'cache', title: 'Cache look-ups', metrics: ['redis.hits', 'redis.misses', 'redis.evictions'] },
  { id: 'cache-memory', title: 'Cache memory', metrics: ['redis.memory_used'] },
  { id: 'loop', title: 'Event loop of the application', metrics: ['node.event_loop_lag'] },
  { id: 'cpu', title: 'CPU', metrics: ['host.cpu', 'node.cpu'] },
  { id: 'queue', title: 'Job queue', metrics: ['queue.depth'] },
];

/** Client first, then every piece of evidence that was read. */
export function chartData(report: Report): ChartData {
  const { run } = report;
  const clock = clockOf(run);
  const panels = [...clientPanels(report, clock), ...EVIDENCE.map((panel) => evidencePanel(report, clock, panel))];
  return { seconds: clock.seconds, panels: panels.filter(({ lines }) => lines.length > 0), stages: stagesOf(report, clock) };
}

function clientPanels(report: Report, clock: RunClock): Panel[] {
  const { steps } = report.run;
  const load = steps.filter(({ suite }) => suite === 'load');
  const journeys = [...new Set(load.flatMap(({ intervals }) => intervals.flatMap(({ rows }) => rows.map(({ journey }) => journey))))].sort();
  const http = (metric: MetricName, label: string) => line(label, httpSeries(clock, steps, metric));
  return [
    { id: 'latency', title: 'Latency, all requests', unit: 'ms', lines: [http('http.p50', 'p50'), http('http.p95', 'p95'), http('http.p99', 'p99')].flat(), limits: limitsOn(report, 'http.p95', 'load', false) },
    { id: 'journeys', title: 'p95 by journey (load suite)', unit: 'ms', lines: journeys.flatMap((journey) => line(journey, httpSeries(clock, load, 'http.p95', { journey }))), limits: limitsOn(report, 'http.p95', 'load', true) },
    { id: 'throughput', title: 'Requests per second', unit: '/s', lines: [line('sent', sentSeries(report, clock)), http('http.throughput', 'completed')].flat(), limits: limitsOn(report, 'http.throughput', 'load', false) },
    { id: 'errors', title: 'Errors', unit: '%', lines: http('http.error_rate', 'error rate'), limits: limitsOn(report, 'http.error_rate', 'load', false) },
  ];
}

function sentSeries({ run }: Report, clock: RunClock): Series {
  const values = new Float64Array(clock.seconds).fill(Number.NaN);
  for (const step of run.steps) {
    const offset = offsetOf(clock, step);
    for (const { second, sent } of step.intervals) if (offset + second < clock.seconds) values[offset + second] = sent;
  }
  return { values };
}

function evidencePanel(report: Report, clock: RunClock, { id, title, metrics }: EvidencePanel): Panel {
  const lines = metrics.flatMap((metric) => line(metric, sampleSeries(clock, report.run.samples, metric)));
  const limits = metrics.flatMap((metric) => limitsOn(report, metric, 'load', false));
  return { id, title, unit: metricOf(metrics[0] ?? '')?.unit ?? '1', lines, limits };
}

/** A line of nothing is no line. Three digits are what a chart can show, and keep the page small. */
function line(label: string, series: Series | null): Panel['lines'] {
  if (!series || series.values.every(Number.isNaN)) return [];
  return [{ label, values: Array.from(series.values, (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(4)))) }];
}

function limitsOn({ verdicts }: Report, metric: MetricName, suite: string, isScoped: boolean): Panel['limits'] {
  return verdicts
    .filter((verdict) => verdict.suite === suite && verdict.limit !== null)
    .filter(({ condition }) => comparisonsOf(condition).some((one) => one.metric === metric && (Object.keys(one.scope).length > 0) === isScoped))
    .map(({ condition, limit }) => ({ label: `${sayMetric(condition)} ${sayLimit(condition)}`, value: limit ?? 0 }));
}

function stagesOf({ run }: Report, clock: RunClock): ChartData['stages'] {
  return run.steps.flatMap((step) => {
    const names = [...new Set(step.shape.stages.map(({ name }) => name))];
    return names.flatMap((name) => windowsOf(clock, step, name).map(([from, to]) => ({
      name: `${step.suite}${step.endpoint ? ` ${step.endpoint.step}` : ''}: ${name}`, judged: name === 'sustain', from, to,
    })));
  });
}
