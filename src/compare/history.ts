import { COMPARED_METRICS, type ComparedMetric, type ComparedScope } from '../model/comparison.ts';
import type { HistoryPoint, HistorySeries, PastRun, PastStep } from '../model/past-run.ts';
import type { ScopeSummary } from '../model/report.ts';
import type { Run } from '../model/run.ts';
import { changePoints } from './change-points.ts';
import type { HistoryNoise } from './compare.ts';
import { isAlike, loadOf } from './comparable.ts';
import type { NoiseShare } from './noise.ts';
import { fewestRequests } from './observe.ts';
import { nameScenarios } from './same-scenario.ts';
import { keyOf, scopesFor } from './traffic.ts';

/** The runs as series that can be laid side by side, change points marked. Runs that prove nothing are left out. */
export function historyOf(runs: readonly PastRun[]): HistorySeries[] {
  const sound = runs.filter(isSound).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const name = namesAmong(sound, []);
  const all = sound.flatMap((run) => run.steps.flatMap((step) => measure(run, step, name).slice(0, 1)));
  return [...Map.groupBy(all, ({ run, load }) => [run.plan.id, run.plan.phase, targetOf(run), machineOf(run), load].join('|')).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [{ plan: first.run.plan.id, phase: first.run.plan.phase, target: targetOf(first.run), load: first.load, scope: first.scope, points: mark(group) }];
  });
}

/**
 * The noise between runs as comparable earlier ones show it: their scatter round the level of their own stretch between change
 * points, target by target. `runs` without those that are compared.
 */
export function historyNoise(runs: readonly PastRun[], like: Run): HistoryNoise {
  const alike = runs.filter((run) => isSound(run) && run.startedAtMs < like.startedAtMs && isAlike({ ...run, steps: [] }, { ...like, steps: [] }))
    .toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const name = namesAmong(alike, [like]);
  const loads = new Set(like.steps.map((step) => loadOf(step, name(step))));
  const measured = alike.flatMap((run) => run.steps.filter(({ facts }) => loads.has(loadOf(facts, name(facts)))).flatMap((step) => measure(run, step, name)));
  const byScope = Map.groupBy(measured, ({ scope }) => keyOf(scope));
  const known = new Map<string, NoiseShare | null>();
  return (scope, metric) => {
    const key = `${keyOf(scope)}|${metric}`;
    const noise = known.has(key) ? known.get(key) : spreadOf(byScope.get(keyOf(scope)) ?? [], metric);
    known.set(key, noise ?? null);
    return noise ?? null;
  };
}

interface Measured {
  readonly run: PastRun;
  readonly load: string;
  readonly scope: ComparedScope;
  readonly requests: number;
  readonly figures: Partial<Record<ComparedMetric, number>>;
}

type NameOf = ReturnType<typeof nameScenarios>;

function namesAmong(runs: readonly PastRun[], newer: readonly Run[]): NameOf {
  return nameScenarios([...runs.map(({ steps }) => ({ steps: steps.map(({ facts }) => facts) })), ...newer]);
}

/** A step’s scopes with their figures, the whole first. */
function measure(run: PastRun, { facts, summary }: PastStep, name: NameOf): Measured[] {
  const scopes = scopesFor(run.steps.map((one) => one.facts), facts, Object.keys(summary.journeys));
  return scopes.map((scope) => {
    const narrow = scope.journey === undefined ? summary : (scope.step === undefined ? summary.journeys[scope.journey] : summary.journeys[scope.journey]?.steps[scope.step]);
    const sums = narrow ?? summary;
    return { run, load: loadOf(facts, name(facts)), scope, requests: sums.requests, figures: figuresOf(sums, summary.judgedSeconds) };
  });
}

function figuresOf({ requests, errors, latencyMs }: ScopeSummary, seconds: number): Measured['figures'] {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const all: Partial<Record<ComparedMetric, number | null>> = {
    'http.p50': latencyMs.p50, 'http.p95': latencyMs.p95, 'http.p99': latencyMs.p99,
    'http.error_rate': requests === 0 ? null : (100 * failed) / requests, 'http.throughput': seconds === 0 ? null : (requests - failed) / seconds,
  };
  return Object.fromEntries(COMPARED_METRICS.flatMap((metric) => (typeof all[metric] === 'number' && requests >= fewestRequests(metric) ? [[metric, all[metric]]] : [])));
}

/** What was long ago says little of the noise of today. */
const NEWEST = 50;

function spreadOf(series: readonly Measured[], metric: ComparedMetric): NoiseShare | null {
  let [squares, freedom] = [0, 0];
  for (const group of Map.groupBy(series, ({ run }) => targetOf(run)).values()) {
    const logs = group.slice(-NEWEST).flatMap(({ figures }) => (figures[metric] ?? 0) > 0 ? [Math.log(figures[metric] ?? 1)] : []);
    for (const level of levelsOf(logs)) {
      const mean = level.reduce((sum, value) => sum + value, 0) / level.length;
      squares += level.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      freedom += level.length - 1;
    }
  }
  return freedom === 0 ? null : { variance: squares / freedom, freedom };
}

function levelsOf(values: readonly number[]): (readonly number[])[] {
  if (values.length === 0) return [];
  const borders = [0, ...changePoints(values).map(({ at }) => at), values.length];
  return borders.slice(1).map((end, at) => values.slice(borders[at], end));
}

function mark(group: readonly Measured[]): HistoryPoint[] {
  const marks = COMPARED_METRICS.flatMap((metric) => {
    const known = group.flatMap(({ figures }, at) => (figures[metric] === undefined ? [] : [{ at, value: figures[metric] }]));
    const isLog = metric !== 'http.error_rate';
    const values = known.map(({ value }) => (isLog ? Math.log(Math.max(1e-9, value)) : value));
    const found = changePoints(values);
    const borders = [0, ...found.map(({ at }) => at), values.length];
    return found.map(({ at, p }, place) => {
      const change = mean(values.slice(at, borders[place + 2])) - mean(values.slice(borders[place], at));
      return { place: known[at]?.at ?? -1, metric, changePercent: isLog ? 100 * Math.expm1(change) : change, p };
    });
  });
  return group.map(({ run, requests, figures }, at) => ({ run, requests, figures, changes: marks.filter(({ place }) => place === at).map(({ place: _, ...one }) => one) }));
}

function isSound(run: PastRun): boolean {
  return run.valid && !run.interrupted && !run.isDuet;
}

/** The reference application listens on another port each time. */
function targetOf({ target }: PastRun): string {
  return target.servers.length > 0 ? `reference application${target.demo ? ` with ${target.demo}` : ''}` : target.url;
}

function machineOf({ environment }: PastRun): string {
  return [environment['cpu'], environment['cores'], environment['host']].join('|');
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
