import type { ChalkInstance } from 'chalk';
import { comparisonsOf } from '../model/condition.ts';
import type { SuiteId } from '../model/plan.ts';
import type { Report, Verdict } from '../model/report.ts';
import type { RenderOptions } from './reporter.ts';
import { sayBounds, sayLimit, sayMetric, sayObserved } from './words.ts';

interface Line {
  readonly metric: string;
  readonly observed: string;
  readonly bounds: string;
  readonly limit: string;
  readonly mark: string;
  readonly source: string;
  readonly status: Verdict['status'];
}

/** The table of thresholds, suite by suite; endpoints that all passed share a line that shows the worst of them. */
export function thresholdLines({ verdicts }: Report, options: RenderOptions): string[] {
  const thresholds = verdicts.filter(({ condition }) => condition.kind === 'threshold');
  const suites = [...new Set(thresholds.map(({ suite }) => suite))];
  return suites.flatMap((suite) => suiteLines(suite, thresholds.filter((one) => one.suite === suite), options));
}

function suiteLines(suite: SuiteId, verdicts: readonly Verdict[], options: RenderOptions): string[] {
  const measured = verdicts.filter(({ status }) => status !== 'not-measured');
  const lines = foldEndpoints(measured).map(toLine);
  const unmeasured = verdicts.filter(({ status }) => status === 'not-measured');
  return [
    options.chalk.dim(`${suite} suite`),
    ...table(lines, options),
    ...unmeasured.map((one) => unmeasuredLine(one, options)),
  ];
}

/** Verdicts of one condition on several endpoints that all passed become their worst, which says of how many. */
function foldEndpoints(verdicts: readonly Verdict[]): readonly (Verdict & { readonly of?: number })[] {
  const groups = Map.groupBy(verdicts, (one) => (scopeOf(one)['step'] && one.status === 'pass' ? one.condition.text : one));
  return [...groups.values()].map((group) => {
    const worst = group.reduce((a, b) => ((b.margin ?? 0) < (a.margin ?? 0) ? b : a));
    return group.length > 1 ? { ...worst, of: group.length } : worst;
  });
}

function toLine(verdict: Verdict & { readonly of?: number }): Line {
  const step = scopeOf(verdict)['step'];
  const metric = verdict.of ? `${comparisonsOf(verdict.condition)[0]?.metric ?? ''} worst of ${verdict.of}: ${step ?? ''}` : sayMetric(verdict.condition);
  const source = verdict.condition.source;
  return {
    metric: shorten(metric), observed: sayObserved(verdict) || '–', bounds: sayBounds(verdict), limit: sayLimit(verdict.condition),
    mark: markOf(verdict), source: source ? `§${source.section}:${source.line}` : '', status: verdict.status,
  };
}

/** The journey of an endpoint says little beside its step, and the line must stay within 80 columns. */
function shorten(metric: string): string {
  return metric.replace(/journey=[^,}]+,(?=step=)/, '').replace(/\{(?:journey|step)=([^},]+)\}/, '{$1}');
}

function markOf({ status, margin, condition }: Verdict): string {
  const optional = condition.required ? '' : ' (not required)';
  const share = margin === null ? '' : ` ${margin >= 0 ? '' : '+'}${Math.round(Math.abs(margin) * 100)} %`;
  if (status === 'pass') return `✓${optional}`;
  if (status === 'fail') return `✗${share}${optional}`;
  return `${status === 'warn' ? '!' : '?'} ${status}${optional}`;
}

function table(lines: readonly Line[], { chalk, columns }: RenderOptions): string[] {
  const width = (of: (line: Line) => string): number => Math.max(0, ...lines.map((line) => of(line).length));
  const [metric, observed, bounds, limit] = [width((l) => l.metric), width((l) => l.observed), width((l) => l.bounds), width((l) => l.limit)];
  const wide = 2 + metric + observed + bounds + limit + 24 <= Math.min(columns, 100);
  return lines.map((line) => {
    const middle = wide || bounds === 0 ? ` ${line.bounds.padEnd(bounds)}` : '';
    const text = `  ${line.metric.padEnd(metric)} ${line.observed.padStart(observed)}${middle} ${line.limit.padEnd(limit)} ${paint(line, chalk)}`;
    return columns >= 110 && line.source ? `${text}  ${chalk.dim(line.source)}` : text;
  });
}

function paint({ mark, status }: Line, chalk: ChalkInstance): string {
  if (status === 'pass') return chalk.green(mark);
  return status === 'fail' ? chalk.red(mark) : chalk.yellow(mark);
}

function unmeasuredLine(verdict: Verdict, { chalk }: RenderOptions): string {
  const mark = verdict.condition.required ? chalk.yellow('?') : ' ';
  return `  ${sayMetric(verdict.condition)} not measured${verdict.condition.required ? '' : ', not required'}: ${verdict.reason} ${mark}`.trimEnd();
}

function scopeOf({ condition }: Verdict): Readonly<Record<string, string>> {
  return comparisonsOf(condition)[0]?.scope ?? {};
}
