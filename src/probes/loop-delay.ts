import type { MetricsPage } from './metrics-page.ts';
import { LOOP_DELAY_COUNTS, LOOP_DELAYS } from './node-names.ts';
import type { Reading } from './probe.ts';
import { bucketQuantile, histogramDelta } from './server-histogram.ts';
import type { ServerHistogram } from './server-histogram.ts';

/** The sampler behind the delay of the event loop sleeps 10 ms by default, in prom-client and in OpenTelemetry: an idle loop shows that. */
const RESOLUTION_MS = 10;
/** No page takes this long to write: what comes later has waited for the thread. */
const LATE_ANSWER_MS = 1000;

/** The delay of an application's event loop, from the preload's counts or from what prom-client and OpenTelemetry show. */
export class LoopDelay {
  #restMs = RESOLUTION_MS;
  #counted: ServerHistogram | null = null;

  reset(): void {
    this.#counted = null;
  }

  /** `answeredInMs`: how long the page itself was waited for. */
  take(page: MetricsPage, answeredInMs: number): Reading[] {
    const counted = page.histogram(LOOP_DELAY_COUNTS);
    return counted === null ? this.#shown(page, answeredInMs) : this.#since(counted);
  }

  #since(counted: ServerHistogram): Reading[] {
    const before = this.#counted;
    this.#counted = counted;
    const delta = before === null ? null : histogramDelta(before, counted);
    const p99 = delta === null ? null : bucketQuantile(delta, 0.99);
    const most = delta === null ? null : bucketQuantile(delta, 1);
    if (p99 === null || most === null) return [];
    return [{ metric: 'node.event_loop_lag', value: p99.value * 1000 }, { metric: 'node.event_loop_lag_max', value: most.value * 1000 }];
  }

  /**
   * Reset at every reading of the page, so that it covers one tick as long as nobody else reads it too. A pause in the midst of writing the
   * page (writing it is work, too, and collects garbage) is in neither of the two: its timer is late across the reset. The reader saw it.
   */
  #shown(page: MetricsPage, answeredInMs: number): Reading[] {
    const delayMs = (statistic: string): number => {
      const name = page.find(LOOP_DELAYS.map((pattern) => pattern.replace('{}', statistic)));
      return name === null ? Number.NaN : page.sum(name) * 1000;
    };
    const min = delayMs('min');
    // An application may have chosen a finer resolution: then the shortest delay is shorter.
    if (min > 0 && min < this.#restMs) this.#restMs = min;
    const seen = answeredInMs >= LATE_ANSWER_MS ? answeredInMs : 0;
    const above = (statistic: string): number => Math.max(0, seen, delayMs(statistic) - this.#restMs);
    return [{ metric: 'node.event_loop_lag', value: above('p99') }, { metric: 'node.event_loop_lag_max', value: above('max') }];
  }
}
