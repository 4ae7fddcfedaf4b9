import type { Day, Forecast, ForecastCost, ForecastMilestone, ForecastPhase, PhaseLimit } from '../model/forecast.ts';
import type { Milestone, Phase, Plan } from '../model/plan.ts';
import { costAt, lastCostedUsers } from './cost.ts';
import { addMonths, daysBetween } from './days.ts';
import { dates, forecastMilestones, type Beginning } from './forecast-milestone.ts';
import type { UserCurve } from './growth.ts';
import { NOTHING_SHOWN, type ShownLimits } from './shown-limits.ts';

/** Two years are shown at least, twenty at most. */
const LEAST_MONTHS = 24;
const MOST_MONTHS = 240;

/** What comes when: a plan's milestones, phases and costs on the curve of its users. Pure: the clock is `beginning`. */
export function forecast(plan: Plan, curve: UserCurve, beginning: Beginning, shown: ShownLimits = NOTHING_SHOWN): Forecast {
  const { date, users } = beginning;
  // What is behind us by the plan's figures alone is told by name; a limit that a run has shown and that we have passed is the first thing to know.
  const isPassed = (milestone: Milestone): boolean => milestone.users < users && !shown.milestones.has(milestone.id);
  const milestones = forecastMilestones(plan.milestones.filter((one) => !isPassed(one)), curve, beginning, shown);
  const phases = forecastPhases(plan, curve, beginning, shown);
  const months = monthsToShow([...milestones, ...phases].map((one) => one.date?.mid ?? null), date);
  const days = Array.from({ length: months + 1 }, (_, month) => addMonths(date, month));
  return {
    plan: plan.id, title: plan.title, now: { date, users }, growth: curve.growth, milestones,
    passed: plan.milestones.filter(isPassed).map(({ id }) => id),
    phases,
    costs: days.map((day) => costOn(plan, curve, date, day, users)),
    users: days.map((day) => ({ date: day, ...curve.usersAt(daysBetween(date, day)) })),
    notes: notesFor(plan, curve, milestones, users),
  };
}

function forecastPhases(plan: Plan, curve: UserCurve, { date, users }: Beginning, shown: ShownLimits): ForecastPhase[] {
  const begun = plan.phases.filter((phase) => phase.users.min <= users);
  const present = begun.toSorted((a, b) => b.users.min - a.users.min)[0];
  return plan.phases.map((phase) => {
    const isAhead = phase.users.min > users;
    return {
      id: phase.id, name: phase.name, users: phase.users, status: isAhead ? 'ahead' : phase === present ? 'now' : 'past',
      date: isAhead ? dates(date, curve.dayOf(phase.users.min)) : null, timeline: phase.timeline, limit: limitOf(phase, shown),
    };
  });
}

/** A phase without an end goes beyond every limit. Where only one end of a limit is known, what lies on its other side is not. */
function limitOf({ users: { max } }: Phase, { first }: ShownLimits): PhaseLimit | null {
  if (first === null) return null;
  const last = max ?? Infinity;
  const { users: { low, high }, bound } = first;
  const isWithin = bound === 'at-most' ? false : last <= low;
  const isBeyond = bound === 'at-least' ? false : bound === 'at-most' ? last >= high : last > high;
  return { status: isWithin ? 'within' : isBeyond ? 'beyond' : 'uncertain', ...first };
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

/** What must be said plainly, before anybody reads a table. */
function notesFor(plan: Plan, curve: UserCurve, milestones: readonly ForecastMilestone[], users: number): string[] {
  const { growth } = curve;
  const notes: string[] = [];
  if (growth.perMonth <= 0) notes.push(`At this growth (${growth.text}) the number of users does not rise: ${sayFalling(milestones)}.`);
  else if (milestones.length === 0) notes.push(plan.milestones.length === 0 ? 'The plan has no milestones.' : `All milestones of the plan are behind ${users.toLocaleString('en-US')} users.`);
  if (growth.perMonth > 0 && milestones.some(({ date, overdue, carried }) => date.mid === null && !overdue && carried === undefined)) notes.push('A date that is missing lies more than a hundred years ahead.');
  if (growth.fit !== null) notes.push('Dates have one-sided 95 % bounds; the remedy must begin by the early one. They hold as long as growth stays what it was.');
  const last = lastCostedUsers(plan);
  if (costAt(plan, users) === null && last === null) notes.push('The plan gives no costs.');
  else notes.push(`Cost between two figures of the plan is read off the straight line between them${last === null ? '' : `; beyond ${last.toLocaleString('en-US')} users the plan gives none`}.`);
  return notes;
}

/** A trend that falls may be the scatter of readings that rise. */
function sayFalling(milestones: readonly ForecastMilestone[]): string {
  return milestones.some(({ date }) => date.low !== null) ? 'no milestone ahead is expected; the days that stand there are the earliest that the scatter of the readings leaves possible' : 'no milestone ahead is ever reached';
}
