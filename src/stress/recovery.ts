import { comparisonsOf, type Comparison, type Condition } from '../model/condition.ts';
import type { Interval } from '../model/interval.ts';
import type { RunStep } from '../model/run.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Sample } from '../model/sample.ts';
import { wholly } from '../stats/series.ts';
import { latencyFigure, scopedRows, tally } from '../stats/tally.ts';

/** A window in which every threshold must hold: at a few requests a second, a shorter one holds too little to have a percentile. */
const WINDOW_SECONDS = 5;
/** It must stay well for as long again, or a lull would pass for recovery. */
const STAY_SECONDS = 5;
/** Of the normal load so much must be answered again, as of any load (plan/assumptions.ts), … */
const COMPLETED_SHARE = 0.95;
/** … less what chance takes from a window: three standard errors of the requests in it, whose arrivals are paced (load/duration.ts). */
const [SURE, SCATTER_OF_SCHEDULE] = [3, 0.37];

interface Normal {
  readonly conditions: readonly Condition[];
  /** Requests that the normal load asks for; 0 in the closed model. */
  readonly perSec: number;
  readonly samples: readonly Sample[];
}

/**
 * Whole seconds from the end of the overload until every threshold held again, and went on holding; null: it did not, so far.
 * Windows of five seconds are held against the limits as they are: a duration of seconds leaves no room for bounds.
 */
export function recoverySeconds(step: Pick<RunStep, 'intervals' | 'timeoutMs'>, overloadSeconds: number, normal: Normal): number | null {
  const seconds = step.intervals.filter(({ second }) => second >= overloadSeconds);
  let since: number | null = null;
  for (let at = 0; at + WINDOW_SECONDS <= seconds.length; at += 1) {
    const window = seconds.slice(at, at + WINDOW_SECONDS);
    since = isWell(window, step.timeoutMs, normal) ? (since ?? at) : null;
    if (since !== null && at - since >= STAY_SECONDS) return since;
  }
  return null;
}

function isWell(window: readonly Interval[], timeoutMs: number, { conditions, perSec, samples }: Normal): boolean {
  const { successes } = tally(window.flatMap(({ rows }) => rows));
  const expected = perSec * window.length;
  // Users who wait for a target that hangs ask nothing: that nothing failed then says nothing.
  if (successes === 0 || successes < expected * COMPLETED_SHARE - SURE * Math.sqrt(SCATTER_OF_SCHEDULE * expected)) return false;
  return conditions.every((condition) => comparisonsOf(condition).some((one) => (one.metric.startsWith('http.') ? holdsIn(window, timeoutMs, one) : holdsOnServer(window, samples, one))));
}

function holdsIn(window: readonly Interval[], timeoutMs: number, { metric, scope, op, value }: Comparison): boolean {
  const sums = tally(scopedRows(window, scope));
  if (sums.requests === 0 || metric === 'http.throughput') return true;
  const figure = metric === 'http.error_rate' ? (100 * sums.failed) / sums.requests
    : metric === 'http.timeouts' ? sums.timeouts / window.length
    : (latencyFigure(sums, metric, timeoutMs)?.valueMs ?? Infinity);
  return isKept(figure, op, value);
}

/** What no probe read in these seconds speaks neither way. */
function holdsOnServer(window: readonly Interval[], samples: readonly Sample[], { metric, op, value }: Comparison): boolean {
  const [from, to] = [window[0]?.startedAtMs ?? 0, (window.at(-1)?.startedAtMs ?? 0) + 1000];
  const read = samples.filter((sample) => sample.metric === metric && sample.atMs >= from && sample.atMs < to);
  return read.length === 0 || isKept(read.reduce((sum, one) => sum + one.value, 0) / read.length, op, value);
}

function isKept(figure: number, op: Comparison['op'], value: number): boolean {
  return op === '<' ? figure < value : op === '<=' ? figure <= value : op === '>' ? figure > value : op === '>=' ? figure >= value : figure === value;
}

/** What should have come to rest with the load, and from which level on it has not. */
const RESTING: readonly (readonly [metric: MetricName, most: number, say: (value: number) => string])[] = [
  ['postgres.pool_waiting', 1, (value) => `${value} requests still wait for a database connection`],
  ['postgres.idle_in_transaction', 1, (value) => `${value} connections are stuck idle in a transaction`],
  ['postgres.lock_waiting', 1, (value) => `${value} connections still wait for a lock`],
  ['queue.depth', 20, (value) => `the job queue still holds ${value} jobs`],
  ['node.event_loop_lag', 200, (value) => `the event loop is still ${value} ms late`],
];
/** The last five seconds that were told of, and three readings in them or before, all of which must say so: one alone is a busy moment. */
const [SECONDS, READINGS] = [5, 3];
/** Pages of metrics are read every fifth second at the least: three of them span so much. */
const LAST_MS = 16_000;
/** A reading older than this tells of the load that is over: those pages, and two seconds to answer. */
const FRESH_MS = 7000;

/** What has not come to rest at the end of the recovery: connections that are stuck, queues that do not drain. */
export function stuckAfter(samples: readonly Sample[], endedAtMs: number): string[] {
  return RESTING.flatMap(([metric, most, say]) => {
    const last = lastReadings(samples.filter((sample) => sample.metric === metric && sample.atMs <= endedAtMs && sample.atMs > endedAtMs - LAST_MS));
    if (last.length === 0 || (last[0]?.atMs ?? 0) <= endedAtMs - FRESH_MS || last.some(({ value }) => value < most)) return [];
    return [say(Math.round(last.reduce((sum, { value }) => sum + value, 0) / last.length))];
  });
}

/** The newest first, as many as decide; none where there are too few. A sample that stands for a third of its reading is a third of one. */
function lastReadings(samples: readonly Sample[]): readonly Sample[] {
  let readings = 0;
  for (const [at, { spanSeconds = 1 }] of samples.toReversed().entries()) {
    readings += 1 / spanSeconds;
    if (at + 1 >= SECONDS && wholly(readings) >= READINGS) return samples.slice(-1 - at).toReversed();
  }
  return [];
}

/** Whether everything that is read has come to rest: the next stage would otherwise begin with the last one's backlog. True where nothing is read. */
export function isAtRest(samples: readonly Sample[], nowMs: number): boolean {
  return RESTING.every(([metric, most]) => {
    const last = samples.findLast((sample) => sample.metric === metric);
    return last === undefined || last.atMs < nowMs - FRESH_MS || last.value < most;
  });
}
