import type { CapacityTrend, Forecast, ForecastCost, ForecastMilestone, ForecastPhase, WhatIf } from '../model/forecast.ts';
import type { Range } from '../model/plan.ts';
import { nameOf, sayBegin, sayChange, sayDays, sayEstimate, sayFirst, sayPassed, sayPhaseLimit, sayReached, sayStanding, sayTrend, sayUsers } from './forecast-words.ts';
import { padEnd, padStart, widthOf, wrap } from './layout.ts';
import { plain } from './plain.ts';
import type { RenderOptions } from './reporter.ts';
import { sayNumber, sayRange, sayWeeks } from './words.ts';

/** A forecast for people: what comes when, by when to begin, what it costs on the way. */
export function forecastLines(given: Forecast, { chalk, columns }: RenderOptions): string[] {
  const forecast = plain(given);
  const { now, growth } = forecast;
  const [rows, passed] = [costRows(forecast), sayPassed(forecast)];
  return [
    ...wrap(`${forecast.plan} · forecast from ${sayNumber(now.users)} users on ${now.date}, ${growth.text}`, columns, '').map((line) => chalk.bold(line)), '',
    ...forecast.notes.flatMap((note) => wrap(note, columns, '')), '',
    ...(forecast.milestones.length === 0 ? [] : [chalk.bold('Milestones ahead'), ...forecast.milestones.flatMap((one) => milestoneLines(one, forecast, { chalk, columns })), '']),
    ...(passed === null ? [] : [...wrap(passed, columns, ''), '']),
    ...(forecast.whatIf === undefined ? [] : [...whatIfLines(forecast.whatIf, { chalk, columns }), '']),
    ...(forecast.capacityTrend === undefined ? [] : [...trendLines(forecast.capacityTrend, { chalk, columns }), '']),
    chalk.bold('Phases'),
    ...forecast.phases.flatMap((phase) => phaseLines(phase, columns)), '',
    ...(rows.length === 0 ? [] : [chalk.bold('Monthly cost'), ...fitting(rows, columns)]),
  ];
}

function milestoneLines(one: ForecastMilestone, { now }: Forecast, { chalk, columns }: RenderOptions): string[] {
  const { date, prepareByUsers, late, overdue, carried, remedy, leadTimeWeeks, costMonthlyUsd } = one;
  const [due, standing] = [sayBegin(one), sayStanding(one, now)];
  const more = [
    prepareByUsers === null ? '' : `ready by ${sayNumber(prepareByUsers)} users`,
    leadTimeWeeks === null ? '' : `takes ${sayWeeks(leadTimeWeeks)}`,
    costMonthlyUsd === null ? '' : `$${sayRange(costMonthlyUsd)} a month`,
  ].filter((part) => part !== '');
  return [
    ...wrap(`${sayUsers(one)} · ${nameOf(one)} · ${sayReached(one)}`, columns, '  '),
    ...(standing === null ? [] : wrap(carried === undefined ? standing : `${standing} by ${carried.run}`, columns, '    ').map((line) => (overdue ? chalk.red(line) : line))),
    ...(due === '' ? [] : [`    ${late ? chalk.red(due) : due}`]),
    ...(date.low === null && !overdue ? [] : wrap(`${remedy}${more.length === 0 ? '' : ` (${more.join(', ')})`}`, columns, '    ').map((line) => chalk.dim(line))),
  ];
}

/** What a change would do, by the model: nobody has measured it. */
function whatIfLines(whatIf: WhatIf, { chalk, columns }: RenderOptions): string[] {
  const { changed, limits, after, unknown } = whatIf;
  return [
    chalk.bold(`What if ${changed}`), ...wrap('by the model of the run, not measured', columns, '  ').map((line) => chalk.dim(line)),
    ...limits.flatMap((limit) => wrap(`${limit.name}: ${sayChange(limit, whatIf)}`, columns, '  ')),
    ...(after === null ? [] : wrap(`then first: ${sayFirst(after)}`, columns, '  ')),
    ...unknown.flatMap((one) => wrap(`not reckoned with: ${one}`, columns, '  ')),
  ];
}

function trendLines(trend: CapacityTrend, { chalk, columns }: RenderOptions): string[] {
  return [
    chalk.bold('Capacity itself'),
    ...trend.runs.flatMap(({ id, date, users }) => wrap(`${date} · about ${sayEstimate(users)} users · ${id}`, columns, '  ')),
    ...wrap(sayTrend(trend), columns, '  '),
  ];
}

function phaseLines({ id, name, users, status, date, timeline, limit }: ForecastPhase, columns: number): string[] {
  const when = date === null ? (status === 'past' ? ' · behind us' : '') : ` · ${date.mid === null ? '' : 'from '}${sayDays(date)}`;
  const first = `  ${status === 'now' ? '▸' : ' '} ${id}  `;
  return [
    ...wrap(`${name} · ${sayRange(users)} users${when}${timeline === null ? '' : ` · the plan: ${timeline}`}`, columns, first),
    ...(limit === null || status === 'past' ? [] : wrap(sayPhaseLimit(limit), columns, ' '.repeat(widthOf(first)))),
  ];
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

/** On a narrow screen without the basis, which CSV and JSON have. */
function fitting(rows: readonly (readonly string[])[], columns: number): string[] {
  const lines = columnsOf(rows);
  return lines.every((line) => widthOf(line) <= columns) ? lines : columnsOf(rows.map((row) => row.slice(0, -1)));
}

function columnsOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  return rows.map((row) => `  ${row.map((cell, at) => (at === 0 || at === row.length - 1 ? padEnd(cell, widths[at] ?? 0) : padStart(cell, widths[at] ?? 0))).join('  ')}`.trimEnd());
}
