import type { Day } from '../model/forecast.ts';

const DAY_MS = 86_400_000;
/** Mean length of a month and a year of the Gregorian calendar; the years without a leap day are rarer than any forecast is exact. */
export const DAYS_PER_MONTH = 365.25 / 12;
export const DAYS_PER_YEAR = 365.25;
/** Beyond it nobody plans, and calendars and figures lose their meaning. */
export const HORIZON_DAYS = 100 * DAYS_PER_YEAR;

/** The UTC day of a time. */
export function dayAt(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whole days from one UTC day to another. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

export function addDays(day: Day, days: number): Day {
  return dayAt(Date.parse(day) + days * DAY_MS);
}

/** The same day of a later month, or its last one: a month after 31 January is 28 February. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return dayAt(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

/** A UTC day as it must be written; null for anything else, 30 February too. */
export function readDay(text: string): Day | null {
  const found = /^\d{4}-\d{2}-\d{2}$/.exec(text.trim())?.[0];
  if (found === undefined) return null;
  const ms = Date.parse(found);
  return Number.isNaN(ms) || dayAt(ms) !== found ? null : found;
}
