import { stringify } from 'csv-stringify/sync';
import type { CapacityTrend, DayEstimate, Forecast, WhatIf } from '../model/forecast.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Range } from '../model/plan.ts';

const COLUMNS = [
  'kind', 'id', 'name', 'users', 'date_low', 'date', 'date_high', 'prepare_by_users', 'begin_by', 'late', 'monthly_usd_min', 'monthly_usd_max', 'per_user_usd_min', 'per_user_usd_max', 'basis',
  'users_low', 'users_high', 'plan_users', 'bound', 'carried_users', 'overdue', 'run', 'timeline', 'limit_status', 'limit_users_low', 'limit_users', 'limit_users_high', 'users_now', 'percent_per_month_low', 'percent_per_month', 'percent_per_month_high',
];

type Row = Readonly<Record<string, string | number | null | undefined>>;

/** One row for each milestone, each phase, each month, each resource of a what-if, each run of a trend and the trend; an empty cell is not known. */
export function forecastCsv({ milestones, phases, costs, whatIf, capacityTrend }: Forecast): string {
  const rows: Row[] = [
    ...milestones.map(({ id, title, users, basis, run, bound, planUsers, carried, overdue, date, prepareByUsers, beginBy, late, costMonthlyUsd }): Row => ({
      kind: 'milestone', id, name: title, ...between('users', users), ...days(date), prepare_by_users: prepareByUsers, begin_by: beginBy, late: late ? 1 : 0, ...money('monthly_usd', costMonthlyUsd),
      basis, plan_users: planUsers ?? (basis === 'plan' ? users.mid : null), bound, carried_users: carried?.users, overdue: overdue ? 1 : 0, run: run ?? carried?.run,
    })),
    ...phases.flatMap(({ id, name, users, date, timeline, limit }): Row[] => (date === null && limit === null ? [] : [{
      kind: 'phase', id, name, users: users.min, ...(date === null ? {} : days(date)), timeline, limit_status: limit?.status, ...(limit === null ? {} : between('limit_users', limit.users)), bound: limit?.bound, basis: limit?.basis,
    }])),
    ...costs.map(({ date, users, monthlyUsd, perUserUsd, basis }): Row => ({ kind: 'month', users, date, ...money('monthly_usd', monthlyUsd), ...money('per_user_usd', perUserUsd), basis })),
    ...(whatIf === undefined ? [] : whatIfRows(whatIf)), ...(capacityTrend === undefined ? [] : trendRows(capacityTrend)),
  ];
  return stringify(rows, { header: true, columns: COLUMNS, escape_formulas: true, cast: { number: (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '') } });
}

function whatIfRows({ run, limits, seenUpTo }: WhatIf): Row[] {
  return limits.map(({ bottleneck, name, now, after, changed }) => ({
    kind: 'what-if', id: bottleneck, name, ...between('users', after), basis: changed ? 'what-if' : 'not-changed', bound: after.mid === seenUpTo ? 'at-least' : null, run, users_now: now?.mid,
  }));
}

function trendRows({ runs, percentPerMonth, direction, meets }: CapacityTrend): Row[] {
  return [
    ...runs.map(({ id, date, users }) => ({ kind: 'capacity', id, ...between('users', users), date, run: id })),
    { kind: 'trend', name: direction, date: meets, ...between('percent_per_month', percentPerMonth) },
  ];
}

function between(name: string, { low, mid, high }: Estimate): Row {
  return { [`${name}_low`]: low, [name]: mid, [`${name}_high`]: high };
}

function days({ low, mid, high }: DayEstimate): Row {
  return { date_low: low, date: mid, date_high: high };
}

function money(name: string, range: Range | null): Row {
  return range === null ? {} : { [`${name}_min`]: range.min, [`${name}_max`]: range.max };
}
