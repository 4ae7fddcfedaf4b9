import type { ChalkInstance } from 'chalk';
import type { ComparedScope, Comparison, Difference, DifferenceStatus } from '../model/comparison.ts';
import { metricOf } from '../model/metrics.ts';
import { padEnd, padStart, widthOf, wrap } from './layout.ts';
import { plain } from './plain.ts';
import type { RenderOptions } from './reporter.ts';
import { sayNumber, sayValue } from './words.ts';

/** Base against head as a table, what forbids the comparison first. */
export function comparisonLines(given: Comparison, { chalk, columns }: RenderOptions): string[] {
  const comparison = plain(given);
  const { reasons, notes, differences, method } = comparison;
  return [
    ...wrap(sayComparison(comparison), columns, '').map((line) => chalk.bold(line)),
    ...reasons.flatMap((reason) => wrap(reason, columns, '  differs  ')).map((line) => chalk.yellow(line)),
    ...(differences.length === 0 ? [] : ['', ...tableLines(differences, { chalk, columns }), '']),
    ...openLines(differences, columns),
    ...notes.flatMap((note) => wrap(note, columns, '  note     ')).map((line) => chalk.dim(line)),
    ...(method === '' ? [] : wrap(method, columns, '  method   ').map((line) => chalk.dim(line))),
  ];
}

/** `Slower: 3 of 15 figures are worse by 5 % or more.` */
export function sayComparison({ kind, base, head, comparable, differences, thresholdPercent }: Comparison): string {
  const sides = kind === 'duet' ? 'base and head under the same load at the same time' : `${sayRuns(base)} (base) against ${sayRuns(head)} (head)`;
  if (differences.length === 0) return `${comparable ? 'Nothing to compare' : 'Not comparable'}: ${sides}`;
  const count = (status: DifferenceStatus): number => differences.filter((one) => one.status === status).length;
  const parts = (['worse', 'better', 'cannot-tell', 'same'] as const).flatMap((status) => (count(status) > 0 ? [`${count(status)} ${WORDS[status]}`] : []));
  return `${sides}: ${parts.join(', ')} (a change of ${sayNumber(thresholdPercent)} % matters)`;
}

const WORDS: Readonly<Record<DifferenceStatus, string>> = { worse: 'worse', better: 'better', same: 'the same', 'cannot-tell': 'cannot tell' };

function sayRuns(ids: readonly string[]): string {
  return ids.length === 1 ? (ids[0] ?? '') : `${ids.length} runs`;
}

function tableLines(differences: readonly Difference[], { chalk, columns }: RenderOptions): string[] {
  const isOneSuite = new Set(differences.map(({ scope }) => scope.scenario ?? scope.suite)).size === 1;
  const rows = differences.map((one) => ({ one, cells: tableCells(one, isOneSuite) }));
  const head = ['', 'base', 'head', 'change', ''];
  const widths = head.map((title, at) => Math.max(widthOf(title), ...rows.map(({ cells }) => widthOf(cells[at] ?? ''))));
  const line = (cells: readonly string[]): string => cells.map((cell, at) => (at === 0 || at === 4 ? padEnd(cell, widths[at] ?? 0) : padStart(cell, widths[at] ?? 0))).join('  ').trimEnd();
  const table = [chalk.dim(line(head)), ...rows.map(({ one, cells }) => PAINT[one.status](chalk)(line(cells)))].map((text) => `  ${text}`);
  const widest = Math.max(...table.map(widthOf));
  // Names of journeys as long as sentences: the change goes below its name.
  return widest <= columns ? table : rows.flatMap(({ one, cells: [name = '', ...rest] }) => [...wrap(name, columns, '  '), ...wrap(rest.filter(Boolean).join('  '), columns, '    ').map((text) => PAINT[one.status](chalk)(text))]);
}

/** The verdict in one short word: names of journeys need the room. What is open is said below. */
function tableCells(one: Difference, isOneSuite: boolean): string[] {
  const short = { worse: 'worse', better: 'better', same: 'same', 'cannot-tell': 'open' } as const;
  return [...comparisonCells(one, isOneSuite).slice(0, 4), short[one.status]];
}

const PAINT: Readonly<Record<DifferenceStatus, (chalk: ChalkInstance) => (text: string) => string>> = {
  worse: (chalk) => chalk.red, better: (chalk) => chalk.green, same: () => (text) => text, 'cannot-tell': (chalk) => chalk.yellow,
};

/** Name (of a single suite without it), base, head, change with its bounds, verdict. */
export function comparisonCells({ scope, metric, base, head, changePercent, status }: Difference, isOneSuite: boolean): string[] {
  const unit = metricOf(metric)?.unit ?? '1';
  const value = (number: number | null): string => (number === null ? '–' : sayValue(number, unit));
  const sign = (number: number): string => `${number > 0 ? '+' : ''}${sayNumber(Number(number.toFixed(Math.abs(number) >= 0.1 ? 1 : 3)))}`;
  const after = metric === 'http.error_rate' ? ' pt' : ' %';
  const change = changePercent === null ? '–' : `${sign(changePercent.mid)}${after} (${sign(changePercent.low)} to ${sign(changePercent.high)})`;
  const name = isOneSuite ? `${scope.step ?? scope.journey ?? 'all'} ${sayMetric(metric)}` : sayFigure({ scope, metric });
  return [name, value(base), value(head), change, WORDS[status]];
}

/** `load · dashboard p95`. */
function sayFigure({ scope, metric }: Pick<Difference, 'scope' | 'metric'>): string {
  return `${sayComparedScope(scope)} ${sayMetric(metric)}`;
}

function sayMetric(metric: string): string {
  return metric.replace('http.', '').replace('_', ' ');
}

export function sayComparedScope({ suite, scenario, journey, step }: ComparedScope): string {
  return [scenario ?? suite, step ?? journey].filter((part) => part !== undefined).join(' · ');
}

/** Why it cannot be told, and what would tell: said once for all figures, by the one that needs most. */
function openLines(differences: readonly Difference[], columns: number): string[] {
  const open = differences.filter(({ status }) => status === 'cannot-tell');
  const [hardest] = open.toSorted((a, b) => (b.need?.runsPerSide ?? Infinity) - (a.need?.runsPerSide ?? Infinity));
  if (hardest === undefined) return [];
  return wrap(`${sayFigure(hardest)}: ${hardest.reason}. ${sayNeed(hardest)}`, columns, '  open     ');
}

/** `About 9 runs a side would tell, or runs 2.7 times as long.` */
export function sayNeed({ need, metric }: Pick<Difference, 'need' | 'metric'>): string {
  if (need === null || (need.runsPerSide === null && need.timesAsLong === null)) return metric === 'http.error_rate' ? 'More requests would tell.' : 'No number of runs that anybody makes would tell.';
  const [runs, times] = [need.runsPerSide, need.timesAsLong];
  if (runs === null) return `Measuring ${sayNumber(times ?? 1)} times as long would tell.`;
  return `About ${runs} runs a side would tell${times === null ? '; longer ones would not help' : `, or runs ${sayNumber(times)} times as long`}.`;
}
