import { BOTTLENECK_TITLES } from '../../model/bottleneck.ts';
import { comparisonsOf } from '../../model/condition.ts';
import { arrivalsAskedAt } from '../../model/load.ts';
import { metricOf, type MetricName } from '../../model/metrics.ts';
import type { Report, Verdict } from '../../model/report.ts';
import type { RunStep } from '../../model/run.ts';
import { clockOf, httpSeries, httpSeriesOf, offsetOf, sampleSeries, windowsOf, type RunClock, type Series } from '../../stats/series.ts';
import { sayMetric, sayVerdictLimit } from '../words.ts';
import { EVIDENCE, type EvidencePanel } from './evidence.ts';
import { thin, type Thinned } from './thin.ts';

/** One chart: lines over the run's seconds, the limits that the plan puts on them, and what they say of the bottleneck. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly metrics: readonly MetricName[];
  /** `isBackground`: what another line is measured against, drawn broad and pale so that both are seen where they agree. */
  readonly lines: readonly (Thinned & { readonly label: string; readonly isBackground?: true })[];
  readonly limits: readonly { readonly label: string; readonly value: number; readonly isSign: boolean }[];
}

/** What the charts draw, and the stages behind them; times in seconds since the run's start. */
export interface ChartData {
  /** The second each point begins at. */
  readonly seconds: readonly number[];
  /** Seconds a point stands for. */
  readonly secondsPerPoint: number;
  readonly panels: readonly Panel[];
  readonly stages: readonly { readonly name: string; readonly judged: boolean; readonly from: number; readonly to: number }[];
  /** When the sign of a bottleneck first stood. */
  readonly onsets: readonly { readonly label: string; readonly second: number }[];
}

/** What a chart is made from: the steps it shows, and the window of the run they lie in. */
interface View {
  readonly report: Report;
  readonly clock: RunClock;
  readonly steps: readonly RunStep[];
  readonly from: number;
  readonly to: number;
}

/** A point for each minute of a day: more than a chart has pixels, enough to zoom into, and a page of less than 3 MB. */
const MOST_POINTS = 1440;

/** Client first, then every piece of evidence that was read. Where there is a load suite the charts are about it: of another scale, the others would press it flat. */
export function chartData(report: Report): ChartData {
  const view = viewOf(report);
  const secondsPerPoint = Math.max(1, Math.ceil((view.to - view.from) / MOST_POINTS));
  const points = Math.ceil((view.to - view.from) / secondsPerPoint);
  const panels = [...clientPanels(view), ...EVIDENCE.map((panel) => evidencePanel(view, panel)), hitRatioPanel(view)];
  return {
    seconds: Array.from({ length: points }, (_, at) => view.from + at * secondsPerPoint),
    secondsPerPoint,
    panels: panels.filter(({ lines }) => lines.length > 0).map((panel) => ({ ...panel, lines: panel.lines.map((one) => ({ ...one, ...thin(one.values, secondsPerPoint) })) })),
    stages: stagesOf(view),
    onsets: report.diagnosis.bottlenecks.flatMap(({ id, onsetSecond }) => (onsetSecond === null ? [] : [{ label: BOTTLENECK_TITLES[id], second: onsetSecond }])),
  };
}

function viewOf(report: Report): View {
  const clock = clockOf(report.run);
  const load = report.run.steps.filter(({ suite }) => suite === 'load');
  const steps = load.length > 0 ? load : report.run.steps;
  if (steps.length === 0) return { report, clock, steps, from: 0, to: clock.seconds };
  const starts = steps.map((step) => offsetOf(clock, step));
  const ends = steps.map((step) => offsetOf(clock, step) + (step.intervals.at(-1)?.second ?? 0) + 1);
  return { report, clock, steps, from: Math.min(...starts), to: Math.min(clock.seconds, Math.max(...ends)) };
}

function clientPanels(view: View): Panel[] {
  const { clock, steps } = view;
  const journeys = [...new Set(steps.flatMap(({ intervals }) => intervals.flatMap(({ rows }) => rows.map(({ journey }) => journey))))].sort();
  const all = ['http.p50', 'http.p95', 'http.p99', 'http.throughput', 'http.error_rate'] as const;
  const series = new Map(httpSeriesOf(clock, steps, all).map((one, at) => [all[at], one]));
  const http = (metric: (typeof all)[number], label: string): Panel['lines'] => line(view, label, series.get(metric) ?? null);
  return [
    { id: 'latency', title: 'Latency of all requests', unit: 'ms', metrics: ['http.p50', 'http.p95', 'http.p99'], lines: [http('http.p50', 'p50'), http('http.p95', 'p95'), http('http.p99', 'p99')].flat(), limits: limitsOn(view, ['http.p50', 'http.p95', 'http.p99'], false) },
    { id: 'journeys', title: 'p95 latency by journey', unit: 'ms', metrics: [], lines: journeys.flatMap((journey) => line(view, journey, httpSeries(clock, steps, 'http.p95', { journey }))), limits: limitsOn(view, ['http.p95'], true) },
    { id: 'throughput', title: 'Load and throughput', unit: '/s', metrics: ['http.throughput'], lines: [line(view, 'asked', askedSeries(view)).map((one) => ({ ...one, isBackground: true as const })), line(view, 'sent', sentSeries(view)), http('http.throughput', 'completed')].flat(), limits: limitsOn(view, ['http.throughput'], false) },
    { id: 'errors', title: 'Errors', unit: '%', metrics: ['http.error_rate', 'http.timeouts'], lines: http('http.error_rate', 'failed requests'), limits: limitsOn(view, ['http.error_rate'], false) },
  ];
}

/** Requests per second that the schedule asks for; in the closed model it asks for none, but sends the next when the last is answered. */
function askedSeries({ clock, steps }: View): Series {
  const values = new Float64Array(clock.seconds).fill(Number.NaN);
  for (const step of steps.filter(({ shape }) => shape.model === 'open')) {
    const offset = offsetOf(clock, step);
    const length = step.shape.stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    for (let second = 0; second < length && offset + second < clock.seconds; second += 1) values[offset + second] = arrivalsAskedAt(step.shape, second) * step.requestsPerArrival;
  }
  return { values };
}

function sentSeries({ clock, steps }: View): Series {
  const values = new Float64Array(clock.seconds).fill(Number.NaN);
  for (const step of steps) {
    const offset = offsetOf(clock, step);
    for (const { second, sent } of step.intervals) if (offset + second < clock.seconds) values[offset + second] = sent;
  }
  return { values };
}

function evidencePanel(view: View, { id, title, lines }: EvidencePanel): Panel {
  const metrics = lines.map(([metric]) => metric);
  return {
    id, title, metrics,
    unit: metricOf(metrics[0] ?? '')?.unit ?? '1',
    lines: lines.flatMap(([metric, label]) => line(view, label, sampleSeries(view.clock, view.report.run.samples, metric))),
    limits: limitsOn(view, metrics, false),
  };
}

/** The cache's ratio of each second; where there is no look-up there is no ratio. */
function hitRatioPanel(view: View): Panel {
  const [hits, misses] = [sampleSeries(view.clock, view.report.run.samples, 'redis.hits'), sampleSeries(view.clock, view.report.run.samples, 'redis.misses')];
  const values = hits && misses ? hits.values.map((hit, at) => (100 * hit) / (hit + (misses.values[at] ?? Number.NaN))) : null;
  return { id: 'hit-ratio', title: 'Cache hit ratio', unit: '%', metrics: ['redis.hit_ratio'], lines: line(view, 'found', values && { values }), limits: limitsOn(view, ['redis.hit_ratio'], false) };
}

/** A line of nothing is no line. Four digits are more than a chart can show, and keep the page small. */
function line({ from, to }: View, label: string, series: Series | null): Panel['lines'] {
  const values = series?.values.subarray(from, to);
  if (!values || values.every(Number.isNaN)) return [];
  return [{ label, values: Array.from(values, (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(4)))) }];
}

function limitsOn({ report, steps }: View, metrics: readonly MetricName[], isScoped: boolean): Panel['limits'] {
  const suites = new Set(steps.map(({ suite }) => suite));
  const found = report.verdicts.filter((verdict) => suites.has(verdict.suite) && verdict.limit !== null && isOn(verdict, metrics, isScoped));
  const limits = found.map((verdict) => ({
    label: `${sayMetric(verdict.condition)} ${sayVerdictLimit(verdict)}`, value: verdict.limit ?? 0, isSign: verdict.condition.kind !== 'threshold',
  }));
  return [...new Map(limits.map((limit) => [limit.label, limit])).values()].sort((a, b) => Number(a.isSign) - Number(b.isSign) || a.value - b.value);
}

function isOn({ condition }: Verdict, metrics: readonly MetricName[], isScoped: boolean): boolean {
  return comparisonsOf(condition).some(({ metric, scope }) => metrics.includes(metric) && Object.keys(scope).length > 0 === isScoped);
}

function stagesOf({ clock, steps }: View): ChartData['stages'] {
  return steps.flatMap((step) => {
    const names = [...new Set(step.shape.stages.map(({ name }) => name))];
    const judged = windowsOf(clock, step, 'judged');
    return names.flatMap((name) => windowsOf(clock, step, name).map(([from, to]) => {
      const isJudged = judged.some(([start, end]) => from >= start && to <= end);
      return { name: step.endpoint && isJudged ? step.endpoint.step : isJudged ? 'judged' : name, judged: isJudged, from, to };
    }));
  });
}
