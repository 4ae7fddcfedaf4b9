import { stringify } from 'csv-stringify/sync';
import { comparisonsOf } from '../model/condition.ts';
import type { LatencySummary, Report, ScopeSummary, StepSummary, Verdict } from '../model/report.ts';
import type { Reporter } from './reporter.ts';
import { latencyQuantile, mergeHistograms } from '../stats/histogram.ts';
import { metricOf } from '../model/metrics.ts';
import type { Interval, IntervalRow } from '../model/interval.ts';
import { sayLimit, unitOf } from './words.ts';

const SUMMARY_COLUMNS = ['run', 'plan', 'phase', 'suite', 'journey', 'step', 'metric', 'value', 'low', 'high', 'unit', 'limit', 'status', 'samples', 'source'];
const TIMESERIES_COLUMNS = ['time', 'elapsed_s', 'suite', 'journey', 'step', 'metric', 'value', 'unit'];
type Row = Readonly<Record<string, string | number | null>>;

/** One row an observation: every verdict, and every figure of every scope. */
export const summaryCsv: Reporter = {
  name: 'csv',
  fileName: 'summary.csv',
  render: (report) => toCsv([...report.verdicts.map((verdict) => verdictRow(report, verdict)), ...report.steps.flatMap((step) => stepRows(report, step))], SUMMARY_COLUMNS),
};

/** One row for each second, scope and metric, and one for each reading of a probe. */
export const timeseriesCsv: Reporter = {
  name: 'csv',
  fileName: 'timeseries.csv',
  render: (report) => toCsv([...clientRows(report), ...probeRows(report)], TIMESERIES_COLUMNS),
};

/** A cell that begins like a formula would be run by a spreadsheet; numbers stay numbers. */
function toCsv(rows: readonly Row[], columns: readonly string[]): string {
  return stringify([...rows], { header: true, columns: [...columns], escape_formulas: true, cast: { number: String } });
}

function verdictRow({ run, phase }: Report, { condition, suite, ...verdict }: Verdict): Row {
  const [comparison] = comparisonsOf(condition);
  const { source } = condition;
  return {
    run: run.id, plan: run.plan.id, phase: phase.id, suite, journey: comparison?.scope['journey'] ?? '', step: comparison?.scope['step'] ?? '',
    metric: comparisonsOf(condition).map(({ metric, aggregate }) => (aggregate ? `${metric}.${aggregate}` : metric)).join(' or '),
    value: verdict.observed, low: verdict.low, high: verdict.high, unit: unitOf(condition), limit: sayLimit(condition), status: verdict.status, samples: verdict.samples,
    source: source ? `${source.document}:${source.line} ${source.section}` : '',
  };
}

function stepRows(report: Report, step: StepSummary): Row[] {
  const journeys = Object.entries(step.journeys);
  return [
    ...scopeRows(report, step.suite, '', '', step),
    ...journeys.flatMap(([journey, summary]) => [
      ...scopeRows(report, step.suite, journey, '', summary),
      ...Object.entries(summary.steps).flatMap(([name, one]) => scopeRows(report, step.suite, journey, name, one)),
    ]),
  ];
}

function scopeRows({ run, phase }: Report, suite: string, journey: string, step: string, summary: ScopeSummary): Row[] {
  const base = { run: run.id, plan: run.plan.id, phase: phase.id, suite, journey, step, low: null, high: null, limit: '', status: '', source: '', samples: summary.requests };
  const latency = Object.entries(summary.latencyMs as LatencySummary & Record<string, number | null>)
    .map(([name, value]) => ({ ...base, metric: `http.${name}`, value, unit: 'ms' }));
  const errors = Object.entries(summary.errors).map(([kind, count]) => ({ ...base, metric: `http.errors.${kind}`, value: count ?? 0, unit: '1' }));
  return [{ ...base, metric: 'http.requests', value: summary.requests, unit: '1' }, ...errors, ...latency];
}

function* clientRows({ run }: Report): Generator<Row> {
  for (const step of run.steps) {
    for (const interval of step.intervals) {
      const base = { time: new Date(interval.startedAtMs).toISOString(), elapsed_s: elapsedSeconds(run.startedAtMs, interval.startedAtMs), suite: step.suite };
      yield { ...base, journey: '', step: '', metric: 'http.sent', value: interval.sent, unit: '/s' };
      yield* scopeSeconds(base, '', '', interval.rows, step.timeoutMs);
      for (const row of interval.rows) yield* scopeSeconds(base, row.journey, row.step, [row], step.timeoutMs);
    }
  }
}

function* scopeSeconds(base: Row, journey: string, step: string, rows: Interval['rows'], timeoutMs: number): Generator<Row> {
  const merged = mergeHistograms(rows.map((row) => row.latency));
  const timeouts = sum(rows, (row) => row.errors.timeout ?? 0);
  const requests = sum(rows, (row) => row.requests);
  const errors = sum(rows, (row) => Object.values(row.errors).reduce((a, b) => a + b, 0));
  const scope = { ...base, journey, step };
  yield { ...scope, metric: 'http.requests', value: requests, unit: '1' };
  yield { ...scope, metric: 'http.errors', value: errors, unit: '1' };
  for (const [name, q] of [['p50', 0.5], ['p95', 0.95], ['p99', 0.99]] as const) {
    const quantile = latencyQuantile(merged, timeouts, timeoutMs, q);
    if (quantile) yield { ...scope, metric: `http.${name}`, value: quantile.valueMs, unit: 'ms' };
  }
}

function* probeRows({ run }: Report): Generator<Row> {
  for (const sample of run.samples) {
    yield {
      time: new Date(sample.atMs).toISOString(), elapsed_s: elapsedSeconds(run.startedAtMs, sample.atMs), suite: '', journey: '', step: sample.instance ?? '',
      metric: sample.metric, value: sample.value, unit: metricOf(sample.metric)?.unit ?? '1',
    };
  }
}

function elapsedSeconds(startMs: number, atMs: number): number {
  return Math.round(atMs - startMs) / 1000;
}

function sum(rows: readonly IntervalRow[], of: (row: IntervalRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
