import type { Growth } from '../model/forecast.ts';
import { studentQuantile } from '../stats/student.ts';
import { DAYS_PER_MONTH, HORIZON_DAYS } from './days.ts';
import type { DaysEstimate, UserCurve } from './growth.ts';

/** One reading of the number of users, in days from the beginning of the forecast (so most are negative). */
export interface Reading {
  readonly day: number;
  readonly users: number;
}

/** Bounds are one-sided at 95 %, as everywhere. */
const CONFIDENCE = 0.95;

/** A straight line through the readings, or through their logarithms. */
interface Line {
  readonly model: Growth['model'];
  readonly intercept: number;
  readonly slope: number;
  readonly meanDay: number;
  /** Sum of squared distances from the mean day, of as many readings as these are worth. */
  readonly spread: number;
  /** Standard error of one reading around the line. */
  readonly error: number;
  readonly effective: number;
  readonly aic: number;
  /** The last that is known for sure. */
  readonly last: { readonly day: number; readonly height: number };
}

/**
 * Growth fitted to readings, by a line through the users (so many a month) or through their logarithms (such a share a month),
 * whichever Akaike's criterion prefers. Needs three readings on different days. The interval is that of a new reading;
 * neighbouring readings resemble each other, so they count as fewer than they are.
 */
export function fitGrowth(readings: readonly Reading[], days: { readonly first: string; readonly last: string }, shiftTo: number | null = null): UserCurve {
  const linear = fitLine(readings, 'linear');
  const exponential = readings.every(({ users }) => users > 0) ? fitLine(readings, 'exponential') : null;
  const chosen = exponential !== null && exponential.aic <= linear.aic ? exponential : linear;
  const line = shiftTo === null || (chosen.model === 'exponential' && shiftTo <= 0) ? chosen : shifted(chosen, toLine(chosen, shiftTo));
  const perMonth = line.model === 'linear' ? line.slope * DAYS_PER_MONTH : 100 * Math.expm1(line.slope * DAYS_PER_MONTH);
  return {
    growth: {
      model: line.model, perMonth, text: sayFit(line.model, perMonth, readings.length),
      fit: { points: readings.length, effectivePoints: line.effective, aic: { exponential: exponential?.aic ?? null, linear: linear.aic }, firstDay: days.first, lastDay: days.last },
    },
    usersAt: (day) => {
      const [mid, width] = [line.intercept + line.slope * day, halfWidth(line, day)];
      return { low: Math.max(0, fromLine(line, mid - width)), mid: Math.max(0, fromLine(line, mid)), high: Math.max(0, fromLine(line, mid + width)) };
    },
    dayOf: (users) => crossing(line, toLine(line, users)),
  };
}

function fitLine(readings: readonly Reading[], model: Growth['model']): Line {
  const n = readings.length;
  const points = readings.toSorted((a, b) => a.day - b.day).map(({ day, users }) => ({ x: day, y: model === 'linear' ? users : Math.log(users) }));
  const meanDay = points.reduce((sum, { x }) => sum + x, 0) / n;
  const mean = points.reduce((sum, { y }) => sum + y, 0) / n;
  const spread = points.reduce((sum, { x }) => sum + (x - meanDay) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanDay) * (y - mean), 0) / spread;
  const residuals = points.map(({ x, y }) => y - mean - slope * (x - meanDay));
  const squares = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
  // Both models must speak of users: a density of logarithms is turned into one of users by the product of the users.
  const logUsers = model === 'linear' ? 0 : points.reduce((sum, { y }) => sum + y, 0);
  const effective = effectivePoints(residuals, squares);
  const last = points.at(-1);
  return {
    model, slope, meanDay, intercept: mean - slope * meanDay,
    error: Math.sqrt(squares / (n - 2)), effective, spread: (spread * effective) / n, last: { day: last?.x ?? 0, height: last?.y ?? 0 },
    // Two coefficients and the error. A perfect fit has no finite criterion; the smallest number stands for it.
    aic: n * Math.log(Math.max(squares / n, Number.MIN_VALUE)) + 6 + 2 * logUsers,
  };
}

/** n (1 − r) / (1 + r) for a correlation r of each residual with the next (a first-order autoregression); at least 3, to have a freedom left. */
function effectivePoints(residuals: readonly number[], squares: number): number {
  const lagged = residuals.slice(1).reduce((sum, residual, at) => sum + residual * (residuals[at] ?? 0), 0);
  const r = squares === 0 ? 0 : Math.min(0.99, Math.max(0, lagged / squares));
  return Math.max(3, (residuals.length * (1 - r)) / (1 + r));
}

/** Half the width of the band in which a new reading is expected, in the units of the line. */
function halfWidth({ error, effective, meanDay, spread }: Line, day: number): number {
  const t = studentQuantile(CONFIDENCE, Math.max(1, effective - 2));
  const leverage = 1 / effective + (day - meanDay) ** 2 / spread;
  return t * error * Math.sqrt(1 + leverage);
}

/** Days on which the line and the edges of its band reach a height. */
function crossing(line: Line, height: number): DaysEstimate {
  const { slope, intercept, last } = line;
  const mid = slope > 0 ? (height - intercept) / slope : null;
  const edge = (side: 1 | -1) => (day: number): number => intercept + slope * day + side * halfWidth(line, day) - height;
  const low = firstAbove(edge(1), mid);
  // What was not reached on the last day that is known cannot have been reached before it.
  return { low: low !== null && height > last.height ? Math.max(low, last.day) : low, mid, high: firstAbove(edge(-1), null, mid ?? last.day) };
}

/** The same growth from another number of users at the beginning. */
function shifted(line: Line, height: number): Line {
  return { ...line, intercept: height, last: { day: 0, height } };
}

/** The first day on which a function that rises is 0; within a hundred years of the beginning, else null. */
function firstAbove(above: (day: number) => number, until: number | null, from = 0): number | null {
  const end = until ?? risesBy(above, Math.max(from, 1));
  if (end === null) return null;
  let high = end;
  let low = high;
  for (let step = 1; above(low) >= 0; step *= 2) {
    low -= step;
    // The band is wide enough to have been there all along: the earliest day that can be told is the first of all.
    if (low < -HORIZON_DAYS) return low;
  }
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (above(middle) >= 0) high = middle;
    else low = middle;
  }
  return high;
}

/** A day on which the function is 0 or more; null where there is none within a hundred years. */
function risesBy(above: (day: number) => number, from: number): number | null {
  let day = from;
  for (let step = 1; above(day) < 0; step *= 2) {
    day += step;
    if (day > HORIZON_DAYS) return null;
  }
  return day;
}

function toLine({ model }: Pick<Line, 'model'>, users: number): number {
  return model === 'linear' ? users : Math.log(users);
}

function fromLine({ model }: Pick<Line, 'model'>, value: number): number {
  return model === 'linear' ? value : Math.exp(value);
}

function sayFit(model: Growth['model'], perMonth: number, points: number): string {
  const size = model === 'linear' ? `${Number(perMonth.toPrecision(3)).toLocaleString('en-US')} users` : `${Number(perMonth.toPrecision(3))} %`;
  return `${size} a month, fitted to ${points} readings`;
}
