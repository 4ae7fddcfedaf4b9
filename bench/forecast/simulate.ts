import type { IntervalRow } from '../../src/model/interval.ts';
import type { Run, RunStep } from '../../src/model/run.ts';
import type { Sample } from '../../src/model/sample.ts';
import { EMPTY_HISTOGRAM, LatencyRecorder } from '../../src/stats/histogram.ts';

/** A queue that stands for a pool: journeys at even intervals, chosen at random by weight, whose requests hold a server one after the other. */
export interface SimulatedPool {
  readonly servers: number;
  readonly journeys: readonly { readonly name: string; readonly weight: number; /** Seconds that each of its requests holds a server on the mean. */ readonly holds: readonly number[] }[];
  /** Standard deviation of the logarithm of a hold; 0: always the same. */
  readonly spread: number;
}

interface Done {
  readonly journey: string;
  readonly began: number;
  readonly ended: number;
  readonly latency: number;
  readonly held: number;
}

/** What a request takes beside its turn at the pool. */
const AROUND_SECONDS = 0.004;

/** Every request of stages one after the other, by its end. */
export function simulate(pool: SimulatedPool, stages: readonly { readonly ratePerSec: number; readonly seconds: number }[], random: () => number): Done[] {
  const weights = pool.journeys.reduce((sum, { weight }) => sum + weight, 0);
  const free = Array.from({ length: pool.servers }, () => 0);
  const done: Done[] = [];
  let waiting = arrivalsOf(pool, stages, weights, random);
  let later: typeof waiting = [];
  // Requests come in the order of their arrival; what follows one that ended is sorted in when it is due.
  for (let at = 0; at < waiting.length || later.length > 0;) {
    const [first, next] = [waiting[at], later[0]];
    const one = next !== undefined && (first === undefined || next.atSeconds < first.atSeconds) ? later.shift() : first;
    if (one === undefined) break;
    if (one === first) at += 1;
    const server = free.indexOf(Math.min(...free));
    const hold = (one.journey.holds[one.request] ?? 0) * (pool.spread === 0 ? 1 : lognormal(pool.spread, random));
    const began = Math.max(one.atSeconds, free[server] ?? 0);
    free[server] = began + hold;
    const ended = began + hold + AROUND_SECONDS;
    done.push({ journey: one.journey.name, began, ended, latency: ended - one.atSeconds, held: hold });
    if (one.request + 1 < one.journey.holds.length) later = sortedIn(later, { journey: one.journey, request: one.request + 1, atSeconds: ended });
  }
  waiting = [];
  return done;
}

interface Arrival {
  readonly journey: SimulatedPool['journeys'][number];
  readonly request: number;
  readonly atSeconds: number;
}

function arrivalsOf({ journeys }: SimulatedPool, stages: readonly { readonly ratePerSec: number; readonly seconds: number }[], weights: number, random: () => number): Arrival[] {
  const each = requestsPerArrival(journeys);
  let from = 0;
  return stages.flatMap(({ ratePerSec, seconds }) => {
    const count = Math.round((ratePerSec / each) * seconds);
    const begin = from;
    from += seconds;
    return Array.from({ length: count }, (_, at): Arrival[] => {
      let chance = random() * weights;
      const journey = journeys.find(({ weight }) => (chance -= weight) < 0) ?? journeys[0];
      return journey === undefined ? [] : [{ journey, request: 0, atSeconds: begin + (seconds * at) / count }];
    }).flat();
  });
}

export function requestsPerArrival(journeys: SimulatedPool['journeys']): number {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  return journeys.reduce((sum, { weight, holds }) => sum + (weight / weights) * holds.length, 0);
}

function sortedIn(later: Arrival[], one: Arrival): Arrival[] {
  let at = later.length;
  while (at > 0 && (later[at - 1]?.atSeconds ?? 0) > one.atSeconds) at -= 1;
  later.splice(at, 0, one);
  return later;
}

function lognormal(spread: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(spread * normal - (spread * spread) / 2);
}

/** Such a load as a run of the load suite with the probes' readings: a reference stage, then the judged one. */
export function simulatedRun(pool: SimulatedPool, ratePerSec: number, seconds: { readonly reference: number; readonly judged: number }, random: () => number): Run {
  const all = simulate(pool, [{ ratePerSec: ratePerSec / 4, seconds: seconds.reference }, { ratePerSec, seconds: seconds.judged }], random);
  const length = seconds.reference + seconds.judged;
  const each = requestsPerArrival(pool.journeys);
  const stage = (name: 'reference' | 'sustain', durationSeconds: number, rate: number) => ({ name, judged: name === 'sustain', durationSeconds, arrivalsPerSec: { from: rate / each, to: rate / each } });
  const step: RunStep = {
    suite: 'load', scenario: 'simulated', endpoint: null, engine: 'artillery', engineVersion: 'simulated', model: 'open', requestsPerArrival: each, timeoutMs: 10_000, startedAtMs: 0, endedAtMs: length * 1000,
    shape: { model: 'open', stages: [stage('reference', seconds.reference, ratePerSec / 4), stage('sustain', seconds.judged, ratePerSec)] }, outcome: { status: 'completed' }, generatorReasons: [],
    intervals: Array.from({ length }, (_, second) => {
      const rows = pool.journeys.flatMap(({ name }) => rowOf(name, all.filter((one) => one.journey === name && Math.floor(one.ended) === second)));
      return { second, startedAtMs: second * 1000, arrivals: 0, skipped: 0, generator: { loopUtilization: 0, loopLagMs: 0 }, sent: rows.reduce((sum, { requests }) => sum + requests, 0), rows };
    }),
  };
  const weights = pool.journeys.reduce((sum, { weight }) => sum + weight, 0);
  return {
    formatVersion: 1, id: 'simulated', startedAtMs: 0, endedAtMs: length * 1000, plan: { id: 'ventures', phase: '2', file: '' }, target: { url: '', demo: null, servers: [] }, suites: ['load'], steps: [step],
    samples: samplesOf(pool, all, length), probes: [], interrupted: null, assumptions: [], environment: {}, acceptNoise: false,
    configuration: { ratePerSec, requestShares: Object.fromEntries(pool.journeys.map(({ name, weight, holds }) => [`${name}/${name}`, ((weight / weights) * holds.length) / each])) },
  };
}

function rowOf(journey: string, ended: readonly Done[]): IntervalRow[] {
  if (ended.length === 0) return [];
  const recorder = new LatencyRecorder();
  for (const { latency } of ended) recorder.record(latency * 1e6);
  return [{ journey, step: journey, requests: ended.length, errors: {}, statuses: {}, bytes: 0, latency: recorder.take(), errorLatency: EMPTY_HISTOGRAM, ttfb: EMPTY_HISTOGRAM }];
}

function samplesOf({ servers }: SimulatedPool, all: readonly Done[], length: number): Sample[] {
  return Array.from({ length }, (_, second): Sample[] => {
    const begun = all.filter(({ began }) => Math.floor(began) === second);
    const ended = all.filter(({ began, held }) => Math.floor(began + held) === second);
    const sample = (metric: Sample['metric'], value: number): Sample => ({ atMs: second * 1000 + 999, probe: 'node', metric, value });
    return [
      sample('postgres.pool_max', servers), sample('postgres.pool_acquires', begun.length),
      ...(ended.length === 0 ? [] : [sample('postgres.query_time', (1000 * ended.reduce((sum, { held }) => sum + held, 0)) / ended.length)]),
    ];
  }).flat();
}
