import { performance, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { nowMs } from './clock.ts';
import { add, addDelay, AT, BEAT_MS } from './figures.ts';
import type { Figures } from './figures.ts';

/** What costs more than a beat, and changes less. */
const BEATS_BETWEEN = 10;

/** Beats as long as the event loop turns, and counts by how much each beat was late. `more` is called ten times a second. */
export function watchLoop(figures: Figures, more: () => void): void {
  let last = nowMs();
  let beats = 0;
  const beat = (): void => {
    const now = nowMs();
    addDelay(figures, Math.max(0, now - last - BEAT_MS));
    last = now;
    figures[AT.beatAtMs] = now;
    beats += 1;
    if (beats % BEATS_BETWEEN !== 0) return;
    const { active, idle } = performance.eventLoopUtilization();
    figures[AT.loopActiveMs] = active;
    figures[AT.loopIdleMs] = idle;
    figures[AT.heapUsedBytes] = getHeapStatistics().used_heap_size;
    more();
  };
  figures[AT.beatAtMs] = last;
  setInterval(beat, BEAT_MS).unref();
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      add(figures, AT.gcMs, duration);
      add(figures, AT.gcCount, 1);
    }
  });
  collections.observe({ entryTypes: ['gc'] });
}
