import type { Engine, EngineLoad } from '../engines/engine.ts';
import type { Interval } from '../model/interval.ts';

export type Side = 'base' | 'head';

/** What one side of a step saw, and until when it was under load. */
export interface SideTraffic {
  readonly intervals: Interval[];
  /** Intervals before the load was ended; what follows is the draining of requests in flight. */
  underLoad: number;
}

/** Keeps two runs together: both begin a step at the same moment, and both end it when it is decided. */
export class DuetConductor {
  readonly #steps: { readonly waiting: Set<Side>; readonly open: PromiseWithResolvers<void>; readonly decided: AbortController; readonly traffic: Record<Side, SideTraffic> }[];
  readonly #onSecond: (step: number) => void;

  /** `onSecond` is told of every second that both sides have had. */
  constructor(steps: number, onSecond: (step: number) => void) {
    this.#steps = Array.from({ length: steps }, () => ({
      waiting: new Set<Side>(), open: Promise.withResolvers<void>(), decided: new AbortController(),
      traffic: { base: { intervals: [], underLoad: 0 }, head: { intervals: [], underLoad: 0 } },
    }));
    this.#onSecond = onSecond;
  }

  /** The engine as one side of this step plays it. */
  part(engine: Engine, side: Side, step: number): Engine {
    const play = (load: EngineLoad, signal: AbortSignal): AsyncGenerator<Interval, void, void> => this.#play(engine, side, step, load, signal);
    return { ...engine, run: play };
  }

  traffic(step: number): Readonly<Record<Side, SideTraffic>> | undefined {
    return this.#steps[step]?.traffic;
  }

  isEnded(step: number): boolean {
    return this.#steps[step]?.decided.signal.aborted === true;
  }

  /** Enough is known: both sides let their requests in flight end. */
  endStep(step: number): void {
    this.#steps[step]?.decided.abort();
  }

  /** One side is over, for whatever reason: the other must not wait for it, nor go on alone. */
  release(): void {
    for (const { open, decided } of this.#steps) {
      open.resolve();
      decided.abort();
    }
  }

  async *#play(engine: Engine, side: Side, step: number, load: EngineLoad, signal: AbortSignal): AsyncGenerator<Interval, void, void> {
    const own = this.#steps[step];
    if (own === undefined) return;
    own.waiting.add(side);
    if (own.waiting.size === 2) own.open.resolve();
    const interrupted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => interrupted.resolve(), { once: true });
    await Promise.race([own.open.promise, interrupted.promise]);
    const stop = AbortSignal.any([signal, own.decided.signal]);
    const traffic = own.traffic[side];
    for await (const interval of engine.run(load, stop)) {
      traffic.intervals.push(interval);
      if (!stop.aborted) traffic.underLoad = traffic.intervals.length;
      yield interval;
      const both = Math.min(own.traffic.base.intervals.length, own.traffic.head.intervals.length);
      if (traffic.intervals.length === both && !stop.aborted) this.#onSecond(step);
    }
  }
}
