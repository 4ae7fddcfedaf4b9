import { stringify } from 'csv-stringify/sync';
import { comparisonsOf, type Comparison, type Condition } from '../model/condition.ts';
import type { Report, ScopeSummary, StepSummary, Verdict } from '../model/report.ts';
import type { Reporter } from './reporter.ts';
import { latencyQuantile, mergeHistograms } from '../stats/histogram.ts';
import { metricOf } from '../model/metrics.ts';
import type { Interval, IntervalRow } from '../model/interval.ts';
import { arrivalsAskedAt, stageAt } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';
import { unitOf } from './words.ts';

const SUMMARY_COLUMNS = ['run', 'plan', 'phase', 'suite', 'journey', 'step', 'metric', 'value', 'low', 'high', 'unit', 'limit', 'status', 'samples', 'source'];
const TIMESERIES_COLUMNS = ['time', 'elapsed_s', 'suite', 'journey', 'step', 'metric', 'value', 'unit'];
type Row = Readonly<Record<string, string | number | null>>;

/** One row an observation: every verdict, and every figure of every scope. */
export const summaryCsv = {
  name: 'csv',
  fileName: 'summary.csv',
  render: (report: Report): string => [...toCsv([...report.verdicts.map((verdict) => verdictRow(report, verdict)), ...report.steps.flatMap((step) => stepRows(report, step))], SUMMARY_COLUMNS)].join(''),
} satisfies Reporter;

/** One row for each second, scope and metric, and one for each reading of a probe: of a day more than a string can hold, so it comes in pieces. */
export const timeseriesCsv = {
  name: 'csv',
  fileName: 'timeseries.csv',
  render: (report: Report): Iterable<string> => toCsv(allSeconds(report), TIMESERIES_COLUMNS),
} satisfies Reporter;

/**
 * A text that begins like a formula would be run by a spreadsheet and gets an apostrophe before it; numbers stay numbers, negative ones
 * too. A lone carriage return ends a line for many readers and must be quoted like a newline.
 */
function* toCsv(rows: Iterable<Row>, columns: readonly string[]): Generator<string> {
  const sayRows = (some: readonly Row[], header: boolean): string =>
    stringify([...some], { header, columns: [...columns], escape_formulas: true, quoted_match: /[\r\n]/, cast: { number: sayCell } });
  yield sayRows([], true);
  let piece: Row[] = [];
  for (const row of rows) {
    if (piece.push(row) < ROWS_A_PIECE) continue;
    yield sayRows(piece, false);
    piece = [];
  }
  if (piece.length > 0) yield sayRows(piece, false);
}

/** Some hundred kilobytes: large enough to be written in one go, small enough to be held. */
const ROWS_A_PIECE = 4096;

/** A figure that is none stays empty; 17 digits of a binary fraction would only look precise. */
function sayCell(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '';
}

function verdictRow({ run, phase }: Report, verdict: Verdict): Row {
  const { condition, suite, observed, low, high, limit, status, samples } = verdict;
  const scope = comparisonsOf(condition)[0]?.scope ?? {};
  return {
    run: run.id, plan: run.plan.id, phase: phase.id, suite, journey: scope['journey'] ?? '', step: scope['step'] ?? '',
    metric: [...new Set(comparisonsOf(condition).map(metricCell))].join(' or '), value: observed, low, high, unit: unitOf(verdict), limit: limit ?? limitCell(condition),
    status, samples, source: condition.source ? `${condition.source.document}:${condition.source.line} ${condition.source.section}` : '',
  };
}

/** Scopes that have no column of their own stay on the metric, as a condition would write them. */
function metricCell({ metric, aggregate, scope }: Comparison): string {
  const others = Object.entries(scope).filter(([key]) => key !== 'journey' && key !== 'step');
  return `${metric}${aggregate ? `.${aggregate}` : ''}${labels(others)}`;
}

function labels(pairs: readonly (readonly [string, string])[]): string {
  return pairs.length === 0 ? '' : `{${pairs.map(([key, value]) => `${key}=${value}`).join(',')}}`;
}

/** What a condition that was not measured asks for; of a relative limit nobody knows it then. */
function limitCell(condition: Condition): number | null {
  const [first, ...others] = comparisonsOf(condition);
  return first && others.length === 0 && first.relativeTo === null ? first.value : null;
}

/** Each endpoint of the unit suite is a run of its own: sums over one of them would look like sums over the suite. */
function stepRows(report: Report, step: StepSummary): Row[] {
  const isUnit = step.suite === 'unit';
  const journeys = Object.entries(step.journeys);
  return [
    ...(isUnit ? [] : scopeRows(report, step, '', '', step)),
    ...journeys.flatMap(([journey, summary]) => [
      ...(isUnit ? [] : scopeRows(report, step, journey, '', summary)),
      ...Object.entries(summary.steps).flatMap(([name, one]) => scopeRows(report, step, journey, name, one)),
    ]),
  ];
}

function scopeRows({ run, phase }: Report, of: StepSummary, journey: string, step: string, summary: ScopeSummary): Row[] {
  const base = { run: run.id, plan: run.plan.id, phase: phase.id, suite: of.suite, journey, step, low: null, high: null, limit: null, status: '', source: '', samples: summary.requests };
  const kinds = Object.entries(summary.errors).filter(([, count]) => count > 0);
  const failed = kinds.reduce((sum, [, count]) => sum + count, 0);
  const perSec = of.judgedSeconds > 0 ? (summary.requests - failed) / of.judgedSeconds : null;
  return [
    { ...base, metric: 'http.requests', value: summary.requests, unit: '1' },
    { ...base, metric: 'http.throughput', value: perSec, unit: '/s' },
    { ...base, metric: 'http.error_rate', value: summary.requests > 0 ? (100 * failed) / summary.requests : null, unit: '%' },
    ...kinds.map(([kind, count]) => ({ ...base, metric: `http.errors.${kind}`, value: count, unit: '1' })),
    ...Object.entries(summary.latencyMs).map(([name, value]: [string, number | null]) => ({ ...base, metric: `http.${name}`, value, unit: 'ms' })),
  ];
}

function* allSeconds(report: Report): Generator<Row> {
  yield* clientRows(report);
  yield* probeRows(report);
}

function* clientRows({ run }: Report): Generator<Row> {
  for (const { suite, endpoint, timeoutMs, intervals, ...step } of run.steps) {
    for (const { second, startedAtMs, sent, rows } of intervals) {
      const base = { time: new Date(startedAtMs).toISOString(), elapsed_s: elapsedSeconds(run.startedAtMs, startedAtMs), suite };
      const scope = { ...base, journey: endpoint?.journey ?? '', step: endpoint?.step ?? '' };
      yield { ...scope, ...askedIn(step, second) };
      yield { ...scope, metric: 'http.sent', value: sent, unit: '/s' };
      if (!endpoint) {
        yield* scopeSeconds({ ...base, journey: '', step: '' }, rows, timeoutMs);
        for (const [journey, own] of Map.groupBy(rows, (row) => row.journey)) yield* scopeSeconds({ ...base, journey, step: '' }, own, timeoutMs);
      }
      for (const row of rows) yield* scopeSeconds({ ...base, journey: row.journey, step: row.step }, [row], timeoutMs);
    }
  }
}

/** What the load was to be in this second: requests on a schedule, or in the closed model users. */
function askedIn({ shape, requestsPerArrival }: Pick<RunStep, 'shape' | 'requestsPerArrival'>, second: number): Row {
  if (shape.model === 'open') return { metric: 'http.asked', value: arrivalsAskedAt(shape, second) * requestsPerArrival, unit: '/s' };
  const stage = stageAt(shape, second);
  return { metric: 'users.asked', value: stage !== undefined && 'users' in stage ? stage.users : 0, unit: '1' };
}

function* scopeSeconds(scope: Row, rows: Interval['rows'], timeoutMs: number): Generator<Row> {
  const merged = mergeHistograms(rows.map((row) => row.latency));
  const timeouts = sum(rows, (row) => row.errors.timeout ?? 0);
  yield { ...scope, metric: 'http.requests', value: sum(rows, (row) => row.requests), unit: '1' };
  yield { ...scope, metric: 'http.errors', value: sum(rows, (row) => Object.values(row.errors).reduce((a, b) => a + b, 0)), unit: '1' };
  for (const [name, q] of [['p50', 0.5], ['p95', 0.95], ['p99', 0.99]] as const) {
    const quantile = latencyQuantile(merged, timeouts, timeoutMs, q);
    if (quantile) yield { ...scope, metric: `http.${name}`, value: quantile.valueMs, unit: 'ms' };
  }
}

function* probeRows({ run }: Report): Generator<Row> {
  for (const sample of run.samples) {
    yield {
      time: new Date(sample.atMs).toISOString(), elapsed_s: elapsedSeconds(run.startedAtMs, sample.atMs), suite: '', journey: '', step: '',
      metric: `${sample.metric}${labels(sample.instance === undefined ? [] : [['instance', sample.instance]])}`, value: sample.value, unit: metricOf(sample.metric)?.unit ?? '1',
    };
  }
}

function elapsedSeconds(startMs: number, atMs: number): number {
  return Math.round(atMs - startMs) / 1000;
}

function sum(rows: readonly IntervalRow[], of: (row: IntervalRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
