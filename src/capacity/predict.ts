import { comparisonsOf, type Condition } from '../model/condition.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Run, RunStep } from '../model/run.ts';
import { serviceDemand, throughputLimit, utilizationAtWait, type Utilization } from '../stats/operational-laws.ts';
import { clockOf, httpSeries, sampleSeries, windowsOf, type Series } from '../stats/series.ts';
import { latencyFigure, scopedRows, tally } from '../stats/tally.ts';

/** The breaking point as the operational laws see it from a load below it; `null` with the reason where they cannot. */
export type Prediction =
  | { readonly ratePerSec: Estimate; readonly method: string; readonly resource: string }
  | { readonly ratePerSec: null; readonly reason: string };

/** One resource: how many servers it has, how long one is held, and how busy all of them were in each second. */
interface Resource {
  readonly name: string;
  readonly servers: number;
  readonly holdSeconds: number;
  readonly busy: Series;
}

/** From here on a resource is no longer below its limit: what it did under this load is all that can be said. */
const SATURATED = 0.85;
/** Under a twentieth of its capacity a resource is as good as idle, and its noise would decide. */
const LEAST_SEEN = 0.05;
/**
 * How much arrivals and holding times vary, (c²ₐ + c²ₛ) / 2: evenly paced arrivals of like requests, a mix of both, and all at random. Nobody
 * measures it, so the prediction is as wide as it makes it.
 */
const VARIATION = { least: 0.1, likely: 0.4, most: 1 } as const;
/** A search this long waits for its storage, which serves one at a time; shorter ones run side by side, and how many nobody says. */
const SERIAL_SEARCH_MS = 50;

/** The throughput at which the first resource makes the users wait longer than the thresholds allow, from a run that stayed below it. */
export function predictCapacity(run: Run, conditions: readonly Condition[]): Prediction {
  const steps = run.steps.filter(({ suite, model }) => suite === 'load' && model === 'open');
  const clock = clockOf(run);
  const windows = steps.flatMap((step) => [...windowsOf(clock, step, 'reference'), ...windowsOf(clock, step, 'judged')]);
  const throughput = httpSeries(clock, steps, 'http.throughput');
  if (windows.length === 0 || throughput === null) return { ratePerSec: null, reason: 'there was no load of the open model to learn from' };
  const read = (metric: MetricName): Series | null => sampleSeries(clock, run.samples, metric);
  const resources = [poolOf(read, windows), searchOf(read, windows), loopOf(read, windows)].filter((one) => one !== null);
  if (resources.length === 0) return { ratePerSec: null, reason: 'no probe read how busy a pool, the vector search or the event loop was' };
  const waitSeconds = patienceOf(steps, conditions);
  const limits = resources.flatMap((resource) => limitOf(resource, throughput, windows, waitSeconds) ?? []);
  if (limits.length === 0) return { ratePerSec: null, reason: 'nothing that is read was busy enough for its share of the load to be seen' };
  const first = limits.reduce((a, b) => (b.ratePerSec.mid < a.ratePerSec.mid ? b : a));
  if (first.utilization >= SATURATED) return { ratePerSec: null, reason: `${first.resource} was ${percent(first.utilization)} busy already: a load this near to the edge has no room to learn from; scaleplan stress searches it` };
  return { ratePerSec: first.ratePerSec, resource: first.resource, method: `predicted from ${first.resource}, ${percent(first.utilization)} busy under this load, by the operational laws; scaleplan stress measures it` };
}

type Window = readonly [number, number];

function limitOf({ name, servers, holdSeconds, busy }: Resource, throughput: Series, windows: readonly Window[], waitSeconds: number): { resource: string; utilization: number; ratePerSec: Estimate } | null {
  const readings: Utilization[] = windows.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => ({ throughputPerSec: throughput.values[from + at] ?? Number.NaN, utilization: busy.values[from + at] ?? Number.NaN })))
    .filter(({ throughputPerSec, utilization }) => Number.isFinite(throughputPerSec) && Number.isFinite(utilization));
  const demand = serviceDemand(readings);
  const last = windows.at(-1);
  if (demand === null || last === undefined) return null;
  const utilization = meanIn(busy, last) ?? 0;
  if (utilization < LEAST_SEEN) return null;
  const at = (variation: number): number => utilizationAtWait(servers, holdSeconds, waitSeconds, variation);
  const limit = (seconds: number, variation: number): number => throughputLimit({ seconds, idleUtilization: demand.idleUtilization }, at(variation));
  return { resource: name, utilization, ratePerSec: { low: limit(demand.high, VARIATION.most), mid: limit(demand.seconds, VARIATION.likely), high: Math.max(limit(demand.low, VARIATION.least), limit(demand.seconds, VARIATION.least)) } };
}

type Read = (metric: MetricName) => Series | null;

/** Connections held ÷ connections there can be; from rate × holding time, which sees every moment, rather than from looks once a second. */
function poolOf(read: Read, windows: readonly Window[]): Resource | null {
  const [max, acquires, hold] = [read('postgres.pool_max'), read('postgres.pool_acquires'), read('postgres.query_time')];
  const servers = max === null ? null : mean(max, windows);
  if (servers === null || servers < 1 || acquires === null || hold === null) return null;
  const busy = { values: acquires.values.map((rate, at) => (rate * (hold.values[at] ?? Number.NaN)) / 1000 / servers) };
  return { name: 'the database pool', servers: Math.round(servers), holdSeconds: (mean(hold, windows) ?? 0) / 1000, busy };
}

function searchOf(read: Read, windows: readonly Window[]): Resource | null {
  const [searches, time] = [read('qdrant.searches'), read('qdrant.search_mean')];
  const holdMs = time === null ? null : mean(time, windows);
  if (searches === null || time === null || holdMs === null || holdMs < SERIAL_SEARCH_MS) return null;
  const busy = { values: searches.values.map((rate, at) => (rate === 0 ? 0 : (rate * (time.values[at] ?? Number.NaN)) / 1000)) };
  return { name: 'the vector search', servers: 1, holdSeconds: holdMs / 1000, busy };
}

/** A thread is one server; what it is held for at a time is as long as its longest delays say. */
function loopOf(read: Read, windows: readonly Window[]): Resource | null {
  const [utilization, lag] = [read('node.event_loop_utilization'), read('node.event_loop_lag')];
  if (utilization === null) return null;
  return { name: 'the event loop', servers: 1, holdSeconds: Math.max(1, (lag === null ? null : mean(lag, windows)) ?? 1) / 1000, busy: { values: utilization.values.map((value) => value / 100) } };
}

/** How much longer than now one request in twenty may take before a threshold on latency breaks; a second where there is none. */
function patienceOf(steps: readonly RunStep[], conditions: readonly Condition[]): number {
  const rows = steps.flatMap(({ intervals }) => intervals);
  const left = conditions.filter(({ kind, required }) => kind === 'threshold' && required).flatMap(comparisonsOf).flatMap(({ metric, scope, op, value, relativeTo }) => {
    if (metric !== 'http.p95' || relativeTo !== null || (op !== '<' && op !== '<=')) return [];
    const now = latencyFigure(tally(scopedRows(rows, scope)), 'http.p95', Math.min(...steps.map(({ timeoutMs }) => timeoutMs)));
    return now === null ? [] : [Math.max(1, value - now.valueMs)];
  });
  return (left.length === 0 ? 1000 : Math.min(...left)) / 1000;
}

function mean(series: Series, windows: readonly Window[]): number | null {
  const means = windows.flatMap((window) => meanIn(series, window) ?? []);
  return means.at(-1) ?? null;
}

function meanIn({ values }: Series, [from, to]: Window): number | null {
  const present = [...values.subarray(from, to)].filter((value) => Number.isFinite(value));
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
