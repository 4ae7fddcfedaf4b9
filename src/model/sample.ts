import type { MetricName } from './metrics.ts';
import type { ProbeKind } from './probe-kind.ts';

export type { ProbeKind };

/** One reading. Rates are per second over the tick they close; a missing reading is absent, never 0. */
export interface Sample {
  readonly atMs: number;
  readonly probe: ProbeKind;
  readonly metric: MetricName;
  readonly value: number;
  /** Number of events the value rests on, where it is a statistic of events (a p95 of 12 searches). */
  readonly weight?: number;
  /** Seconds that its reading stands for, where it is told of more than one: so many samples are one look at the server. */
  readonly spanSeconds?: number;
  /** Which of several servers, mount points or queues. */
  readonly instance?: string;
}

export type ProbeStatus =
  | { readonly kind: ProbeKind; readonly status: 'ok'; readonly detail: string; readonly missedTicks: number }
  | { readonly kind: ProbeKind; readonly status: 'refused' | 'lost'; readonly reason: string; readonly hint: string | null };
