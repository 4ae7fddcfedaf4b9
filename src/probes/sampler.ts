import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeKind, ProbeStatus, Sample } from '../model/sample.ts';
import { instanceOf } from './probe-address.ts';
import type { OpenProbe, Shortfall } from './probe.ts';
import { loadProbe } from './registry.ts';
import type { ProbeRequest } from './registry.ts';
import { WatchedProbe } from './watched-probe.ts';

/** Time as the sampler sees it. */
export interface SamplerClock {
  /** Milliseconds since 1970, for samples. */
  readonly nowMs: () => number;
  /** Milliseconds of a clock that never jumps, for the tick. */
  readonly monotonicMs: () => number;
  /** Resolves early, without an error, when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface SamplerOptions {
  readonly probes: readonly ProbeRequest[];
  /** From the configuration: name in the application's metrics → metric of ours. */
  readonly metricNames?: Readonly<Record<string, string>>;
  readonly clock?: SamplerClock;
  /** Where probes come from; default: the registry. */
  readonly load?: (kind: ProbeKind) => Promise<OpenProbe>;
  readonly onSample: (sample: Sample) => void;
  /** Told whenever a probe was opened, refused, lost or found again. */
  readonly onStatus?: (status: ProbeStatus) => void;
}

export interface Sampler {
  /** In the order the probes were asked for. */
  statuses(): readonly ProbeStatus[];
  /** In the same order: what each does without, and what would give it. */
  shortfalls(): readonly (readonly Shortfall[])[];
  /** Ends the tick, gives up reads in flight, closes every connection. May be called twice. */
  stop(): Promise<void>;
}

const TICK_MS = 1000;

/**
 * Opens all probes at once and reads each of them once a second, or as seldom as it says, until stopped. Resolves when every probe is
 * open or refused, after about 3 s at the latest. Never rejects because of a probe: what went wrong is a status.
 * Every sample of one tick carries the same `atMs`, and ticks are whole seconds apart: no second has two samples or none.
 */
export async function startSampler(options: SamplerOptions): Promise<Sampler> {
  const clock = options.clock ?? systemClock;
  const stopped = new AbortController();
  const watched = options.probes.map((request) => new WatchedProbe({
    request,
    instance: sharesItsKind(request, options.probes) ? instanceOf(request) : null,
    metricNames: options.metricNames ?? {},
    load: options.load ?? loadProbe,
    monotonicMs: clock.monotonicMs,
    onSample: options.onSample,
    onStatus: options.onStatus ?? (() => {}),
    stopped: stopped.signal,
  }));
  await Promise.all(watched.map((probe) => probe.open()));
  const ticking = tick(watched, clock, stopped.signal);
  return {
    statuses: () => watched.map((probe) => probe.status()),
    shortfalls: () => watched.map((probe) => probe.shortfalls()),
    stop: async () => {
      stopped.abort();
      await ticking;
      await Promise.all(watched.map((probe) => probe.close()));
    },
  };
}

/** Each tick is timed from the first one, so that delays do not add up. Ticks that passed while we were held up count as missed. */
async function tick(watched: readonly WatchedProbe[], clock: SamplerClock, signal: AbortSignal): Promise<void> {
  const startedMonotonicMs = clock.monotonicMs();
  const startedMs = clock.nowMs();
  let next = 0;
  while (!signal.aborted) {
    const passed = Math.floor((clock.monotonicMs() - startedMonotonicMs) / TICK_MS);
    const due = Math.max(next, passed);
    for (const probe of watched) probe.tick(startedMs + due * TICK_MS, due - next);
    next = due + 1;
    await clock.sleep(Math.max(0, startedMonotonicMs + next * TICK_MS - clock.monotonicMs()), signal);
  }
}

function sharesItsKind(request: ProbeRequest, all: readonly ProbeRequest[]): boolean {
  return all.some((other) => other !== request && other.kind === request.kind);
}

const systemClock: SamplerClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};
