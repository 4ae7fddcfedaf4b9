/** How near predictions from light loads come to where it really breaks: recordings of both, judged again. */
import { cacheRoomOf } from '../src/capacity/cache-room.ts';
import { predictCapacity } from '../src/capacity/predict.ts';
import { readChanges } from '../src/capacity/read-changes.ts';
import { whatIf } from '../src/capacity/what-if.ts';
import type { Estimate } from '../src/model/estimate.ts';
import type { Run } from '../src/model/run.ts';
import { conditionsFor, findPhase } from '../src/plan/resolve.ts';
import { loadPlan } from '../src/plan/load.ts';
import { shareBounds } from '../src/stats/binomial.ts';
import { CONFIGURATIONS, type Configuration, type Kind } from './forecast/configuration.ts';
import { measure } from './forecast/measure.ts';
import { recordings, type Measured } from './forecast/recording.ts';
import { POOLS, simulatedTrials } from './forecast/simulated.ts';
import { randomNumbers } from '../test/stats/random.ts';
import { median, type Table } from './table.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const conditions = conditionsFor(plan, findPhase(plan, '2'), 'load');
const KINDS: Readonly<Record<Kind, string>> = { pool: 'database pool', search: 'vector search', cpu: 'CPU of the event loop', loop: 'event loop held by waits', cache: 'cache' };
/** What is asked of the first three: the median, and the worst. */
const [MEDIAN, WORST] = [0.15, 0.3];
/** What an interval says of itself; the trials must not refute it. */
const INTERVAL = 0.9;

/** One prediction beside what it predicts. */
interface Trial {
  readonly name: string;
  readonly kind: Kind;
  readonly from: string;
  readonly truth: number;
  /** Null: it said that it cannot know. */
  readonly predicted: Estimate | null;
}

/** Judges what is kept; `measure …` before it puts the loads on and keeps what they show. */
export async function tables(pieces: readonly string[]): Promise<Table[]> {
  if (pieces[0] === 'measure') await measure(pieces.slice(1), (line) => console.error(line));
  const all = await recordings();
  const trials = all.flatMap(trialsOf);
  const changed = all.flatMap((one) => whatIfsOf(one, all));
  return [
    summary('From a light load to the breaking point', trials), each(trials), summary('What if: one resource changed', changed), each(changed),
    summary('The same on simulated pools, 30 s of load each', bySimulation()),
  ];
}

/** Queues that exist only as figures: how the prediction does where nothing but chance disturbs it, often enough to count. */
function bySimulation(): Trial[] {
  const trials = simulatedTrials(POOLS, SIMULATED_EACH, DASHBOARD_LIMIT_MS, conditions, randomNumbers(1));
  return trials.map(({ name, truth, predicted }) => ({ name, kind: 'pool', from: '', truth, predicted }));
}

const SIMULATED_EACH = 20;
/** The plan's limit on its dashboards. */
const DASHBOARD_LIMIT_MS = 500;

function trialsOf({ name, truth, lights }: Measured): Trial[] {
  const configuration = CONFIGURATIONS.find((one) => one.name === name);
  if (configuration === undefined || truth === null) return [];
  return lights.map((run) => ({ name, kind: configuration.kind, from: sayLoad(run, truth.at, configuration), truth: truth.at, predicted: predictedBy(run, configuration) }));
}

function predictedBy(run: Run, { kind }: Configuration): Estimate | null {
  return kind === 'cache' ? cacheRoomOf(run).users : predictCapacity(run, conditions).ratePerSec;
}

function sayLoad(run: Run, truth: number, { kind }: Configuration): string {
  const { ratePerSec, dataRows } = run.configuration;
  return kind === 'cache' ? `${String(dataRows)} users` : `${Math.round((100 * Number(ratePerSec)) / truth)} % of it`;
}

/** A light run of one configuration against the truth of another that differs in one figure alone. */
function whatIfsOf({ name, lights }: Measured, all: readonly Measured[]): Trial[] {
  const own = CONFIGURATIONS.find((one) => one.name === name);
  if (own === undefined) return [];
  return all.flatMap((other) => {
    const there = CONFIGURATIONS.find((one) => one.name === other.name);
    const change = there === undefined ? null : changeBetween(own, there);
    if (there === undefined || change === null || other.truth === null) return [];
    const truth = other.truth.at;
    return lights.map((run): Trial => {
      const perUser = own.kind === 'cache' ? (plan.load.peakConcurrentShare ?? 100) / 100 : plan.load.requestsPerUserPerMinute.max / 60;
      const { limits } = whatIf(run, plan, conditions, readChanges(change));
      const then = limits.filter(({ bottleneck }) => (own.kind === 'cache') === (bottleneck === 'cache')).map((limit) => limit.after).toSorted((a, b) => a.mid - b.mid)[0];
      return { name: `${name}, ${change}`, kind: own.kind, from: `the run of ${name}`, truth, predicted: then === undefined ? null : { low: then.low * perUser, mid: then.mid * perUser, high: then.high * perUser } };
    });
  });
}

/** The figures that a what-if can change, by the names of the application's parts. */
const CHANGEABLE: Readonly<Record<string, (value: number) => string>> = {
  poolMax: (value) => `pool=${value}`, instances: (value) => `instances=${value}`, cacheMaxMemoryBytes: (value) => `cache=${value}B`,
};
/** Follows from the size of the pool. */
const DERIVED = new Set(['maxConnections']);

function changeBetween(from: Configuration, to: Configuration): string | null {
  const names = [...new Set([...Object.keys(from.changes), ...Object.keys(to.changes)])].filter((name) => !DERIVED.has(name) && from.changes[name] !== to.changes[name]);
  const [name = ''] = names;
  const value = to.changes[name];
  return names.length === 1 && from.kind === to.kind && typeof value === 'number' ? (CHANGEABLE[name]?.(value) ?? null) : null;
}

function summary(title: string, trials: readonly Trial[]): Table {
  const rows = [...new Set(trials.map(({ kind }) => kind))].map((kind) => summaryRow(KINDS[kind], trials.filter((one) => one.kind === kind)));
  return { title, head: ['', 'trials', 'off in the median', 'at worst', 'bias', 'interval covers', 'width of it', 'said that it cannot know', `within ${100 * MEDIAN} % and ${100 * WORST} %, interval not refuted`], rows: [...rows, summaryRow('all', trials)] };
}

function summaryRow(title: string, trials: readonly Trial[]): string[] {
  const told = trials.flatMap(({ predicted, truth }) => (predicted === null ? [] : [{ ...predicted, truth }]));
  const off = told.map(({ mid, truth }) => Math.abs(mid / truth - 1));
  const covered = told.filter(({ low, high, truth }) => low <= truth && truth <= high).length;
  const { low, high } = shareBounds(covered, told.length);
  const isWithin = told.length > 0 && median(off) <= MEDIAN && Math.max(...off) <= WORST && high >= INTERVAL;
  return [
    title, String(trials.length), percent(median(off)), percent(Math.max(...off)), percent(median(told.map(({ mid, truth }) => mid / truth - 1))),
    `${covered} of ${told.length} (${Math.round(100 * low)}–${Math.round(100 * high)} %)`, percent(median(told.map((one) => one.high / one.low - 1))), String(trials.length - told.length), isWithin ? 'within' : 'OUTSIDE',
  ];
}

function each(trials: readonly Trial[]): Table {
  return {
    title: 'Each of them', head: ['', 'from', 'predicted', 'measured', 'off'],
    rows: trials.map(({ name, from, truth, predicted }) => [name, from, predicted === null ? 'not known' : `${figure(predicted.mid)} (${figure(predicted.low)}–${figure(predicted.high)})`, figure(truth), predicted === null ? '' : percent(predicted.mid / truth - 1)]),
  };
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${share > 0 ? '' : share < 0 ? '−' : ''}${Math.round(100 * Math.abs(share))} %` : '';
}
