import type { Run, RunStep, StressStageFacts } from '../../src/model/run.ts';
import type { Sample } from '../../src/model/sample.ts';
import { interval, okProbe, openShape, run, START_MS, step, times } from '../judge/facts.ts';

export const PLAN = { id: 'ventures', phase: '2', file: 'ventures.yaml' } as const;

type Stage = readonly [load: number, purpose: StressStageFacts['purpose'], seconds?: number];

/** A search of something that makes dashboards wait beyond 60 requests/s, by an event loop that is busy for a third of a percent a request. */
export function searched(stages: readonly Stage[]): Run {
  const steps: RunStep[] = [];
  const samples: Sample[] = [];
  let at = 0;
  for (const [load, purpose, seconds = 12] of stages) {
    const startedAtMs = START_MS + at * 1000;
    const row = (journey: string, share: number, ms: number) => ({ journey, latenciesMs: times(Math.round(load * share), (each) => ms * (1 + 0.01 * (each % 5))) });
    const rows = [row('dashboard', 0.5, load > 60 ? 900 : 60 + load), row('content-generation', 0.25, 150), row('social-publish', 0.25, 30)];
    const intervals = times(seconds, (second) => ({ ...interval(second, rows, startedAtMs), arrivals: Math.round(load / 2) }));
    steps.push(step(intervals, { suite: 'stress', shape: openShape(seconds), requestsPerArrival: 2, startedAtMs, endedAtMs: startedAtMs + seconds * 1000, stage: { load, purpose, isHarmful: false, overloadSeconds: null } }));
    for (const second of times(seconds, (each) => each)) samples.push({ atMs: startedAtMs + second * 1000 + 500, probe: 'node', metric: 'node.event_loop_utilization', value: load / 3 + (second % 3) });
    at += seconds + 5;
  }
  return run(steps, { plan: PLAN, suites: ['stress'], samples, probes: [okProbe('node')], endedAtMs: START_MS + at * 1000, stress: { by: 'rate', startLoad: 16, mostLoad: null, stoppedBy: null, notes: [] } });
}

/** Its stages but for the confirming one. */
export const CLIMB: readonly Stage[] = [[16, 'climb'], [32, 'climb'], [64, 'climb'], [48, 'search'], [56, 'search'], [62, 'search'], [59, 'search']];
