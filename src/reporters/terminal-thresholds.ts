import type { ChalkInstance } from 'chalk';
import type { TellAssumptions } from './assumptions.ts';
import { comparisonsOf } from '../model/condition.ts';
import type { SuiteId } from '../model/plan.ts';
import type { Report, Verdict } from '../model/report.ts';
import { cut, padEnd, padStart, widthOf, wrap, wrapItems } from './layout.ts';
import type { RenderOptions } from './reporter.ts';
import { sayBounds, sayMetric, sayObserved, sayVerdictLimit } from './words.ts';

interface Line {
  readonly metric: string;
  readonly observed: string;
  readonly bounds: string;
  readonly limit: string;
  readonly mark: string;
  readonly source: string;
  readonly status: Verdict['status'];
  /** Said under the line, where the mark alone leaves a reader helpless. */
  readonly why: string;
  /** What it rests on, where that was not told before. */
  readonly assumed: readonly string[];
}

type Folded = Verdict & { readonly of?: number };

/** The table of thresholds, suite by suite; endpoints that all passed share a line that shows the worst of them. */
export function thresholdLines({ verdicts, plan }: Report, options: RenderOptions, tell: TellAssumptions): string[] {
  const thresholds = verdicts.filter(({ condition }) => condition.kind === 'threshold');
  const suites = [...new Set(thresholds.map(({ suite }) => suite))];
  const rests = new Map(suites.map((suite) => [suite, tell(plan.suites.find(({ id }) => id === suite)?.assumes ?? [])]));
  const lines = new Map(suites.map((suite) => [suite, linesOf(suite, thresholds, tell)]));
  const widths = widthsOf([...lines.values()].flat(), options.columns);
  return [...lines].flatMap(([suite, own]) => [
    options.chalk.dim(`${suite} suite`),
    ...assumedLines(rests.get(suite) ?? [], options),
    ...own.flatMap((line) => rowLines(line, widths, options)),
    ...unmeasuredLines(thresholds.filter((one) => one.suite === suite && one.status === 'not-measured'), options),
  ]);
}

function linesOf(suite: SuiteId, verdicts: readonly Verdict[], tell: TellAssumptions): Line[] {
  const told = new Set<string>();
  return foldEndpoints(verdicts.filter((one) => one.suite === suite && one.status !== 'not-measured')).map((verdict) => {
    const isTold = told.has(verdict.condition.text);
    if (verdict.status === 'inconclusive') told.add(verdict.condition.text);
    return { ...toLine(verdict, !isTold), assumed: tell(verdict.condition.assumes) };
  });
}

/** Verdicts of one condition on several endpoints that all passed become their worst, which says of how many. */
function foldEndpoints(verdicts: readonly Verdict[]): readonly Folded[] {
  const groups = Map.groupBy(verdicts, (one) => (scopeOf(one)['step'] && one.status === 'pass' ? one.condition.text : one));
  return [...groups.values()].map((group) => {
    const worst = group.reduce((a, b) => ((b.margin ?? 0) < (a.margin ?? 0) ? b : a));
    return group.length > 1 ? { ...worst, of: group.length } : worst;
  });
}

function toLine(verdict: Folded, isWhyNew: boolean): Omit<Line, 'assumed'> {
  const { condition, status, reason } = verdict;
  const metric = verdict.of ? `${comparisonsOf(condition)[0]?.metric ?? ''}, worst of ${verdict.of}: ${scopeOf(verdict)['step'] ?? ''}` : sayMetric(condition);
  return {
    metric, observed: sayObserved(verdict) || '–', bounds: sayBounds(verdict), limit: sayVerdictLimit(verdict), mark: markOf(verdict),
    source: condition.source ? `§${condition.source.section}` : 'derived', status, why: status === 'inconclusive' && isWhyNew ? reason : '',
  };
}

function markOf({ status, observed, limit, condition }: Verdict): string {
  const optional = condition.required ? '' : ', not required';
  if (status === 'pass') return `✓${optional}`;
  const isBreach = status === 'fail' || status === 'warn';
  const percent = isBreach && observed !== null && limit !== null && limit !== 0 ? sayBeyond((observed - limit) / Math.abs(limit)) : '';
  if (status === 'fail') return `✗${percent}${optional}`;
  return status === 'warn' ? `! warn${percent}${optional}` : `?${optional}`;
}

/** How far beyond the limit, in percent of it; a hundredfold is said as such. */
function sayBeyond(share: number): string {
  if (share >= 10) return ` ${Math.round(share + 1).toLocaleString('en-US')} x`;
  const percent = Math.round(Math.abs(share) * 100);
  return ` ${share < 0 ? '−' : '+'}${percent < 1 ? '<1' : percent} %`;
}

interface Widths {
  readonly metric: number;
  readonly observed: number;
  readonly bounds: number;
  readonly limit: number;
  readonly mark: number;
  readonly source: number;
  readonly gap: string;
}

/** The same columns in every suite. What is too wide first loses its air, then its source, then its metric stands on a line of its own. */
function widthsOf(lines: readonly Line[], columns: number): Widths {
  const most = (of: (line: Line) => string): number => Math.max(0, ...lines.map((line) => widthOf(of(line))));
  const [metric, observed, bounds, limit, mark] = [most((l) => l.metric), most((l) => l.observed), most((l) => l.bounds), most((l) => l.limit), most((l) => l.mark)];
  const figures = observed + bounds + limit + mark;
  const gap = 2 + metric + figures + 4 * 2 <= columns ? '  ' : ' ';
  const left = columns - 2 - figures - 4 * gap.length;
  // A source that has to be cut to less than a word or two says nothing.
  const source = left - metric - gap.length;
  return { metric: Math.max(8, Math.min(metric, left)), observed, bounds, limit, mark, source: source >= 14 ? source : 0, gap };
}

function rowLines(line: Line, widths: Widths, { chalk, columns }: RenderOptions): string[] {
  const fits = widthOf(line.metric) <= widths.metric;
  const figures = [padStart(line.observed, widths.observed), padEnd(line.bounds, widths.bounds), padEnd(line.limit, widths.limit)];
  const mark = paint(line, chalk) + (widths.source > 0 ? ' '.repeat(widths.mark - widthOf(line.mark)) : '');
  const source = widths.source > 0 ? [chalk.dim(cut(line.source, widths.source))] : [];
  const row = `  ${[padEnd(fits ? line.metric : '', widths.metric), ...figures, mark, ...source].join(widths.gap)}`;
  const whole = widthOf(row) <= columns ? [row] : wrap(`${line.observed} ${line.bounds} ${line.limit} ${line.mark}`, columns, '    ');
  return [
    ...(fits ? [] : wrap(line.metric, columns, '  ')),
    ...whole,
    ...(line.why ? wrap(line.why, columns, '    ').map((one) => chalk.dim(one)) : []),
    ...assumedLines(line.assumed, { chalk, columns }),
  ];
}

function assumedLines(texts: readonly string[], { chalk, columns }: RenderOptions): string[] {
  return texts.flatMap((text) => wrap(text, columns, '    ')).map((line) => chalk.dim(line));
}

function paint({ mark, status }: Line, chalk: ChalkInstance): string {
  if (status === 'pass') return chalk.green(mark);
  return status === 'fail' ? chalk.red(mark) : chalk.yellow(mark);
}

/** What is required and missing by its reason, which says what to do; what is not required by name alone. */
function unmeasuredLines(verdicts: readonly Verdict[], { chalk, columns }: RenderOptions): string[] {
  const required = Map.groupBy(verdicts.filter(({ condition }) => condition.required), ({ reason }) => reason);
  // A metric with two limits is named once.
  const optional = [...new Set(verdicts.filter(({ condition }) => !condition.required).map(({ condition }) => sayMetric(condition)))];
  return [
    ...[...required].flatMap(([reason, group]) => wrapItems(saysUnmeasured(group, reason), columns, '? ').map((line) => chalk.yellow(line))),
    ...(optional.length > 0 ? wrap(`neither measured nor required: ${optional.join(', ')}`, columns, '  ').map((line) => chalk.dim(line)) : []),
  ];
}

function saysUnmeasured(group: readonly Verdict[], reason: string): string[] {
  const names = group.map((one) => `${sayMetric(one.condition)} ${sayVerdictLimit(one)}`);
  return names.length === 1 ? [`${names.join('')}  not measured: ${reason}`] : [`not measured: ${reason}:`, ...names];
}

function scopeOf({ condition }: Verdict): Readonly<Record<string, string>> {
  return comparisonsOf(condition)[0]?.scope ?? {};
}
