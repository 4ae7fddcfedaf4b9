import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { Day, DayEstimate, ForecastMilestone } from '../model/forecast.ts';
import type { Milestone } from '../model/plan.ts';
import { addDays, HORIZON_DAYS } from './days.ts';
import type { DaysEstimate, UserCurve } from './growth.ts';
import type { ShownLimit, ShownLimits } from './shown-limits.ts';

/** Where the forecast begins; what should have begun before that day is late. */
export interface Beginning {
  readonly date: Day;
  readonly users: number;
}

/** Milestones on the calendar, and a limit that the plan does not know among them; the nearest first, those that were passed before. */
export function forecastMilestones(milestones: readonly Milestone[], curve: UserCurve, beginning: Beginning, { milestones: limits, unplanned, carried }: ShownLimits): ForecastMilestone[] {
  const all = milestones.map((milestone) => {
    const limit = limits.get(milestone.id);
    const isCarried = limit === undefined && carried !== null && carried.users > milestone.users && (milestone.bottleneck === null || !carried.except.has(milestone.bottleneck));
    return isCarried ? beyondCarried(milestone, curve, beginning, carried) : forecastMilestone(milestone, curve, beginning, limit);
  });
  const known = unplanned === null ? all : [...all, unplannedLimit(unplanned, curve, beginning)];
  const at = ({ users, carried: beyond }: ForecastMilestone): number => beyond?.users ?? users.mid;
  return known.toSorted((a, b) => at(a) - at(b));
}

function forecastMilestone(milestone: Milestone, curve: UserCurve, { date, users: now }: Beginning, limit: ShownLimit | undefined): ForecastMilestone {
  const { id, title, bottleneck, leadTimeWeeks, remedy, costMonthlyUsd, source } = milestone;
  const users = limit?.users ?? { low: milestone.users, mid: milestone.users, high: milestone.users };
  const reached = daysOf(curve, users);
  // Measured, the plan's head start keeps its share.
  const prepareByUsers = milestone.prepareByUsers === null || limit === undefined ? milestone.prepareByUsers : Math.floor(users.low * (milestone.prepareByUsers / milestone.users));
  const prepareBy = prepareByUsers ?? users.low;
  const prepared = curve.dayOf(prepareBy);
  // Of what is behind us the likely day is asked for, of what is ahead the earliest: whoever begins then is ready in any case.
  const due = reached.low === null ? null : prepareBy <= now ? prepared.mid : prepared.low;
  const leadDays = Math.ceil((leadTimeWeeks?.max ?? leadTimeWeeks?.min ?? 0) * 7);
  const beginBy = due === null ? null : onCalendar(date, Math.floor(due + 1e-9) - leadDays);
  const isOverdue = users.mid < now;
  return {
    id, title, bottleneck, users, ...basisOf(limit), ...(limit === undefined ? {} : { planUsers: milestone.users }), ...(isOverdue ? { overdue: true } : {}),
    date: dates(date, reached), prepareByUsers, leadTimeWeeks, beginBy, late: isOverdue || (beginBy !== null && beginBy < date), remedy, costMonthlyUsd, source,
  };
}

/** The plan expects it at fewer users than were carried: where it lies nobody knows, only that it is not there. */
function beyondCarried({ id, title, bottleneck, users, leadTimeWeeks, remedy, costMonthlyUsd, source }: Milestone, curve: UserCurve, { date }: Beginning, carried: NonNullable<ShownLimits['carried']>): ForecastMilestone {
  const { low } = dates(date, curve.dayOf(carried.users));
  return {
    id, title, bottleneck, users: { low: users, mid: users, high: users }, basis: 'plan', carried: { users: carried.users, run: carried.run },
    date: { low, mid: null, high: null }, prepareByUsers: null, leadTimeWeeks, beginBy: null, late: false, remedy, costMonthlyUsd, source,
  };
}

function unplannedLimit(limit: NonNullable<ShownLimits['unplanned']>, curve: UserCurve, { date, users: now }: Beginning): ForecastMilestone {
  const { users, bottleneck } = limit;
  const isOverdue = users.mid < now;
  return {
    id: 'first-limit', title: `The system breaks${bottleneck === null ? '' : `: ${BOTTLENECK_TITLES[bottleneck]}`}`, bottleneck, users, ...basisOf(limit), ...(isOverdue ? { overdue: true } : {}),
    date: dates(date, daysOf(curve, users)), prepareByUsers: null, leadTimeWeeks: null, beginBy: null, late: isOverdue,
    remedy: 'no milestone of the plan speaks of it, so that it names no remedy', costMonthlyUsd: null, source: null,
  };
}

function basisOf(limit: ShownLimit | undefined): Pick<ForecastMilestone, 'basis' | 'run' | 'bound'> {
  return limit === undefined ? { basis: 'plan' } : { basis: limit.basis, run: limit.run, ...(limit.bound === undefined ? {} : { bound: limit.bound }) };
}

/** The earliest day at which the lowest figure may be reached, and the latest for the highest. */
function daysOf(curve: UserCurve, { low, mid, high }: ShownLimit['users']): DaysEstimate {
  return { low: curve.dayOf(low).low, mid: curve.dayOf(mid).mid, high: curve.dayOf(high).high };
}

/** Days of a curve that begins on `from`, as days of the calendar. */
export function dates(from: Day, { low, mid, high }: DaysEstimate): DayEstimate {
  const on = (day: number | null): Day | null => (day === null ? null : onCalendar(from, Math.ceil(day - 1e-9)));
  return { low: on(low), mid: on(mid), high: on(high) };
}

function onCalendar(from: Day, day: number): Day | null {
  return Math.abs(day) > HORIZON_DAYS ? null : addDays(from, day);
}
