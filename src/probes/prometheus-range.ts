import type { MetricName } from '../model/metrics.ts';
import type { Sample } from '../model/sample.ts';
import { MOST_POINTS, PrometheusApi } from './prometheus-api.ts';
import type { PromRange } from './prometheus-api.ts';
import { discover } from './prometheus-discovery.ts';
import { identityOf, unionOf } from './prometheus-queries.ts';

export interface RangeRequest {
  /** As behind `--probe prometheus=`. */
  readonly address: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly metricNames: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * What a Prometheus has kept of a time that is over: the same metrics as the probe reads live, as samples a scrape apart, in order of
 * time. For results that other tools brought. Throws `probe-refused`.
 */
export async function readPrometheusRange({ address, fromMs, toMs, metricNames, signal }: RangeRequest): Promise<readonly Sample[]> {
  const api = new PrometheusApi(address);
  // Which names were there then: an exporter may have been taken away since.
  const past = { endSeconds: toMs / 1000, lengthSeconds: Math.max(1, (toMs - fromMs) / 1000) };
  const { queries } = await discover(api, metricNames, signal, past);
  const samples: Sample[] = [];
  for (const query of queries) {
    for (const range of partsOf(fromMs / 1000, toMs / 1000, Math.max(1, query.scrapeSeconds))) {
      const { series } = await api.queryRange(unionOf([query]), range, signal);
      for (const one of series) {
        const { metric, instance } = identityOf(one);
        for (const [seconds, value] of one.points) {
          if (!Number.isFinite(value)) continue;
          samples.push({ atMs: Math.round(seconds * 1000), probe: 'prometheus', metric: metric as MetricName, value, ...(instance === undefined ? {} : { instance }) });
        }
      }
    }
  }
  return samples.toSorted((a, b) => a.atMs - b.atMs);
}

/** Prometheus gives 11,000 points of a series at once; a longer range is asked for in parts that share no point. */
export function partsOf(fromSeconds: number, toSeconds: number, stepSeconds: number): PromRange[] {
  const first = Math.ceil(fromSeconds / stepSeconds) * stepSeconds;
  const parts: PromRange[] = [];
  for (let from = first; from <= toSeconds; from += MOST_POINTS * stepSeconds) {
    parts.push({ fromSeconds: from, toSeconds: Math.min(toSeconds, from + (MOST_POINTS - 1) * stepSeconds), stepSeconds });
  }
  return parts;
}
