import type { Run, RunStep, StressFacts, StressStageFacts, Trial } from '../../src/model/run.ts';
import type { Sample } from '../../src/model/sample.ts';
import { interval, okProbe, openShape, run, START_MS, step, times, type Second } from '../judge/facts.ts';

/** A pool that carries 60 requests/s: dashboards wait beyond it. */
export const EDGE = 60;
export const PAUSE_SECONDS = 5;

export interface Played {
  /** Requests per second; of users what `ratePerUser` makes of them. */
  readonly load: number;
  readonly seconds: number;
  readonly purpose: StressStageFacts['purpose'];
  readonly overloadSeconds?: number;
  readonly isHarmful?: boolean;
  readonly isDown?: boolean;
  /** Requests of its first second that fail. */
  readonly failures?: number;
  /** Milliseconds by which its latencies grow every second. */
  readonly growsMs?: number;
  /** Ended from outside in the middle of it. */
  readonly isCut?: boolean;
}

interface More {
  readonly trials?: readonly Trial[];
  readonly by?: StressFacts['by'];
  /** Requests per second that one user makes. */
  readonly ratePerUser?: number;
  readonly edge?: number;
  readonly facts?: Partial<StressFacts>;
  readonly run?: Partial<Run>;
  /** Share of each journey, or `journey/step`. */
  readonly mix?: Readonly<Record<string, number>>;
}

const MIX = { dashboard: 0.5, 'content-generation': 0.25, 'social-publish': 0.25 };

/** Stages one after the other, each a second of the run after the other, with a pause between. */
export function played(stages: readonly Played[], more: More = {}): Run {
  const { by = 'rate', ratePerUser = 1, edge = EDGE, mix = MIX } = more;
  const steps: RunStep[] = [];
  const samples: Sample[] = [];
  let at = 0;
  for (const { load, seconds, purpose, overloadSeconds, isHarmful = false, isDown = false, isCut = false, failures = 0, growsMs = 0 } of stages) {
    const normal = 20;
    const loadAt = (second: number): number => (purpose === 'recovery' && second >= (overloadSeconds ?? 0) ? normal : load);
    const perSec = (second: number): number => (by === 'users' ? ratePerUser : 1) * loadAt(second);
    const startedAtMs = START_MS + at * 1000;
    const rows = (second: number): Second[] => Object.entries(mix).map(([name, share], place) => {
      const [journey = name, step = journey] = name.split('/');
      const count = Math.round(perSec(second) * share);
      const ms = place > 0 ? 100 : loadAt(second) > edge ? 900 : 60 + Math.min(loadAt(second), 100) + growsMs * second;
      return isDown ? { journey, step, errors: { 'http-5xx': count } } : { journey, step, latenciesMs: times(count, (each) => ms * (1 + 0.01 * (each % 5))), ...(failures > 0 && place === 0 && second === 0 ? { errors: { 'http-5xx': failures } } : {}) };
    });
    const intervals = times(seconds, (second) => ({ ...interval(second, rows(second), startedAtMs), arrivals: by === 'users' ? 0 : Math.round(loadAt(second) / 2) }));
    steps.push(step(intervals, {
      suite: 'stress', shape: shapeOf(by, load, normal, purpose === 'recovery' ? (overloadSeconds ?? 0) : null, seconds), requestsPerArrival: 2, startedAtMs, endedAtMs: startedAtMs + seconds * 1000,
      ...(by === 'users' ? { model: 'closed' } : {}), ...(isCut ? { outcome: { status: 'stopped', reason: 'interrupted' } } : {}),
      stage: { load, purpose, isHarmful, overloadSeconds: overloadSeconds ?? null },
    }));
    // The event loop is busy for a third of a percent a request: it would carry some 250/s.
    for (const second of times(seconds, (each) => each)) samples.push({ atMs: startedAtMs + second * 1000 + 500, probe: 'node', metric: 'node.event_loop_utilization', value: perSec(second) / 3 + (second % 3) });
    at += seconds + PAUSE_SECONDS;
  }
  return run(steps, {
    suites: ['stress'], samples, probes: [okProbe('node')], endedAtMs: START_MS + at * 1000, trials: more.trials ?? [],
    stress: { by, startLoad: by === 'users' ? 1 : 16, mostLoad: null, stoppedBy: null, notes: [], ...more.facts }, ...more.run,
  });
}

function shapeOf(by: StressFacts['by'], load: number, normal: number, overloadSeconds: number | null, seconds: number): RunStep['shape'] {
  if (by === 'users') return { model: 'closed', stages: [{ name: 'sustain', judged: true, durationSeconds: seconds, users: load, enough: null }] };
  if (overloadSeconds === null) return openShape(seconds);
  return { model: 'open', stages: [
    { name: 'ramp', judged: false, durationSeconds: overloadSeconds, arrivalsPerSec: { from: load / 2, to: load / 2 } },
    { name: 'sustain', judged: true, durationSeconds: seconds - overloadSeconds, arrivalsPerSec: { from: normal / 2, to: normal / 2 } },
  ] };
}
