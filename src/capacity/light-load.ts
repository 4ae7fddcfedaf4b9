import { comparisonsOf, type Condition } from '../model/condition.ts';
import type { Run, RunStep } from '../model/run.ts';
import { clockOf, httpSeries, offsetOf, windowsOf, type Series } from '../stats/series.ts';
import { latencyFigure, scopedRows, tally } from '../stats/tally.ts';

/** Whole seconds of a run, [from, to). */
export type Window = readonly [number, number];

/** The load of a run that resources are held against: its reference and its judged stage; what is warming up is left out. */
export interface LightLoad {
  readonly steps: readonly RunStep[];
  readonly windows: readonly Window[];
  /** Requests answered as expected, second by second. */
  readonly throughput: Series;
  /** Journeys and their share of the requests as the scenario asks for them; empty where that is not known. */
  readonly asked: Readonly<Record<string, number>>;
  /** Requests of a journey that ended in a second of the run. */
  readonly countAt: (journey: string, second: number) => number;
}

/** The open load of the load suite, or the calmest stages of a search; null where there was none. */
export function lightLoadOf(run: Run): LightLoad | null {
  const steps = run.stress === undefined ? run.steps.filter(({ suite, model }) => suite === 'load' && model === 'open') : calmStages(run);
  const clock = clockOf(run);
  const windows = steps.flatMap((step) => [...windowsOf(clock, step, 'reference'), ...windowsOf(clock, step, 'judged')]);
  const throughput = httpSeries(clock, steps, 'http.throughput');
  return windows.length === 0 || throughput === null ? null : { steps, windows, throughput, asked: journeysAsked(run), countAt: countsOf(run, steps) };
}

/** Stages this far below the highest load of a search are a light load; the lowest one is, whatever it is. */
const CALM_SHARE = 0.4;

function calmStages({ steps }: Run): RunStep[] {
  const stages = steps.filter(({ model, stage }) => model === 'open' && stage !== undefined && stage.purpose !== 'recovery').toSorted((a, b) => (a.stage?.load ?? 0) - (b.stage?.load ?? 0));
  const most = stages.at(-1)?.stage?.load ?? 0;
  return stages.filter(({ stage }, at) => at === 0 || (stage?.load ?? 0) <= CALM_SHARE * most);
}

function journeysAsked(run: Run): Record<string, number> {
  const shares: unknown = run.configuration['requestShares'];
  const journeys: Record<string, number> = {};
  if (typeof shares !== 'object' || shares === null) return journeys;
  for (const [key, share] of Object.entries(shares)) {
    const [journey = ''] = key.split('/', 1);
    if (typeof share === 'number') journeys[journey] = (journeys[journey] ?? 0) + share;
  }
  return journeys;
}

function countsOf(run: Run, steps: readonly RunStep[]): LightLoad['countAt'] {
  const clock = clockOf(run);
  const counts = new Map<string, number>();
  for (const step of steps) {
    const offset = offsetOf(clock, step);
    for (const { second, rows } of step.intervals) {
      for (const { journey, requests } of rows) counts.set(`${offset + second} ${journey}`, (counts.get(`${offset + second} ${journey}`) ?? 0) + requests);
    }
  }
  return (journey, second) => counts.get(`${second} ${journey}`) ?? 0;
}

/** A second where no limit on latency names less. */
const NO_LIMIT_MS = 1000;

/**
 * How much longer than now one request in twenty may take before a threshold on latency breaks, in seconds. `leastMs`: requests that take less come
 * not to the resource in question, so that their limits do not speak of it.
 */
export function patienceOf({ steps }: LightLoad, conditions: readonly Condition[], leastMs: number | null): number {
  const rows = steps.flatMap(({ intervals }) => intervals);
  const timeoutMs = Math.min(...steps.map((step) => step.timeoutMs));
  const left = conditions.filter(({ kind, required }) => kind === 'threshold' && required).flatMap(comparisonsOf).flatMap(({ metric, scope, op, value, relativeTo }) => {
    if (metric !== 'http.p95' || relativeTo !== null || (op !== '<' && op !== '<=')) return [];
    // The median is what a request takes that waits for nobody; the tail of the wait comes on top.
    const now = latencyFigure(tally(scopedRows(rows, scope)), 'http.p50', timeoutMs);
    return now === null || (leastMs !== null && now.valueMs < leastMs) ? [] : [Math.max(1, value - now.valueMs)];
  });
  return (left.length === 0 ? NO_LIMIT_MS : Math.min(...left)) / 1000;
}
