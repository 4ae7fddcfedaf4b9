import type { CapacityTrend, Day } from '../model/forecast.ts';
import type { Estimate } from '../model/estimate.ts';
import { NORMAL_95, studentQuantile } from '../stats/student.ts';
import { addDays, daysBetween, DAYS_PER_MONTH, HORIZON_DAYS } from './days.ts';
import type { UserCurve } from './growth.ts';

/** The capacity that one run showed, in users. */
export interface CapacityReading {
  readonly id: string;
  readonly date: Day;
  readonly users: Estimate;
}

/** Runs of one afternoon show the noise of the measurement, not how a system changes. */
const LEAST_DAYS = 7;

/**
 * How capacity itself moves: a line through its logarithm, each run weighing as much as its interval is narrow. Two runs have their own intervals alone;
 * from three on the scatter around the line counts too, where it is the larger. Null for fewer than two runs, or for runs within a week.
 */
export function trendOf(readings: readonly CapacityReading[], curve: UserCurve, today: Day): CapacityTrend | null {
  const runs = readings.toSorted((a, b) => a.date.localeCompare(b.date));
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined || daysBetween(first.date, last.date) < LEAST_DAYS) return null;
  const points = runs.map(({ date, users }) => ({ day: daysBetween(today, date), height: Math.log(Math.max(1, users.mid)), weight: 1 / errorOf(users) ** 2 }));
  const line = lineThrough(points);
  const reach = (points.length === 2 ? NORMAL_95 : studentQuantile(0.95, points.length - 2) * Math.max(1, line.scatter)) * line.error;
  const perMonth = (slope: number): number => 100 * Math.expm1(slope * DAYS_PER_MONTH);
  const [low, high] = [line.slope - reach, line.slope + reach];
  return {
    runs: runs.map(({ id, date, users }) => ({ id, date, users })), percentPerMonth: { low: perMonth(low), mid: perMonth(line.slope), high: perMonth(high) },
    direction: low > 0 ? 'growing' : high < 0 ? 'shrinking' : 'not-told',
    // A trend that is not told apart from none is none.
    meets: meeting(curve, (day) => Math.exp(low > 0 || high < 0 ? line.at(day) : line.at(line.middle)), today),
  };
}

/** Standard error of the logarithm, from bounds that are each missed by 5 %; a bound that was not known is far. */
function errorOf({ low, mid, high }: Estimate): number {
  const width = low > 0 && high > low ? Math.log(high / low) / (2 * NORMAL_95) : mid > 0 ? 0.05 : 1;
  return Math.max(0.01, width);
}

interface Point {
  readonly day: number;
  readonly height: number;
  readonly weight: number;
}

function lineThrough(points: readonly Point[]): { slope: number; error: number; scatter: number; middle: number; at: (day: number) => number } {
  const weights = points.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (point: Point) => number): number => points.reduce((sum, point) => sum + point.weight * of(point), 0) / weights;
  const [middle, height] = [mean(({ day }) => day), mean((point) => point.height)];
  const spread = points.reduce((sum, { day, weight }) => sum + weight * (day - middle) ** 2, 0);
  const slope = points.reduce((sum, { day, height: y, weight }) => sum + weight * (day - middle) * (y - height), 0) / spread;
  const at = (day: number): number => height + slope * (day - middle);
  const squares = points.reduce((sum, { day, height: y, weight }) => sum + weight * (y - at(day)) ** 2, 0);
  return { slope, error: Math.sqrt(1 / spread), scatter: points.length > 2 ? Math.sqrt(squares / (points.length - 2)) : 0, middle, at };
}

/** The first day on which there are as many users as the system carries. */
function meeting(curve: UserCurve, carried: (day: number) => number, today: Day): Day | null {
  const isOver = (day: number): boolean => curve.usersAt(day).mid >= carried(day);
  if (isOver(0)) return today;
  let [low, high] = [0, 1];
  while (!isOver(high)) {
    [low, high] = [high, high * 2];
    if (high > HORIZON_DAYS) return null;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isOver(middle)) high = middle;
    else low = middle;
  }
  return addDays(today, high);
}
