import { comparisonsOf, type Comparison, type Condition } from '../model/condition.ts';
import type { Interval } from '../model/interval.ts';
import { metricOf, type MetricName } from '../model/metrics.ts';
import type { Sample } from '../model/sample.ts';
import { sampleSeries } from '../stats/series.ts';
import { latencyFigure, scopedRows, tally } from '../stats/tally.ts';

/** What has been seen of a step lately; the figures of the live view are made of it, none of them is a verdict. */
export interface Recent {
  /** The last seconds, oldest first. */
  readonly intervals: readonly Interval[];
  readonly samples: readonly Sample[];
  readonly timeoutMs: number;
  readonly isJudged: boolean;
}

/** How near a condition is to its limit. */
export interface Standing {
  readonly condition: Condition;
  readonly comparison: Comparison;
  readonly observed: number;
  /** 1 at the limit, above it beyond; Infinity where the limit is 0. */
  readonly strain: number;
}

/** Every condition that the last seconds say something about, the most strained first. Those relative to another run or stage are left to the judge. */
export function standingsOf(conditions: readonly Condition[], recent: Recent): Standing[] {
  const found = conditions.flatMap((condition) => {
    // Alternatives: the one that is farthest from its limit keeps the condition.
    const all = comparisonsOf(condition).flatMap((comparison) => standingOf(condition, comparison, recent));
    const best = all.toSorted((a, b) => a.strain - b.strain)[0];
    return best ? [best] : [];
  });
  return found.toSorted((a, b) => b.strain - a.strain);
}

function standingOf(condition: Condition, comparison: Comparison, recent: Recent): Standing[] {
  const observed = comparison.relativeTo === null ? observedOf(comparison, recent) : null;
  if (observed === null || comparison.op === '==') return [];
  return [{ condition, comparison, observed, strain: strainOf(comparison, observed) }];
}

/** Of a least value (`> 100/s`) the strain grows as the value falls. */
function strainOf({ op, value }: Comparison, observed: number): number {
  const [part, whole] = op === '<' || op === '<=' ? [observed, value] : [value, observed];
  if (part === whole) return 1;
  return whole === 0 ? Infinity : part / whole;
}

function observedOf({ metric, scope }: Comparison, { intervals, samples, timeoutMs, isJudged }: Recent): number | null {
  if (!metric.startsWith('http.')) return recentReading(samples, metric, scope['instance']);
  const sums = tally(scopedRows(intervals, scope));
  // Before the full load is on, a rate below its limit says nothing.
  if (metric === 'http.throughput') return isJudged && intervals.length > 0 ? sums.successes / intervals.length : null;
  if (metric === 'http.timeouts') return intervals.length > 0 ? sums.timeouts / intervals.length : null;
  if (metric === 'http.error_rate') return sums.requests > 0 ? (100 * sums.failed) / sums.requests : null;
  return latencyFigure(sums, metric, timeoutMs)?.valueMs ?? null;
}

/** Mean of a probe's metric over the samples that are kept; a ratio from the events it is made of. Null where nothing was read. */
export function recentReading(samples: readonly Sample[], metric: MetricName, instance?: string): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return null;
  const clock = { startedAtMs: first.atMs, seconds: Math.floor((last.atMs - first.atMs) / 1000) + 1 };
  const share = metricOf(metric)?.share;
  // The parts of a share are names of the same registry.
  const total = (name: string): number | null => meanOf(sampleSeries(clock, samples, name as MetricName, instance)?.values);
  const direct = total(metric);
  if (direct !== null || share === undefined) return direct;
  const [part, wholes] = [total(share.part), share.whole.map(total)];
  const whole = wholes.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return part === null || whole === 0 ? null : (100 * part) / whole;
}

function meanOf(values: Float64Array | undefined): number | null {
  const read = values?.filter((value) => !Number.isNaN(value));
  return read && read.length > 0 ? read.reduce((sum, value) => sum + value, 0) / read.length : null;
}
