import { comparisonsOf, type Comparison, type Condition, type Unit } from '../model/condition.ts';
import { metricOf } from '../model/metrics.ts';
import type { Range } from '../model/plan.ts';
import type { Verdict } from '../model/report.ts';
import { formatValue } from '../model/units.ts';

/** A value with its unit, as a person reads it: `612 ms`, `24 s`, `0.02 %`, `8.1 GB`. */
export function sayValue(value: number, unit: Unit): string {
  const scale = scaleOf(value, unit);
  return `${scale.before}${sayNumber(value / scale.by)}${scale.after}`;
}

interface Scale {
  readonly by: number;
  readonly before: string;
  readonly after: string;
}

/** The unit a size is best read in. */
function scaleOf(value: number, unit: Unit): Scale {
  const size = Math.abs(value);
  if (unit === 'USD') return { by: 1, before: '$', after: '' };
  if (unit === 'ms') return size >= 10_000 ? { by: 1000, before: '', after: ' s' } : { by: 1, before: '', after: ' ms' };
  if (unit === 'B') {
    const [by, name] = SIZES.find(([least]) => size >= least) ?? [1, 'B'];
    return { by, before: '', after: ` ${name}` };
  }
  return { by: 1, before: '', after: { '%': ' %', '/s': '/s', '1': '' }[unit] };
}

/** GB = 10⁹, as everywhere. */
const SIZES: readonly (readonly [number, string])[] = [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']];

/** Three significant digits, thousands apart; never 1e-7. */
export function sayNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  // 99.96 with one decimal would be 100.0.
  if (size >= 99.95) return Math.round(value).toLocaleString('en-US');
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.001 ? 3 : 6;
  return value.toFixed(digits).replace(/\.?0+$/, '').replace(/^-?$|^-0$/, '0');
}

/** `500–2,000`, `10,000+`, `2`. */
export function sayRange({ min, max }: Range): string {
  if (max === null) return `${sayNumber(min)}+`;
  return min === max ? sayNumber(min) : `${sayNumber(min)}–${sayNumber(max)}`;
}

/** `1 week`, `1–2 weeks`. */
export function sayWeeks(range: Range): string {
  return `${sayRange(range)} ${range.min === 1 && range.max === 1 ? 'week' : 'weeks'}`;
}

/** `http.p95{journey=dashboard}`: what a condition measures. */
export function sayMetric(condition: Condition): string {
  return [...new Set(comparisonsOf(condition).map(sayComparisonMetric))].join(' or ');
}

function sayComparisonMetric({ metric, aggregate, scope }: Comparison): string {
  // A step says which journey it belongs to by its name; both together leave no room for the figures.
  const names = Object.entries(scope).filter(([key]) => key !== 'journey' || scope['step'] === undefined).map(([key, value]) => `${key}=${value}`);
  return `${metric}${aggregate ? `.${aggregate}` : ''}${names.length > 0 ? `{${names.join(',')}}` : ''}`;
}

/** `< 500 ms`, `> 70 % for 15 min`, `> 3 x reference`. */
export function sayLimit(condition: Condition): string {
  return comparisonsOf(condition).map(sayComparisonLimit).join(' or ');
}

/** The limit with what `3 x reference` was in this run. */
export function sayVerdictLimit({ condition, limit }: Verdict): string {
  const relative = comparisonsOf(condition).find((one) => one.relativeTo !== null);
  if (!relative || limit === null) return sayLimit(condition);
  return `${sayLimit(condition)} = ${sayValue(limit, unitOfComparison(relative))}`;
}

function sayComparisonLimit({ op, value, unit, relativeTo, forSeconds, inSeconds }: Comparison): string {
  const limit = relativeTo ? `${sayNumber(value)} x ${relativeTo}` : sayLimitValue(value, unit);
  return `${op} ${limit}${forSeconds ? ` for ${saySeconds(forSeconds)}` : ''}${inSeconds ? ` in ${saySeconds(inSeconds)}` : ''}`;
}

/** A limit is an exact figure that somebody wrote, `5 s` rather than `5,000 ms`; one that was computed is rounded. */
function sayLimitValue(value: number, unit: Unit): string {
  if (unit === 'USD' || unit === '1' || unit === '/s') return sayValue(value, unit);
  const exact = formatValue(value, unit).replace(' /', '/');
  return exact.length <= 10 ? exact : sayValue(value, unit);
}

function saySeconds(seconds: number): string {
  if (seconds >= 120 && seconds % 60 === 0) return `${sayNumber(seconds / 60)} min`;
  return `${sayNumber(seconds)} s`;
}

/** What was observed, in the condition's unit, or nothing. */
export function sayObserved(verdict: Verdict): string {
  return verdict.observed === null ? '' : sayValue(verdict.observed, unitOf(verdict));
}

/** `(590–640)`, `(≤ 0.05)`, or nothing where there is no interval; in the unit the observation is said in. */
export function sayBounds(verdict: Verdict): string {
  const { low, high, observed, condition } = verdict;
  if (observed === null || (low === null && high === null)) return '';
  const { by } = scaleOf(observed, unitOf(verdict));
  // How little a rare error may be in truth is of no use to anybody; how little throughput may be decides.
  if (low === null || (!isFloor(condition) && (low <= 0 || low < observed / 4))) return high === null || high === observed ? '' : `(≤ ${sayNumber(high / by)})`;
  if (high === null) return `(≥ ${sayNumber(low / by)})`;
  const [from, to] = [sayNumber(low / by), sayNumber(high / by)];
  return from === to ? '' : `(${from}–${to})`;
}

/** Whether too little is what the condition is about: a threshold with `>`, a sign with `<`. */
function isFloor(condition: Condition): boolean {
  return comparisonsOf(condition).some(({ op }) => op.startsWith('>') === (condition.kind === 'threshold') && op !== '==');
}

/** Unit of what was observed: of alternatives that which the verdict rests on. */
export function unitOf({ condition, limit }: Pick<Verdict, 'condition' | 'limit'>): Unit {
  const all = comparisonsOf(condition);
  const decisive = all.find((one) => one.relativeTo === null && one.value === limit) ?? all[0];
  return decisive ? unitOfComparison(decisive) : '1';
}

/** A relative limit is a factor; what it is held against has the metric's unit. */
function unitOfComparison({ metric, unit, relativeTo }: Comparison): Unit {
  return relativeTo === null ? unit : (metricOf(metric)?.unit ?? unit);
}

/** `§SLA targets, line 379`: where the figure stands in its document. */
export function sayAddress({ condition }: Verdict): string {
  return condition.source ? `§${condition.source.section}, line ${condition.source.line}` : 'derived from the plan’s load';
}
