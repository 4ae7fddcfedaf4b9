import type { ErrorKind } from '../model/interval.ts';
import { arrivalsAskedAt } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';
import { httpSeries, offsetOf, type RunClock, type Series } from '../stats/series.ts';
import { tally } from '../stats/tally.ts';
import type { ClientRecord } from './rule.ts';

/** What the engine wrote down second by second, laid on the run's clock. */
export function clientRecord(clock: RunClock, steps: readonly RunStep[]): ClientRecord | null {
  if (!steps.some(({ intervals }) => intervals.length > 0)) return null;
  let journeys: ClientRecord['journeys'] | undefined;
  return {
    inFlight: inFlightSeries(clock, steps),
    arrivals: arrivalsOf(clock, steps.filter(({ model }) => model === 'open')),
    errorsIn: ([from, to]) => errorsIn(clock, steps, from, to),
    // Made when somebody asks: a series for each journey is more than a run without trouble needs.
    get journeys() {
      return (journeys ??= journeysOf(clock, steps));
    },
  };
}

/** Whether second `at` of the run lies in a step, one value for each of its intervals. */
export function layOut(clock: RunClock, steps: readonly RunStep[], valueOf: (step: RunStep, index: number) => number): Series {
  const values = new Float64Array(clock.seconds).fill(Number.NaN);
  for (const step of steps) {
    const offset = offsetOf(clock, step);
    for (const [index, { second }] of step.intervals.entries()) {
      if (offset + second < clock.seconds) values[offset + second] = valueOf(step, index);
    }
  }
  return { values };
}

/** Everything that was sent less everything that ended, however it ended. A step begins with nothing in flight. */
function inFlightSeries(clock: RunClock, steps: readonly RunStep[]): Series {
  let present = 0;
  return layOut(clock, steps, ({ intervals }, index) => {
    if (index === 0) present = 0;
    const interval = intervals[index];
    if (interval !== undefined) present += interval.sent - interval.rows.reduce((sum, { requests }) => sum + requests, 0);
    // An engine that counts a request a second later than it sent it must not make a negative number of them.
    return Math.max(0, present);
  });
}

function arrivalsOf(clock: RunClock, steps: readonly RunStep[]): ClientRecord['arrivals'] {
  if (steps.length === 0) return null;
  return {
    made: layOut(clock, steps, ({ intervals }, index) => intervals[index]?.arrivals ?? 0),
    asked: layOut(clock, steps, ({ shape, intervals }, index) => arrivalsAskedAt(shape, intervals[index]?.second ?? 0)),
  };
}

function errorsIn(clock: RunClock, steps: readonly RunStep[], from: number, to: number): Partial<Record<ErrorKind, number>> {
  const rows = steps.flatMap((step) => {
    const offset = offsetOf(clock, step);
    return step.intervals.filter(({ second }) => offset + second >= from && offset + second < to).flatMap((interval) => interval.rows);
  });
  return tally(rows).errors;
}

function journeysOf(clock: RunClock, steps: readonly RunStep[]): ClientRecord['journeys'] {
  const names = new Set(steps.flatMap(({ intervals }) => intervals.flatMap(({ rows }) => rows.map(({ journey }) => journey))));
  if (names.size < 2) return [];
  return [...names].flatMap((name) => {
    const mean = httpSeries(clock, steps, 'http.mean', { journey: name });
    return mean === null ? [] : [{ name, mean }];
  });
}
