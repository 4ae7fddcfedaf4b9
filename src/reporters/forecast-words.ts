import { BOTTLENECK_TITLES } from '../model/bottleneck.ts';
import type { CapacityTrend, DayEstimate, Forecast, ForecastBasis, ForecastMilestone, PhaseLimit, WhatIf, WhatIfLimit } from '../model/forecast.ts';
import type { Estimate } from '../model/estimate.ts';
import { sayNumber } from './words.ts';

/** Three digits: more of an estimate would look surer than it is. */
export function sayEstimate({ low, mid, high }: Estimate): string {
  return low === high ? three(mid) : `${three(mid)} (${three(low)}–${three(high)})`;
}

function three(value: number): string {
  return sayNumber(Number(value.toPrecision(3)));
}

const BASIS: Readonly<Record<Exclude<ForecastBasis, 'plan'>, string>> = { measured: 'measured', predicted: 'predicted', 'what-if': 'by the model with the change' };

/** Where a milestone lies, who says so, and what the plan says beside it. */
export function sayUsers(one: ForecastMilestone): string {
  const [figure, basis] = [sayFigure(one), sayBasis(one)];
  const users = one.bound === 'at-most' ? `${figure.replace(/ or fewer$/, '')} users or fewer` : one.basis === 'plan' || one.bound !== undefined ? `${figure} users` : `about ${figure} users`;
  return basis === '' ? users : `${users}, ${basis}`;
}

export function sayFigure({ users, basis, bound }: ForecastMilestone): string {
  if (bound !== undefined) return bound === 'at-most' ? `${sayNumber(users.mid)} or fewer` : `more than ${sayNumber(users.mid)}`;
  return basis === 'plan' ? sayNumber(users.mid) : sayEstimate(users);
}

/** Empty for the plan's own figure. */
export function sayBasis({ basis, planUsers }: ForecastMilestone): string {
  return basis === 'plan' ? '' : `${BASIS[basis]}${planUsers === undefined ? '' : `; the plan says ${sayNumber(planUsers)}`}`;
}

/** The day it is reached, or that it was passed, or that it is not where the plan has it. */
export function sayReached({ date, overdue, carried, bound }: ForecastMilestone): string {
  if (overdue) return 'overdue';
  if (carried !== undefined) return date.low === null ? 'not there' : `not before ${date.low}`;
  if (bound === 'at-least' && date.low !== null) return `not before ${date.low}`;
  return sayDays(date);
}

/** What stands against the milestone as the plan has it, or what it is late for; null where nothing does. */
export function sayStanding({ users, overdue, carried }: ForecastMilestone, now: Forecast['now']): string | null {
  if (overdue) return `${sayNumber(now.users)} users are more than that already`;
  return carried === undefined || carried.users <= users.mid ? null : `${sayNumber(carried.users)} users were carried without it`;
}

/** By when to begin. Of what is overdue the day is long gone. */
export function sayBegin({ beginBy, late }: ForecastMilestone): string {
  return beginBy === null ? '' : late ? `late: begin by ${beginBy}` : `begin by ${beginBy}`;
}

export function nameOf({ id, title, bottleneck }: ForecastMilestone): string {
  return bottleneck === null || id === 'first-limit' ? title : BOTTLENECK_TITLES[bottleneck];
}

/** Whether the last users of a phase are carried by what is there now. */
export function sayPhaseLimit({ status, users, basis, bound }: PhaseLimit): string {
  const figure = `${sayEstimate(users)} users`;
  if (bound === 'at-least') return status === 'within' ? `carried: ${figure} were` : `not known: ${figure} were carried, and nothing tells of more`;
  if (bound === 'at-most') return status === 'beyond' ? `not carried to its end: it broke at ${figure}` : `not known: it broke at ${figure}, and nothing tells of fewer`;
  const limit = basis === 'what-if' ? `the limit with the change, ${figure}` : `the ${basis} limit of ${figure}`;
  return status === 'within' ? `carried: it ends below ${limit}` : status === 'beyond' ? `not carried to its end: beyond ${limit}` : `not known: it ends within the bounds of ${limit}`;
}

/** `4,000 (3,580–4,460) → 8,130 (7,310–9,010) users`; what lies where nobody sees any more is `more than` that. */
export function sayChange({ now, after, changed, note }: WhatIfLimit, { seenUpTo }: WhatIf): string {
  const figure = (users: Estimate): string => (users.mid === seenUpTo ? `more than ${sayNumber(users.mid)}` : sayEstimate(users));
  if (!changed && now !== null) return `${figure(now)} users, ${note ?? 'not changed'}`;
  return `${now === null ? 'unknown' : figure(now)} → ${figure(after)} users${note === undefined ? '' : `, ${note}`}`;
}

export function sayFirst({ bottleneck, users }: NonNullable<WhatIf['after']>): string {
  return `${BOTTLENECK_TITLES[bottleneck]} at about ${sayEstimate(users)} users`;
}

/** Milestones that the users have passed by the plan's own figures. */
export function sayPassed({ passed, plan, now }: Forecast): string | null {
  return passed.length === 0 ? null : `Behind ${sayNumber(now.users)} users by the figures of ${plan}, and not shown otherwise: ${passed.join(', ')}.`;
}

const DIRECTIONS: Readonly<Record<CapacityTrend['direction'], string>> = { growing: 'grows', shrinking: 'shrinks', 'not-told': 'cannot be told apart from staying' };

export function sayTrend({ percentPerMonth: { low, mid, high }, direction, meets }: CapacityTrend): string {
  const share = (percent: number): string => `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${sayNumber(Math.abs(Number(percent.toPrecision(2))))}`;
  return `it ${DIRECTIONS[direction]}: ${share(mid)} % a month (${share(low)} to ${share(high)})${meets === null ? '; at this growth the users do not reach it' : `; the users reach it on ${meets}`}`;
}

/** `2026-11-20`, or with its interval; `never` where the growth does not lead there. */
export function sayDays({ low, mid, high }: DayEstimate): string {
  if (mid === null) return low === null ? 'never at this growth' : `not expected, at the earliest ${low}`;
  if (low === mid && high === mid) return mid;
  return `${mid} (${low ?? '?'} to ${high ?? 'never'})`;
}
