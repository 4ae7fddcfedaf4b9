import { COMPARED_METRICS, type ComparedMetric, type ComparedScope, type Comparison } from '../model/comparison.ts';
import type { Run } from '../model/run.ts';
import { differing } from './comparable.ts';
import { contrastRuns, type Contrast } from './contrast.ts';
import { FAMILY_ERROR } from './decide.ts';
import { ERROR_MARGIN_POINTS, contrastErrors } from './error-rate.ts';
import { judgeFamily, type JudgeableContrast } from './judge-family.ts';
import { lonelyScopes } from './lonely.ts';
import { ASSUMED_OPEN_THROUGHPUT_NOISE, type NoiseShare } from './noise.ts';
import { fewestRequests, observe, type ErrorCount, type Observation, type RunObservation } from './observe.ts';
import { renamedLike } from './same-scenario.ts';
import { trafficOf } from './traffic.ts';
import { turnsOf, type Turn } from './turns.ts';

/** The noise of a figure in the runs that were made before; null where there is none to speak of. */
export type HistoryNoise = (scope: ComparedScope, metric: ComparedMetric) => NoiseShare | null;

export interface CompareOptions {
  /** The change that matters, as a share: 0.05. */
  readonly threshold: number;
  readonly metrics?: readonly ComparedMetric[];
  readonly history?: HistoryNoise;
  /** Compare runs that must not be compared; what speaks against it stays in `reasons`. */
  readonly force?: boolean;
}

/** Runs of one version against runs of another, for each journey and metric. Pure: the same runs give the same answer. */
export function compareRuns(given: readonly Run[], against: readonly Run[], options: CompareOptions): Comparison {
  const { reasons, notes } = differing(given, against);
  const [first] = given;
  const [base = [], head = []] = [given, against].map((side) => (first === undefined ? side : side.map((run) => renamedLike(run, first))));
  const all = [...reasons, ...untrusted([...base, ...head])];
  const frame = {
    kind: 'runs' as const, comparable: all.length === 0, reasons: all, base: base.map(({ id }) => id), head: head.map(({ id }) => id),
    thresholdPercent: 100 * options.threshold,
  };
  if (all.length > 0 && options.force !== true) return { ...frame, notes, method: '', differences: [] };
  const sides = [base.map(observeRun), head.map(observeRun)] as const;
  const pairs = pairUp(sides);
  const turns = turnsOf(base, head);
  const wanted = options.metrics ?? COMPARED_METRICS;
  const left = pairs.flatMap((pair) => leftOut(pair, wanted));
  const contrasts = pairs.flatMap((pair) => contrastsOf(pair, wanted, options, turns));
  return { ...frame, notes: [...notes, ...sayLeftOut(left)], method: sayMethod(contrasts, turns !== null), differences: [...judgeFamily(contrasts, commonOf(base.length + head.length), FAMILY_ERROR), ...lonelyScopes(sides, wanted)] };
}

/** A run that proves nothing of itself proves nothing of another. */
function untrusted(runs: readonly Run[]): string[] {
  return runs.flatMap(({ id, interrupted, steps }) => [...(interrupted === null ? [] : [`${id} was interrupted (${interrupted}): it is not the whole run`]), ...steps.flatMap((step) => [
    ...(step.outcome.status === 'failed' ? [`${id} is invalid: ${step.engine} failed (${step.outcome.reason})`] : []),
    ...(step.generatorReasons.length > 0 ? [`${id} is invalid: ${step.generatorReasons[0] ?? ''}`] : []),
  ])]);
}

interface Pair {
  readonly scope: ComparedScope;
  readonly isOpen: boolean;
  /** Run by run; null where a run has no such traffic. */
  readonly base: readonly (RunObservation | null)[];
  readonly head: readonly (RunObservation | null)[];
}

/** What one run says of each of its scopes. */
type ObservedRun = ReadonlyMap<string, { readonly scope: ComparedScope; readonly isOpen: boolean; readonly says: RunObservation }>;

const observedRuns = new WeakMap<Run, ObservedRun>();

/** Once for each run, however many it is held against: its percentiles are drawn anew some hundred times. */
function observeRun(run: Run): ObservedRun {
  const known = observedRuns.get(run) ?? new Map([...trafficOf(run)].map(([key, traffic]) => [key, { scope: traffic.scope, isOpen: traffic.model === 'open', says: observe(traffic) }]));
  observedRuns.set(run, known);
  return known;
}

/** The traffic that both sides have, in the order of the first run. */
function pairUp([base, head]: readonly [readonly ObservedRun[], readonly ObservedRun[]]): Pair[] {
  const scopes = new Map(base.flatMap((run) => [...run]));
  return [...scopes].flatMap(([key, { scope, isOpen }]) => {
    const [before = [], after = []] = [base, head].map((side) => side.map((run) => run.get(key)?.says ?? null));
    return [before, after].every((side) => side.some((one) => one !== null)) ? [{ scope, isOpen, base: before, head: after }] : [];
  });
}

function contrastsOf({ scope, isOpen, base, head }: Pair, wanted: readonly ComparedMetric[], { history, threshold }: CompareOptions, turns: readonly Turn[] | null): JudgeableContrast[] {
  const [before, after] = [errorsOf(base), errorsOf(head)];
  return wanted.flatMap((metric) => {
    const contrast = metric === 'http.error_rate'
      ? contrastErrors(scope, before, after)
      : contrastRuns({ scope, metric }, figuresOf(base, metric), figuresOf(head, metric), {
        history: history?.(scope, metric) ?? null, turns, ...(isOpen && metric === 'http.throughput' ? { assumedNoise: ASSUMED_OPEN_THROUGHPUT_NOISE } : {}),
      });
    return contrast === null ? [] : [{ ...contrast, margin: contrast.isLog ? threshold : ERROR_MARGIN_POINTS }];
  });
}

function figuresOf(side: Pair['base'], metric: ComparedMetric): (Observation | null)[] {
  return side.map((one) => one?.figures[metric] ?? null);
}

function errorsOf(side: Pair['base']): ErrorCount[] {
  return side.flatMap((one) => one?.errors ?? []);
}

/** Correlations of few runs are known badly: they count as though so many more runs had shown none. */
const DOUBTED_RUNS = 2;

function commonOf(runs: number): number {
  return Math.max(0, runs - 2) / (Math.max(0, runs - 2) + DOUBTED_RUNS);
}

interface LeftOut {
  readonly scope: ComparedScope;
  readonly metric: ComparedMetric;
  readonly fewest: number;
}

function leftOut({ scope, base, head }: Pair, wanted: readonly ComparedMetric[]): LeftOut[] {
  return wanted.filter((metric) => metric !== 'http.error_rate').flatMap((metric) => {
    const lacks = [base, head].some((side) => figuresOf(side, metric).every((one) => one === null));
    return lacks ? [{ scope, metric, fewest: Math.min(...[...base, ...head].flatMap((one) => one?.values ?? [])) }] : [];
  });
}

function sayLeftOut(left: readonly LeftOut[]): string[] {
  return left.map(({ scope, metric, fewest }) => {
    const needed = fewestRequests(metric);
    const why = fewest < needed ? `${fewest} answers in a run, ${needed} are needed` : 'a run needs ten whole seconds under load';
    return `${metric} of ${sayScope(scope)} was not compared: ${why}`;
  });
}

/** `load, journey dashboard`. */
export function sayScope({ suite, scenario, journey, step }: ComparedScope): string {
  return [suite, scenario, journey === undefined ? undefined : `journey ${journey}`, step === undefined || step === journey ? undefined : `step ${step}`].filter((part) => part !== undefined).join(', ');
}

function sayMethod(contrasts: readonly Contrast[], isInTurn: boolean): string {
  const sources = new Set(contrasts.flatMap(({ noise }) => noise?.from ?? []));
  const words = { runs: isInTurn ? 'neighbours among the runs, which were made in turn' : 'the runs compared', history: 'earlier runs', assumed: '7 % assumed where those are too few' } as const;
  const noise = (['runs', 'history', 'assumed'] as const).filter((from) => sources.has(from)).map((from) => words[from]).join(', ');
  return `difference of run means in a random-effects model; scatter within a run by block bootstrap over its seconds; noise between runs from ${noise}; ` +
    `worse or better at ${100 * FAMILY_ERROR} % over all ${contrasts.length} figures together, same at 5 %`;
}
