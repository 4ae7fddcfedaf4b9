import type { Family } from './prometheus-text.ts';

/** A cumulative histogram as servers expose it: how many events took at most `le`. Unit: that of the family, mostly seconds. */
export interface ServerHistogram {
  /** Ascending, the last one is +Infinity. */
  readonly bounds: readonly number[];
  /** Events at or under each bound. */
  readonly cumulative: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** A quantile is known only as far as its bucket: `low` and `high` are the bucket's bounds, `value` lies between them. */
export interface BucketQuantile {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Adds up the series of a histogram whose labels are accepted (several endpoints, several workers); null where none is. */
export function sumHistogram(family: Family, accepts: (labels: Readonly<Record<string, string>>) => boolean): ServerHistogram | null {
  const buckets = new Map<number, { events: number; series: number }>();
  let sum = 0;
  let count = 0;
  let series = 0;
  for (const { name, labels, value } of family.samples) {
    if (!accepts(labels) || !Number.isFinite(value)) continue;
    if (name === `${family.name}_sum`) sum += value;
    else if (name === `${family.name}_count`) { count += value; series += 1; }
    else if (name === `${family.name}_bucket`) {
      const bound = boundOf(labels['le']);
      const known = buckets.get(bound);
      buckets.set(bound, { events: (known?.events ?? 0) + value, series: (known?.series ?? 0) + 1 });
    }
  }
  if (series === 0) return null;
  // A bound that only some of the series have cannot be added up.
  const shared = [...buckets].filter(([bound, bucket]) => bucket.series === series && Number.isFinite(bound)).toSorted(([a], [b]) => a - b);
  return { bounds: [...shared.map(([bound]) => bound), Infinity], cumulative: [...shared.map(([, { events }]) => events), count], sum, count };
}

/**
 * What happened between two readings; null where a counter fell back (the server was restarted).
 * A series that appeared in between had counted nothing before.
 */
export function histogramDelta(before: ServerHistogram | null, after: ServerHistogram): ServerHistogram | null {
  if (before === null) return after;
  const earlier = new Map(before.bounds.map((bound, index) => [bound, before.cumulative[index] ?? 0]));
  const kept = after.bounds.flatMap((bound, index) => {
    const events = earlier.get(bound);
    return events === undefined ? [] : [{ bound, events: (after.cumulative[index] ?? 0) - events }];
  });
  const count = after.count - before.count;
  if (count < 0 || kept.some(({ events }) => events < 0)) return null;
  return { bounds: kept.map(({ bound }) => bound), cumulative: kept.map(({ events }) => events), sum: after.sum - before.sum, count };
}

/** The quantile within the bucket it falls into, by a straight line; null without events. Beyond the last bound it is that bound. */
export function bucketQuantile({ bounds, cumulative, count }: ServerHistogram, q: number): BucketQuantile | null {
  if (!(count > 0)) return null;
  const rank = q * count;
  const index = cumulative.findIndex((events) => events >= rank);
  const low = bounds[index - 1] ?? 0;
  const high = bounds[index] ?? Infinity;
  if (!Number.isFinite(high)) return { value: low, low, high };
  const below = cumulative[index - 1] ?? 0;
  const within = (cumulative[index] ?? 0) - below;
  return { value: within > 0 ? low + ((high - low) * (rank - below)) / within : high, low, high };
}

function boundOf(le: string | undefined): number {
  return le === undefined ? Number.NaN : /^\+?inf/i.test(le) ? Infinity : Number(le);
}
