import { stringify } from 'csv-stringify/sync';
import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { CapacityTrend, DayEstimate, Forecast, ForecastCost, ForecastMilestone, ForecastPhase, WhatIf } from '../model/forecast.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Range } from '../model/plan.ts';
import { padEnd, padStart, widthOf, wrap } from './layout.ts';
import { plain } from './plain.ts';
import type { RenderOptions } from './reporter.ts';
import { sayNumber, sayRange, sayWeeks } from './words.ts';

/** A forecast for people: what comes when, by when to begin, what it costs on the way. */
export function forecastLines(given: Forecast, { chalk, columns }: RenderOptions): string[] {
  const forecast = plain(given);
  const { now, growth } = forecast;
  const rows = costRows(forecast);
  return [
    chalk.bold(`${forecast.plan} · forecast from ${sayNumber(now.users)} users on ${now.date}, ${growth.text}`), '',
    ...forecast.notes.flatMap((note) => wrap(note, columns, '')), '',
    ...(forecast.milestones.length === 0 ? [] : [chalk.bold('Milestones ahead'), ...forecast.milestones.flatMap((one) => milestoneLines(one, { chalk, columns })), '']),
    ...(forecast.whatIf === undefined ? [] : [...whatIfLines(forecast.whatIf, { chalk, columns }), '']),
    ...(forecast.capacityTrend === undefined ? [] : [...trendLines(forecast.capacityTrend, { chalk, columns }), '']),
    chalk.bold('Phases'),
    ...forecast.phases.flatMap((phase) => phaseLines(phase, columns)), '',
    ...(rows.length === 0 ? [] : [chalk.bold('Monthly cost'), ...columnsOf(rows)]),
  ];
}

function milestoneLines({ title, bottleneck, users, planUsers, date, prepareByUsers, beginBy, late, remedy, leadTimeWeeks, costMonthlyUsd }: ForecastMilestone, { chalk, columns }: RenderOptions): string[] {
  const name = bottleneck === null ? title : BOTTLENECK_TITLES[bottleneck];
  const due = beginBy === null ? '' : late ? chalk.red(`late: begin by ${beginBy}`) : `begin by ${beginBy}`;
  const more = [
    prepareByUsers === null ? '' : `ready by ${sayNumber(prepareByUsers)} users`,
    leadTimeWeeks === null ? '' : `takes ${sayWeeks(leadTimeWeeks)}`,
    costMonthlyUsd === null ? '' : `$${sayRange(costMonthlyUsd)} a month`,
  ].filter((part) => part !== '');
  return [
    ...wrap(`${planUsers === undefined ? `${sayNumber(users.mid)} users` : `about ${sayEstimate(users)} users, the plan says ${sayNumber(planUsers)}`} · ${name} · ${sayDays(date)}`, columns, '  '),
    ...(due === '' ? [] : [`    ${due}`]),
    ...(date.low === null ? [] : wrap(`${remedy}${more.length === 0 ? '' : ` (${more.join(', ')})`}`, columns, '    ').map((line) => chalk.dim(line))),
  ];
}

/** What a change would do, by the model: nobody has measured it. */
function whatIfLines({ changed, limits, after, unknown }: WhatIf, { chalk, columns }: RenderOptions): string[] {
  return [
    chalk.bold(`What if ${changed}`), ...wrap('by the model of the run, not measured', columns, '  ').map((line) => chalk.dim(line)),
    ...limits.flatMap((limit) => wrap(`${limit.name}: ${limit.now === null ? 'unknown' : sayEstimate(limit.now)} → ${sayEstimate(limit.after)} users`, columns, '  ')),
    ...(after === null ? [] : wrap(`then first: ${BOTTLENECK_TITLES[after.bottleneck]} at about ${sayEstimate(after.users)} users`, columns, '  ')),
    ...unknown.flatMap((one) => wrap(`not reckoned with: ${one}`, columns, '  ')),
  ];
}

const DIRECTIONS: Readonly<Record<CapacityTrend['direction'], string>> = { growing: 'grows', shrinking: 'shrinks', 'not-told': 'cannot be told apart from staying' };

function trendLines({ runs, percentPerMonth: { low, mid, high }, direction, meets }: CapacityTrend, { chalk, columns }: RenderOptions): string[] {
  const share = (percent: number): string => `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${sayNumber(Math.abs(Number(percent.toPrecision(2))))}`;
  return [
    chalk.bold('Capacity itself'),
    ...runs.flatMap(({ id, date, users }) => wrap(`${date} · about ${sayEstimate(users)} users · ${id}`, columns, '  ')),
    ...wrap(`it ${DIRECTIONS[direction]}: ${share(mid)} % a month (${share(low)} to ${share(high)})${meets === null ? '; at this growth the users do not reach it' : `; the users reach it on ${meets}`}`, columns, '  '),
  ];
}

/** Three digits: more of an estimate would look surer than it is. */
export function sayEstimate({ low, mid, high }: Estimate): string {
  const three = (value: number): string => sayNumber(Number(value.toPrecision(3)));
  return `${three(mid)} (${three(low)}–${three(high)})`;
}

function phaseLines({ id, name, users, status, date }: ForecastPhase, columns: number): string[] {
  const when = date === null ? (status === 'past' ? ' · behind us' : '') : ` · ${date.mid === null ? '' : 'from '}${sayDays(date)}`;
  return wrap(`${name} · ${sayRange(users)} users${when}`, columns, `  ${status === 'now' ? '▸' : ' '} ${id}  `);
}

/** `2026-11-20`, or with its interval; `never` where the growth does not lead there. */
export function sayDays({ low, mid, high }: DayEstimate): string {
  if (mid === null) return low === null ? 'never at this growth' : `not expected, at the earliest ${low}`;
  if (low === mid && high === mid) return mid;
  return `${mid} (${low ?? '?'} to ${high ?? 'never'})`;
}

/** The first of each quarter is enough for an eye; CSV and JSON have every month. */
function costRows({ costs }: Forecast): string[][] {
  const shown = costs.filter((cost, at) => cost.monthlyUsd !== null && (at % 3 === 0 || at === costs.length - 1));
  return shown.map((cost) => [cost.date, `${sayNumber(cost.users)} users`, `$${sayMoney(cost.monthlyUsd)}`, cost.perUserUsd === null ? '' : `$${sayMoney(cost.perUserUsd)} a user`, BASIS[cost.basis ?? 'plan']]);
}

const BASIS: Readonly<Record<NonNullable<ForecastCost['basis']>, string>> = { plan: 'the plan’s figure', interpolated: 'interpolated', 'at-least': 'at least' };

function sayMoney(range: Range | null): string {
  return range === null ? '' : sayRange(range);
}

function columnsOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  return rows.map((row) => `  ${row.map((cell, at) => (at === 0 || at === row.length - 1 ? padEnd(cell, widths[at] ?? 0) : padStart(cell, widths[at] ?? 0))).join('  ')}`.trimEnd());
}

const COLUMNS = ['kind', 'id', 'name', 'users', 'date_low', 'date', 'date_high', 'prepare_by_users', 'begin_by', 'late', 'monthly_usd_min', 'monthly_usd_max', 'per_user_usd_min', 'per_user_usd_max', 'basis'];

/** One row for each milestone ahead, each phase that begins, and each month; an empty cell is not known. */
export function forecastCsv({ milestones, phases, costs }: Forecast): string {
  const rows = [
    ...milestones.map(({ id, title, users, date, prepareByUsers, beginBy, late, costMonthlyUsd }) => ({
      kind: 'milestone', id, name: title, users: users.mid, ...days(date), prepare_by_users: prepareByUsers, begin_by: beginBy, late: late ? 1 : 0, ...money('monthly_usd', costMonthlyUsd),
    })),
    ...phases.flatMap(({ id, name, users, date }) => (date === null ? [] : [{ kind: 'phase', id, name, users: users.min, ...days(date) }])),
    ...costs.map(({ date, users, monthlyUsd, perUserUsd, basis }) => ({ kind: 'month', users, date, ...money('monthly_usd', monthlyUsd), ...money('per_user_usd', perUserUsd), basis })),
  ];
  return stringify(rows, { header: true, columns: COLUMNS, escape_formulas: true, cast: { number: (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '') } });
}

function days({ low, mid, high }: DayEstimate): Record<string, string | null> {
  return { date_low: low, date: mid, date_high: high };
}

function money(name: string, range: Range | null): Record<string, number | null> {
  return range === null ? {} : { [`${name}_min`]: range.min, [`${name}_max`]: range.max };
}
