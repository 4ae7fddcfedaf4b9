/** Upper bounds of Qdrant 1.19's histogram, in seconds. */
export const DURATION_BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 10, 50] as const;
/** Qdrant's `_avg_` covers its last 128 answers. */
const AVERAGED = 128;

export interface EndpointStatistics {
  readonly method: string;
  readonly endpoint: string;
  readonly status: number;
  readonly count: number;
  readonly sumSeconds: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly averageSeconds: number;
  /** Cumulative, one for each of DURATION_BUCKETS_SECONDS. */
  readonly buckets: readonly number[];
}

export interface RestStatistics {
  record(method: string, endpoint: string, status: number, seconds: number): void;
  /** Sorted by method, endpoint and status, as Qdrant prints them. */
  endpoints(): EndpointStatistics[];
}

/** Counts answers by method, endpoint and status, as Qdrant's telemetry does. */
export function countAnswers(): RestStatistics {
  const byKey = new Map<string, EndpointStatistics & { readonly recent: readonly number[] }>();
  return {
    record(method, endpoint, status, seconds) {
      const key = `${method} ${endpoint} ${status}`;
      const before = byKey.get(key);
      const recent = [...(before?.recent ?? []), seconds].slice(-AVERAGED);
      byKey.set(key, {
        method, endpoint, status, recent,
        count: (before?.count ?? 0) + 1,
        sumSeconds: (before?.sumSeconds ?? 0) + seconds,
        minSeconds: Math.min(before?.minSeconds ?? Infinity, seconds),
        maxSeconds: Math.max(before?.maxSeconds ?? 0, seconds),
        averageSeconds: recent.reduce((sum, value) => sum + value, 0) / recent.length,
        buckets: DURATION_BUCKETS_SECONDS.map((bound, i) => (before?.buckets[i] ?? 0) + (seconds <= bound ? 1 : 0)),
      });
    },
    endpoints: () => [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, statistics]) => statistics),
  };
}
