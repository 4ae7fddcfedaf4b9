import type { BottleneckId } from '../model/bottleneck.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Run } from '../model/run.ts';
import { clockOf, sampleSeries, type Series } from '../stats/series.ts';
import { serviceSeconds } from '../stats/service-time.ts';
import type { Window } from './light-load.ts';

/** Something that requests wait for: queues of equal servers, and how busy each server was in each second. */
export interface Resource {
  readonly id: BottleneckId;
  readonly name: string;
  /** Servers behind one queue. */
  readonly servers: number;
  /** Queues that share the load: the instances of the application. */
  readonly queues: number;
  /** Mean share of time a server was busy, 0 … 1. */
  readonly busy: Series;
  /** The least a request takes that comes here; null: every request comes here. */
  readonly leastMs: number | null;
  /** Whether it works for itself, too (a process has timers and collects its garbage), or for requests alone. */
  readonly hasGround: boolean;
  /** What was taken for granted. */
  readonly assumption: string | null;
}

/** A search this long waits for its storage, which serves one at a time; shorter ones run side by side, and how many nobody says. */
const SERIAL_SEARCH_MS = 50;

/** What the probes of a run say of its resources, those that were read. */
export function resourcesOf(run: Run, windows: readonly Window[]): Resource[] {
  const clock = clockOf(run);
  const read: Read = (metric, instance) => sampleSeries(clock, run.samples, metric, instance);
  const instances: Instances = (metric) => [...new Set(run.samples.filter((sample) => sample.metric === metric).map(({ instance }) => instance))];
  return [poolOf(read, instances('postgres.pool_max'), windows), searchOf(read, windows), loopOf(read, instances('node.event_loop_utilization'), windows)].filter((one) => one !== null);
}

type Read = (metric: MetricName, instance?: string) => Series | null;
/** Those that told a metric; undefined stands for the one that has no name. */
type Instances = (metric: MetricName) => readonly (string | undefined)[];

/** Connections held ÷ connections there can be; from rate × holding time, which sees every moment, rather than from looks once a second. */
function poolOf(read: Read, instances: readonly (string | undefined)[], windows: readonly Window[]): Resource | null {
  const max = read('postgres.pool_max');
  const servers = max === null ? null : meanIn(max, windows);
  if (servers === null || servers < 1) return null;
  const held = instances.map((instance): Series | null => {
    const [acquires, hold] = [read('postgres.pool_acquires', instance), read('postgres.query_time', instance)];
    return acquires === null || hold === null ? null : { values: acquires.values.map((rate, at) => (rate === 0 ? 0 : (rate * (hold.values[at] ?? Number.NaN)) / 1000 / servers)) };
  });
  const busy = meanOf(held);
  return busy === null ? null : { id: 'db-connections', name: 'the database pool', servers: Math.round(servers), queues: instances.length, busy, leastMs: null, hasGround: false, assumption: null };
}

/** Second by second over the instances; the busiest one of a second is so by chance. Null where one of them was not read. */
function meanOf(all: readonly (Series | null)[]): Series | null {
  const read = all.filter((one) => one !== null);
  const [first] = read;
  if (first === undefined || read.length < all.length) return null;
  return { values: first.values.map((_, at) => read.reduce((sum, { values }) => sum + (values[at] ?? Number.NaN), 0) / read.length) };
}

/** What a search takes as the server tells it holds the wait for other searches: the service alone is found from it by the law of a single server. */
function searchOf(read: Read, windows: readonly Window[]): Resource | null {
  const [searches, time] = [read('qdrant.searches'), read('qdrant.search_mean')];
  if (searches === null || time === null) return null;
  const seen = windows.map(([from, to]) => Array.from({ length: to - from }, (_, at) => ({ count: searches.values[from + at] ?? Number.NaN, mean: (time.values[from + at] ?? Number.NaN) / 1000 })));
  const seconds = serviceSeconds(seen);
  if (seconds === null || 1000 * seconds < SERIAL_SEARCH_MS) return null;
  return {
    id: 'qdrant', name: 'the vector search', servers: 1, queues: 1, busy: { values: searches.values.map((rate) => rate * seconds) }, leastMs: 800 * seconds, hasGround: false,
    assumption: 'that searches wait for each other',
  };
}

/** A process this much busier than the mean of them does other work than they: it is no instance of the same. */
const UNEVEN = 1.5;

/** A thread is one server, and each instance has one, among which the load is shared out evenly; a process that is clearly busier stands alone. */
function loopOf(read: Read, instances: readonly (string | undefined)[], windows: readonly Window[]): Resource | null {
  const all = instances.map((instance) => read('node.event_loop_utilization', instance));
  const evenly = all.length === 0 ? null : meanOf(all);
  if (evenly === null) return null;
  const busiest = all.filter((one) => one !== null).toSorted((a, b) => (meanIn(b, windows) ?? 0) - (meanIn(a, windows) ?? 0))[0];
  const isAlone = busiest !== undefined && (meanIn(busiest, windows) ?? 0) > UNEVEN * (meanIn(evenly, windows) ?? 0);
  const utilization = isAlone ? busiest : evenly;
  return { id: 'node-cpu', name: 'the event loop', servers: 1, queues: isAlone ? 1 : instances.length, busy: { values: utilization.values.map((value) => value / 100) }, leastMs: null, hasGround: true, assumption: null };
}

/** Mean of what was read in the last of the windows in which anything was. */
function meanIn({ values }: Series, windows: readonly Window[]): number | null {
  const means = windows.flatMap(([from, to]) => {
    const present = [...values.subarray(from, to)].filter((value) => Number.isFinite(value));
    return present.length === 0 ? [] : [present.reduce((sum, value) => sum + value, 0) / present.length];
  });
  return means.at(-1) ?? null;
}
