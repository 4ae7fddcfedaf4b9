import type { Day, DayEstimate, Forecast, ForecastCost, ForecastMilestone, ForecastPhase } from '../model/forecast.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Milestone, Plan } from '../model/plan.ts';
import { costAt, lastCostedUsers } from './cost.ts';
import { addDays, addMonths, daysBetween, HORIZON_DAYS } from './days.ts';
import type { DaysEstimate, UserCurve } from './growth.ts';

/** Where the forecast begins; what should have begun before that day is late. */
interface Beginning {
  readonly date: Day;
  readonly users: number;
}

/** Two years are shown at least, twenty at most. */
const LEAST_MONTHS = 24;
const MOST_MONTHS = 240;

/** Milestones in users as runs have measured them, by id; they take the place of the plan's own figures. */
export type MeasuredMilestones = ReadonlyMap<string, Estimate>;

/** What comes when: a plan's milestones, phases and costs on the curve of its users. Pure: the clock is `beginning`. */
export function forecast(plan: Plan, curve: UserCurve, beginning: Beginning, measured: MeasuredMilestones = new Map()): Forecast {
  const { date, users } = beginning;
  const at = (milestone: Milestone): number => measured.get(milestone.id)?.mid ?? milestone.users;
  const ahead = plan.milestones.filter((milestone) => at(milestone) >= users).toSorted((a, b) => at(a) - at(b));
  const milestones = ahead.map((milestone) => forecastMilestone(milestone, curve, beginning, measured.get(milestone.id)));
  const phases = forecastPhases(plan, curve, beginning);
  const months = monthsToShow([...milestones, ...phases].map((one) => one.date?.mid ?? null), date);
  const days = Array.from({ length: months + 1 }, (_, month) => addMonths(date, month));
  return {
    plan: plan.id, title: plan.title, now: { date, users }, growth: curve.growth, milestones,
    passed: plan.milestones.filter((milestone) => at(milestone) < users).map(({ id }) => id),
    phases,
    costs: days.map((day) => costOn(plan, curve, date, day, users)),
    users: days.map((day) => ({ date: day, ...curve.usersAt(daysBetween(date, day)) })),
    notes: notesFor(plan, curve, milestones, users),
  };
}

function forecastMilestone(milestone: Milestone, curve: UserCurve, { date, users: now }: Beginning, measured?: Estimate): ForecastMilestone {
  const { id, title, bottleneck, leadTimeWeeks, remedy, costMonthlyUsd, source } = milestone;
  const users = measured ?? { low: milestone.users, mid: milestone.users, high: milestone.users };
  // The earliest day at which the lowest figure may be reached, and the latest for the highest.
  const reached = { low: curve.dayOf(users.low).low, mid: curve.dayOf(users.mid).mid, high: curve.dayOf(users.high).high };
  // Measured, the plan's head start keeps its share.
  const prepareByUsers = milestone.prepareByUsers === null || measured === undefined ? milestone.prepareByUsers : Math.floor(measured.low * (milestone.prepareByUsers / milestone.users));
  const prepareBy = prepareByUsers ?? users.low;
  const prepared = curve.dayOf(prepareBy);
  // Of what is behind us the likely day is asked for, of what is ahead the earliest: whoever begins then is ready in any case.
  const due = reached.low === null ? null : prepareBy <= now ? prepared.mid : prepared.low;
  const leadDays = Math.ceil((leadTimeWeeks?.max ?? leadTimeWeeks?.min ?? 0) * 7);
  const beginBy = due === null ? null : onCalendar(date, Math.floor(due + 1e-9) - leadDays);
  return {
    id, title, bottleneck, users, ...(measured === undefined ? {} : { planUsers: milestone.users }), date: dates(date, reached), prepareByUsers, leadTimeWeeks,
    beginBy, late: beginBy !== null && beginBy < date, remedy, costMonthlyUsd, source,
  };
}

function forecastPhases(plan: Plan, curve: UserCurve, { date, users }: Beginning): ForecastPhase[] {
  const begun = plan.phases.filter((phase) => phase.users.min <= users);
  const present = begun.toSorted((a, b) => b.users.min - a.users.min)[0];
  return plan.phases.map((phase) => {
    const isAhead = phase.users.min > users;
    return {
      id: phase.id, name: phase.name, users: phase.users, status: isAhead ? 'ahead' : phase === present ? 'now' : 'past',
      date: isAhead ? dates(date, curve.dayOf(phase.users.min)) : null,
    };
  });
}

/** On the first day the users are those that were said; later they are whole ones. */
function costOn(plan: Plan, curve: UserCurve, from: Day, day: Day, users: number): ForecastCost {
  const count = day === from ? users : Math.round(curve.usersAt(daysBetween(from, day)).mid);
  const cost = costAt(plan, count);
  return { date: day, users: count, monthlyUsd: cost?.monthlyUsd ?? null, perUserUsd: cost?.perUserUsd ?? null, basis: cost?.basis ?? null };
}

/** Until a month after the last thing that happens. */
function monthsToShow(last: readonly (Day | null)[], from: Day): number {
  const days = last.flatMap((day) => (day === null ? [] : [daysBetween(from, day)]));
  return Math.min(MOST_MONTHS, Math.max(LEAST_MONTHS, Math.ceil(Math.max(0, ...days) / 30) + 1));
}

function dates(from: Day, { low, mid, high }: DaysEstimate): DayEstimate {
  const on = (day: number | null): Day | null => (day === null ? null : onCalendar(from, Math.ceil(day - 1e-9)));
  return { low: on(low), mid: on(mid), high: on(high) };
}

function onCalendar(from: Day, day: number): Day | null {
  return Math.abs(day) > HORIZON_DAYS ? null : addDays(from, day);
}

/** What must be said plainly, before anybody reads a table. */
function notesFor(plan: Plan, curve: UserCurve, milestones: readonly ForecastMilestone[], users: number): string[] {
  const { growth } = curve;
  const notes: string[] = [];
  if (growth.perMonth <= 0) notes.push(`At this growth (${growth.text}) the number of users does not rise: no milestone ahead is ever reached.`);
  else if (milestones.length === 0) notes.push(plan.milestones.length === 0 ? 'The plan has no milestones.' : `All milestones of the plan are behind ${users.toLocaleString('en-US')} users.`);
  if (growth.perMonth > 0 && milestones.some(({ date }) => date.mid === null)) notes.push('A date that is missing lies more than a hundred years ahead.');
  if (growth.fit !== null) notes.push('Dates have one-sided 95 % bounds; the remedy must begin by the early one. They hold as long as growth stays what it was.');
  const last = lastCostedUsers(plan);
  if (costAt(plan, users) === null && last === null) notes.push('The plan gives no costs.');
  else notes.push(`Cost between two figures of the plan is read off the straight line between them${last === null ? '' : `; beyond ${last.toLocaleString('en-US')} users the plan gives none`}.`);
  return notes;
}
