import { comparisonsOf, type Comparison, type Condition } from '../model/condition.ts';
import type { Interval } from '../model/interval.ts';
import type { RunStep } from '../model/run.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Sample } from '../model/sample.ts';
import { latencyFigure, scopedRows, tally } from '../stats/tally.ts';

/** A window in which every threshold must hold: at a few requests a second, a shorter one holds too little to have a percentile. */
const WINDOW_SECONDS = 5;
/** It must stay well for as long again, or a lull would pass for recovery. */
const STAY_SECONDS = 5;
/** A window with less than half of the normal load's answers is no recovery, whatever the few say. */
const LEAST_ANSWERED = 0.5;

/**
 * Whole seconds from the end of the overload until every threshold held again, and went on holding; null: it did not, so far.
 * Windows of five seconds are held against the limits as they are: a duration of seconds leaves no room for bounds.
 */
export function recoverySeconds(step: Pick<RunStep, 'intervals' | 'timeoutMs'>, overloadSeconds: number, conditions: readonly Condition[], normalPerSec: number): number | null {
  const seconds = step.intervals.filter(({ second }) => second >= overloadSeconds);
  let since: number | null = null;
  for (let at = 0; at + WINDOW_SECONDS <= seconds.length; at += 1) {
    const window = seconds.slice(at, at + WINDOW_SECONDS);
    since = isWell(window, step.timeoutMs, conditions, normalPerSec) ? (since ?? at) : null;
    if (since !== null && at - since >= STAY_SECONDS) return since;
  }
  return null;
}

function isWell(window: readonly Interval[], timeoutMs: number, conditions: readonly Condition[], normalPerSec: number): boolean {
  const { successes } = tally(window.flatMap(({ rows }) => rows));
  if (successes < LEAST_ANSWERED * normalPerSec * window.length) return false;
  return conditions.every((condition) => comparisonsOf(condition).some((one) => !one.metric.startsWith('http.') || holdsIn(window, timeoutMs, one)));
}

function holdsIn(window: readonly Interval[], timeoutMs: number, { metric, scope, op, value }: Comparison): boolean {
  const sums = tally(scopedRows(window, scope));
  if (sums.requests === 0 || metric === 'http.throughput') return true;
  const figure = metric === 'http.error_rate' ? (100 * sums.failed) / sums.requests
    : metric === 'http.timeouts' ? sums.timeouts / window.length
    : (latencyFigure(sums, metric, timeoutMs)?.valueMs ?? Infinity);
  return op === '<' ? figure < value : op === '<=' ? figure <= value : op === '>' ? figure > value : figure >= value;
}

/** What should have come to rest with the load, and from which level on it has not. */
const RESTING: readonly (readonly [metric: MetricName, most: number, say: (value: number) => string])[] = [
  ['postgres.pool_waiting', 1, (value) => `${value} requests still wait for a database connection`],
  ['postgres.idle_in_transaction', 1, (value) => `${value} connections are stuck idle in a transaction`],
  ['postgres.lock_waiting', 1, (value) => `${value} connections still wait for a lock`],
  ['queue.depth', 20, (value) => `the job queue still holds ${value} jobs`],
  ['node.event_loop_lag', 200, (value) => `the event loop is still ${value} ms late`],
];
/** The last readings, all of which must say so: one alone is a busy moment. */
const READINGS = 5;

/** What has not come to rest at the end of the recovery: connections that are stuck, queues that do not drain. */
export function stuckAfter(samples: readonly Sample[], endedAtMs: number): string[] {
  return RESTING.flatMap(([metric, most, say]) => {
    const last = samples.filter((sample) => sample.metric === metric && sample.atMs <= endedAtMs && sample.atMs > endedAtMs - (READINGS + 1) * 1000).slice(-READINGS);
    if (last.length < READINGS || last.some(({ value }) => value < most)) return [];
    return [say(Math.round(last.reduce((sum, { value }) => sum + value, 0) / last.length))];
  });
}
