const TICK_MS = 50;
/** A tick this late: requests have waited as long before anybody looked at them. */
const LATE_MS = 250;
/** One long pause is over when it is noticed; three in a row mean that more comes in than can be done. */
const LATE_TICKS = 3;

export interface LoadShedding {
  /** True while new work should be refused, so that what was accepted is still done in time. */
  isOverloaded(): boolean;
  stop(): void;
}

/** Watches the event loop by the lateness of a timer: the usual guard of a single-threaded service against its own backlog. */
export function watchEventLoop(): LoadShedding {
  let lateTicks = 0;
  let lastAtMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lateTicks = nowMs - lastAtMs - TICK_MS > LATE_MS ? lateTicks + 1 : 0;
    lastAtMs = nowMs;
  }, TICK_MS).unref();
  return {
    isOverloaded: () => lateTicks >= LATE_TICKS,
    stop: () => clearInterval(timer),
  };
}
