import type { HistoryPoint, HistorySeries } from '../../model/past-run.ts';
import { sayComparedScope } from '../comparison.ts';
import { HISTORY_COLUMNS, historyCells, sayChange, sayMetricName } from '../history.ts';
import { plain } from '../plain.ts';
import { escape } from './escape.ts';
import { drawHistory, type HistoryChart } from './history-chart.ts';
import { STYLE } from './style.ts';
import { table } from './table.ts';

/** Where the report of a run lies, as a link from the page; null: nowhere. */
export type ReportLink = (runId: string) => string | null;

/** The history as one file without script or network: drawings with their change points marked, and the table of the runs. */
export function historyPage(given: readonly HistorySeries[], linkTo: ReportLink): string {
  const series = plain(given);
  const runs = new Set(series.flatMap(({ points }) => points.map(({ run }) => run.id)));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>History of ${runs.size} runs</title>
<style>${STYLE}</style></head>
<body><main><header><h1>History of runs</h1><p class="dim">${runs.size} runs in ${series.length} series; runs of one series have the same plan, phase, target, load and machine</p></header>
${series.length === 0 ? '<p>There is no run yet.</p>' : overview(series)}
${series.map((one, at) => section(one, at, linkTo)).join('\n')}
<h2>How changes are found</h2><p class="dim">A change is marked at the first run of a new level. A series is split where the energy distance between its two sides is largest, and its parts again, as long as fewer than 1 of 100 random orders of the runs give so large a distance (E-divisive: Matteson &amp; James, Journal of the American Statistical Association 109 (2014) 334). Each side has three runs at least. A mark is no verdict: that is what comparisons are for.</p>
</main></body></html>
`;
}

const CHARTS: readonly HistoryChart[] = [
  { title: 'Latency', lines: [{ metric: 'http.p50', name: 'p50' }, { metric: 'http.p95', name: 'p95', isBold: true }, { metric: 'http.p99', name: 'p99', isDotted: true }] },
  { title: 'Answered per second', lines: [{ metric: 'http.throughput', name: '', isBold: true }] },
  { title: 'Error rate', lines: [{ metric: 'http.error_rate', name: '', isBold: true }] },
];

function overview(series: readonly HistorySeries[]): string {
  const rows = series.map((one, at) => {
    const last = one.points.findLast(({ changes }) => changes.length > 0);
    const said = last === undefined ? '<span class="dim">none</span>' : escape(`${last.changes.map((change) => `${sayMetricName(change.metric)} ${sayChange(change)}`).join(', ')} since ${timeOf(last)}`);
    return [`<a href="#series-${at + 1}">${escape(titleOf(one))}</a>`, String(one.points.length), timeOf(one.points.at(-1)), said];
  });
  return table('Series', [{ name: 'Series' }, { name: 'Runs', isFigure: true }, { name: 'Newest' }, { name: 'Latest change' }], rows);
}

function section(series: HistorySeries, at: number, linkTo: ReportLink): string {
  const { points, load } = series;
  const rows = points.map((point) => {
    const [exit = '', ...figures] = historyCells(point);
    const link = linkTo(point.run.id);
    const time = link === null ? timeOf(point) : `<a href="${escape(link)}">${timeOf(point)}</a>`;
    const marks = point.changes.map((change) => `${sayMetricName(change.metric)} ${sayChange(change)}`).join(', ');
    return [time, exit, ...figures.map(escape), marks === '' ? '' : `<span class="open-text">from here on ${escape(marks)}</span>`];
  });
  const [, exit, ...names] = HISTORY_COLUMNS;
  const columns = [{ name: 'Run' }, { name: exit, isFigure: true }, ...names.map((name) => ({ name, isFigure: true })), { name: 'Change' }];
  const charts = points.length < 2 ? '' : `<div class="charts">${CHARTS.map((chart) => drawHistory(chart, points)).join('\n')}</div>`;
  return `<h2 id="series-${at + 1}">${escape(titleOf(series))}</h2><p class="dim">${escape(load)}</p>${charts}${table(`Runs of ${titleOf(series)}, newest last`, columns, rows)}`;
}

function titleOf({ plan, phase, scope, target }: HistorySeries): string {
  return `${plan} · phase ${phase} · ${sayComparedScope(scope)} · ${target}`;
}

function timeOf(point: HistoryPoint | undefined): string {
  return point === undefined ? '' : new Date(point.run.startedAtMs).toISOString().slice(0, 16).replace('T', ' ');
}
