import type { Growth } from '../model/forecast.ts';
import type { Estimate } from '../model/report.ts';
import { DAYS_PER_MONTH, DAYS_PER_YEAR } from './days.ts';

/** A number of days from the beginning (negative: before it) by which something is reached; null: never. */
export interface DaysEstimate {
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
}

/** The number of users over the days, whatever is known of it. */
export interface UserCurve {
  readonly growth: Growth;
  usersAt(day: number): Estimate;
  dayOf(users: number): DaysEstimate;
}

const PERIOD_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: DAYS_PER_MONTH, year: DAYS_PER_YEAR };

/** `8%/month`, `2 %/week`, `-1%/month`, `120 users/month`; null for anything else. */
export function readGrowth(text: string): { readonly model: Growth['model']; readonly perDay: number } | null {
  const match = /^([+-]?\d[\d,]*(?:\.\d+)?)\s*(%|users?)?\s*(?:\/|per|a)\s*(day|week|month|year)$/i.exec(text.trim());
  const value = Number(match?.[1]?.replaceAll(',', ''));
  const days = PERIOD_DAYS[match?.[3]?.toLowerCase() ?? ''];
  if (match === null || days === undefined || !Number.isFinite(value)) return null;
  if (match[2] !== '%') return { model: 'linear', perDay: value / days };
  // All the users going away in a period leave nothing to take a share of.
  return value <= -100 ? null : { model: 'exponential', perDay: Math.log1p(value / 100) / days };
}

/** Growth that is taken as given: it has no interval, because nobody said how sure it is. */
export function steadyCurve(users: number, { model, perDay }: { readonly model: Growth['model']; readonly perDay: number }, text: string): UserCurve {
  const at = (day: number): number => Math.max(0, model === 'linear' ? users + perDay * day : users * Math.exp(perDay * day));
  return {
    growth: { model, perMonth: model === 'linear' ? perDay * DAYS_PER_MONTH : 100 * Math.expm1(perDay * DAYS_PER_MONTH), text, fit: null },
    usersAt: (day) => ({ low: at(day), mid: at(day), high: at(day) }),
    dayOf: (wanted) => {
      if (perDay <= 0) return { low: null, mid: null, high: null };
      const day = model === 'linear' ? (wanted - users) / perDay : Math.log(wanted / users) / perDay;
      return { low: day, mid: day, high: day };
    },
  };
}
