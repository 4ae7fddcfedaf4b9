import type { Interval, IntervalRow } from '../model/interval.ts';
import type { StageName } from '../model/load.ts';
import type { MetricName } from '../model/metrics.ts';
import type { RunStep } from '../model/run.ts';
import { shareBounds } from '../stats/binomial.ts';
import { HISTOGRAM_SIZE, bucketMidUs, countAbove } from '../stats/histogram.ts';
import { rateBounds, ratioBounds } from '../stats/mean-bounds.ts';
import { quantileBounds } from '../stats/quantile-bounds.ts';
import { stageWindows } from '../stats/stages.ts';
import { QUANTILES, latencyFigure, scopedRows, tally, type Tally } from '../stats/tally.ts';
import { exactly, type Figure, type Measured } from './figure.ts';

type Scope = Readonly<Record<string, string>>;

/** An `http.*` metric over the judged seconds (or those of another stage) of these steps, of the journey and step in scope. */
export function httpFigure(steps: readonly RunStep[], metric: MetricName, scope: Scope, wanted: StageName | 'judged' = 'judged'): Measured {
  const { counted, full } = secondsOf(steps, wanted);
  if (full.length === 0) return { missing: 'inconclusive', reason: `no second of load was ${wanted}: the run ended before` };
  const seconds = counted.map((interval) => scopedRows([interval], scope));
  const sums = tally(seconds.flat());
  if (sums.requests === 0 && Object.keys(scope).length > 0) {
    return { missing: 'inconclusive', reason: `no request of ${sayScope(scope)} in ${full.length} s` };
  }
  if (sums.requests === 0 && counted.every((interval) => interval.sent === 0)) {
    return { missing: 'inconclusive', reason: `no request was sent in ${full.length} s` };
  }
  // Steps with different time-outs: the shortest is what every censored answer took at least.
  const timeoutMs = Math.min(...steps.map((step) => step.timeoutMs));
  switch (metric) {
    case 'http.throughput': return throughput(full, scope, sums);
    case 'http.timeouts': return timeouts(sums, full.length);
    case 'http.error_rate': return errorRate(sums);
    default: return latency(metric, sums, seconds, timeoutMs);
  }
}

/**
 * Seconds of the wanted stages. `counted` has every second in which one of their requests may have ended, `full` only whole
 * seconds under load: rates are formed over those.
 */
export function secondsOf(steps: readonly RunStep[], wanted: StageName | 'judged'): { counted: Interval[]; full: Interval[] } {
  const [counted, full]: [Interval[], Interval[]] = [[], []];
  for (const step of steps) {
    const stages = stageWindows(step).filter((stage) => (wanted === 'judged' ? stage.judged : stage.name === wanted));
    for (const { from, to, end } of stages) {
      counted.push(...step.intervals.filter(({ second }) => second >= from && second < end));
      full.push(...step.intervals.filter(({ second }) => second >= from && second < to));
    }
  }
  return { counted, full };
}

function throughput(full: readonly Interval[], scope: Scope, sums: Tally): Measured {
  const { mean, low, high } = rateBounds(full.map((interval) => tally(scopedRows([interval], scope)).successes));
  if (low === null || high === null) return { missing: 'inconclusive', reason: `a rate needs 10 whole seconds, the run judged ${full.length}` };
  return { observed: mean, low: Math.max(0, low), high, samples: sums.successes, censored: false, note: `over ${full.length} s` };
}

/** Time-outs end after their second, so their share of the requests is bounded and put on the time. */
function timeouts(sums: Tally, seconds: number): Measured {
  if (sums.requests === 0) return noAnswer();
  const { low, high } = shareBounds(sums.timeouts, sums.requests);
  const perSec = sums.requests / seconds;
  return { observed: sums.timeouts / seconds, low: low * perSec, high: high * perSec, samples: sums.requests, censored: false, note: `${sums.timeouts.toLocaleString('en-US')} of ${sums.requests.toLocaleString('en-US')} requests` };
}

function errorRate(sums: Tally): Measured {
  if (sums.requests === 0) return noAnswer();
  const { low, high } = shareBounds(sums.failed, sums.requests);
  return {
    observed: (100 * sums.failed) / sums.requests, low: 100 * low, high: 100 * high, samples: sums.requests, censored: false,
    note: `${sums.failed.toLocaleString('en-US')} of ${sums.requests.toLocaleString('en-US')} requests`,
  };
}

function latency(metric: MetricName, sums: Tally, seconds: readonly (readonly IntervalRow[])[], timeoutMs: number): Measured {
  const found = latencyFigure(sums, metric, timeoutMs);
  if (found === null) {
    const without = metric === 'http.ttfb_p95' && sums.successes > 0;
    if (without) return { missing: 'not-measured', reason: 'this engine cannot see the first byte' };
    return { missing: 'inconclusive', reason: `none of ${sums.requests.toLocaleString('en-US')} requests was answered as expected, so there is no latency` };
  }
  const note = sums.timeouts > 0 ? `${sums.timeouts} timed out after ${timeoutMs} ms` : '';
  if (metric === 'http.max') {
    return found.censored ? { observed: found.valueMs, low: found.valueMs, high: null, samples: found.samples, censored: true, note } : exactly(found.valueMs, found.samples);
  }
  if (metric === 'http.mean') return meanLatency(seconds, timeoutMs, found.samples, note);
  return quantile(metric, sums, seconds, timeoutMs, { observed: found.valueMs, low: null, high: null, samples: found.samples, censored: found.censored, note });
}

function meanLatency(seconds: readonly (readonly IntervalRow[])[], timeoutMs: number, samples: number, note: string): Measured {
  const sums = seconds.map((rows) => rows.reduce((sum, row) => sum + row.latency.sumUs / 1000 + (row.errors.timeout ?? 0) * timeoutMs, 0));
  const { mean, low, high } = ratioBounds(sums, seconds.map((rows) => valuesIn(rows, 'latency')));
  return { observed: mean, low: low === null ? null : Math.max(0, low), high, samples, censored: false, note };
}

function quantile(metric: MetricName, sums: Tally, seconds: readonly (readonly IntervalRow[])[], timeoutMs: number, point: Figure): Figure {
  const field = metric === 'http.ttfb_p95' ? 'ttfb' : 'latency';
  // Time-outs rank behind every success, in a counter of their own.
  const counters = sums.timeouts > 0 ? [...sums[field].indices, HISTOGRAM_SIZE] : sums[field].indices;
  const lateIn = (rows: readonly IntervalRow[], index: number): number => (index === HISTOGRAM_SIZE ? 0 : rows.reduce((sum, row) => sum + (row.errors.timeout ?? 0), 0));
  const above = (index: number): number[] => seconds.map((rows) => rows.reduce((sum, row) => sum + countAbove(row[field], index), 0) + lateIn(rows, index));
  const bounds = quantileBounds(QUANTILES[metric] ?? Number.NaN, counters, seconds.map((rows) => valuesIn(rows, field)), above);
  const valueMs = (index: number): number => (index === HISTOGRAM_SIZE ? timeoutMs : Math.min(Math.max(bucketMidUs(index), sums[field].minUs), sums[field].maxUs) / 1000);
  const isOpen = bounds.high === null || bounds.high === HISTOGRAM_SIZE || point.censored;
  return {
    ...point,
    low: bounds.low === null ? null : Math.min(point.observed, valueMs(bounds.low)),
    high: isOpen ? null : Math.max(point.observed, valueMs(bounds.high ?? HISTOGRAM_SIZE)),
  };
}

function valuesIn(rows: readonly IntervalRow[], field: 'latency' | 'ttfb'): number {
  return rows.reduce((sum, row) => sum + row[field].count + (row.errors.timeout ?? 0), 0);
}

function noAnswer(): Measured {
  return { missing: 'inconclusive', reason: 'requests were sent, but none ended in the judged seconds' };
}

export function sayScope(scope: Scope): string {
  return Object.entries(scope).map(([key, value]) => `${key} ${value}`).join(', ');
}
