import { comparisonsOf, isAlternative, type Comparison, type Condition, type Unit } from '../model/condition.ts';
import type { Range } from '../model/plan.ts';
import type { Report, Verdict } from '../model/report.ts';
import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';

/** A value with its unit, as a person reads it: `612 ms`, `2.4 s`, `0.02 %`, `8.1 GB`. */
export function sayValue(value: number, unit: Unit): string {
  if (unit === 'ms' && Math.abs(value) >= 10_000) return `${sayNumber(value / 1000)} s`;
  if (unit === 'B') return sayBytes(value);
  if (unit === 'USD') return `$${sayNumber(value)}`;
  return unit === '1' ? sayNumber(value) : unit === '/s' ? `${sayNumber(value)}/s` : `${sayNumber(value)} ${unit}`;
}

/** Three significant digits, thousands apart; never 1e-7. */
export function sayNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return Math.round(value).toLocaleString('en-US');
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.001 ? 3 : 6;
  return value.toFixed(digits).replace(/\.?0+$/, '') || '0';
}

function sayBytes(bytes: number): string {
  const steps: readonly (readonly [number, string])[] = [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']];
  const [size, name] = steps.find(([least]) => bytes >= least) ?? [1, 'B'];
  return `${sayNumber(bytes / size)} ${name}`;
}

/** `500–2,000`, `10,000+`, `2`. */
export function sayRange({ min, max }: Range): string {
  if (max === null) return `${sayNumber(min)}+`;
  return min === max ? sayNumber(min) : `${sayNumber(min)}–${sayNumber(max)}`;
}

/** `http.p95{journey=dashboard}`: what a condition measures. */
export function sayMetric(condition: Condition): string {
  return comparisonsOf(condition).map(sayComparisonMetric).join(' or ');
}

function sayComparisonMetric({ metric, aggregate, scope }: Comparison): string {
  const names = Object.entries(scope).map(([key, value]) => `${key}=${value}`);
  return `${metric}${aggregate ? `.${aggregate}` : ''}${names.length > 0 ? `{${names.join(',')}}` : ''}`;
}

/** `< 500 ms`, `> 70 % for 15 min`, `> 3 x reference`. */
export function sayLimit(condition: Condition): string {
  return comparisonsOf(condition).map(sayComparisonLimit).join(' or ');
}

function sayComparisonLimit({ op, value, unit, relativeTo, forSeconds, inSeconds }: Comparison): string {
  const limit = relativeTo ? `${sayNumber(value)} x ${relativeTo}` : sayValue(value, unit);
  return `${op} ${limit}${forSeconds ? ` for ${saySeconds(forSeconds)}` : ''}${inSeconds ? ` in ${saySeconds(inSeconds)}` : ''}`;
}

export function saySeconds(seconds: number): string {
  if (seconds >= 120 && seconds % 60 === 0) return `${sayNumber(seconds / 60)} min`;
  return `${sayNumber(seconds)} s`;
}

/** What was observed, in the condition's unit, or nothing. */
export function sayObserved({ condition, observed }: Verdict): string {
  if (observed === null) return '';
  return sayValue(observed, unitOf(condition));
}

/** `(590–640)`, or nothing where there is no interval. */
export function sayBounds({ low, high }: Verdict): string {
  if (low === null || high === null) return '';
  const [from, to] = [sayNumber(low), sayNumber(high)];
  return from === to ? '' : `(${from}–${to})`;
}

export function unitOf(condition: Condition): Unit {
  return isAlternative(condition) ? (condition.anyOf[0]?.unit ?? '1') : condition.unit;
}

export type Headline = 'PASS' | 'WARN' | 'FAIL' | 'INCONCLUSIVE' | 'INVALID' | 'INTERRUPTED';

/** The verdict in one word. */
export function headlineOf({ run, validity, exitCode, verdicts }: Report): Headline {
  if (run.interrupted) return 'INTERRUPTED';
  if (!validity.valid) return 'INVALID';
  if (exitCode === 1) return 'FAIL';
  if (exitCode === 4) return 'INCONCLUSIVE';
  return verdicts.some((verdict) => verdict.status === 'warn') ? 'WARN' : 'PASS';
}

/** The verdict in one sentence that a manager understands and an engineer trusts. */
export function sentenceOf(report: Report): string {
  const { run, validity, diagnosis } = report;
  if (run.interrupted) return 'The run was interrupted; what was measured until then is below.';
  if (!validity.valid) return `This run proves nothing: ${validity.invalidReason ?? validity.reasons.join('; ')}.`;
  const required = report.verdicts.filter((verdict) => verdict.condition.kind === 'threshold' && verdict.condition.required);
  const count = (status: Verdict['status']): number => required.filter((verdict) => verdict.status === status).length;
  const hit = diagnosis.bottlenecks.filter((one) => one.status === 'hit').map((one) => BOTTLENECK_TITLES[one.id]);
  const milestone = hit.length > 0 ? `Milestone hit: ${hit.join(' and ')}.` : 'No milestone was hit.';
  const open = count('inconclusive') + count('not-measured');
  const failed = count('fail');
  if (failed > 0) return `${failed} of ${required.length} required thresholds failed. ${milestone}`;
  if (open > 0) return `${open} of ${required.length} required thresholds could not be decided; the others passed. ${milestone}`;
  return `All ${required.length} required thresholds passed at ${sayNumber(usersOf(report))} users. ${milestone}`;
}

/** Users of the plan that the judged load stood for. */
export function usersOf({ run, phase }: Report): number {
  const users = run.configuration['users'];
  return typeof users === 'number' ? users : (phase.users.max ?? phase.users.min);
}
