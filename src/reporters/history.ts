import type { HistoryPoint, HistorySeries } from '../model/past-run.ts';
import { metricOf } from '../model/metrics.ts';
import { sayComparedScope } from './comparison.ts';
import { padEnd, padStart, widthOf, wrap } from './layout.ts';
import { plain } from './plain.ts';
import type { RenderOptions } from './reporter.ts';
import { sayNumber, sayValue } from './words.ts';

const COLUMNS = ['http.p50', 'http.p95', 'http.p99', 'http.error_rate', 'http.throughput'] as const;
export const HISTORY_COLUMNS = ['run', 'exit', 'p50', 'p95', 'p99', 'errors', 'answered'] as const;

/** Each series as a table, newest last; a change stands above the first run of its new level. */
export function historyLines(given: readonly HistorySeries[], { chalk, columns }: RenderOptions): string[] {
  return plain(given).flatMap((series) => {
    const rows = series.points.map((point) => [timeOf(point.run.id, point.run.startedAtMs), ...historyCells(point)]);
    const widths = HISTORY_COLUMNS.map((title, at) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at] ?? ''))));
    const line = (cells: readonly string[]): string => `  ${cells.map((cell, at) => (at === 0 ? padEnd(cell, widths[at] ?? 0) : padStart(cell, widths[at] ?? 0))).join('  ')}`;
    const title = wrap(`${series.plan} · phase ${series.phase} · ${sayComparedScope(series.scope)} · ${series.target}`, columns, '').map((text) => chalk.bold(text));
    const body = rows.flatMap((row, at) => [
      ...(series.points[at]?.changes ?? []).map((change) => chalk.yellow(`  ── ${change.metric} ${sayChange(change)} from here on`)),
      line(row),
    ]);
    return [...title, ...wrap(series.load, columns, '  ').map((text) => chalk.dim(text)), chalk.dim(line(HISTORY_COLUMNS)), ...body, ''];
  });
}

/** Exit code and figures of one run, in the order of the columns behind its name. */
export function historyCells({ run, figures }: HistoryPoint): string[] {
  return [String(run.exitCode), ...COLUMNS.map((metric) => (figures[metric] === undefined ? '–' : sayValue(figures[metric], metricOf(metric)?.unit ?? '1')))];
}

/** `+38 %`, of error rates `+0.4 points`. */
export function sayChange({ metric, changePercent }: HistoryPoint['changes'][number]): string {
  return `${changePercent > 0 ? '+' : ''}${sayNumber(changePercent)} ${metric === 'http.error_rate' ? 'points' : '%'}`;
}

/** `p95`, `error rate`. */
export function sayMetricName(metric: string): string {
  return metric.replace('http.', '').replace('_', ' ');
}

/** The time and the end of the id: enough to find the folder. */
function timeOf(id: string, startedAtMs: number): string {
  return `${new Date(startedAtMs).toISOString().slice(0, 16).replace('T', ' ')} …${id.slice(-4)}`;
}
