import { comparisonsOf, type Condition } from '../model/condition.ts';
import { metricOf, type MetricName } from '../model/metrics.ts';
import type { Sample } from '../model/sample.ts';
import { readingsIn, sampleSeries, type RunClock, type Series } from '../stats/series.ts';

/** Ten readings a second apart bound a mean; three more for a probe that starts, and gives its first rate after the second one. */
export const LOOK_SECONDS = 13;
/** Ten scrapes of a Prometheus at its usual fifteen seconds, and some; a mean of a longer time is no longer one of now. */
export const MOST_LOOK_SECONDS = 180;
/** Of what was last read longer ago than such a scrape nothing is known now. */
const STALE_SECONDS = 20;
/** A mean is bounded by so many readings. */
const READINGS = 10;

/**
 * Of how many of the last seconds a condition without a duration is judged: 13, or as many as hold ten readings of what it asks about. A large
 * page of metrics is read every fifth second, and in thirteen it would stay undecided for ever.
 */
export function lookSeconds(condition: Condition, samples: readonly Sample[], clock: RunClock): number {
  return Math.max(LOOK_SECONDS, ...seriesOf(condition, samples, clock).map((series) => secondsOfTen(series, clock)));
}

/** Seconds until ten readings will be there of what comes regularly, as often as it comes now; 0 where they are, or nothing has come. */
export function secondsToTen(condition: Condition, samples: readonly Sample[], clock: RunClock): number {
  return Math.max(0, ...seriesOf(condition, samples, clock).map((series) => {
    const missing = READINGS - readingsIn(series, 0, clock.seconds);
    return missing <= 0 ? 0 : Math.ceil(missing * secondsApart(series, clock));
  }));
}

/** What a mean is taken of; what is held for a time is one where it is not yet known for so long. */
function seriesOf(condition: Condition, samples: readonly Sample[], clock: RunClock): Series[] {
  return comparisonsOf(condition).flatMap(({ metric, scope, aggregate, inSeconds }) => {
    if (inSeconds !== null || (aggregate !== null && aggregate !== 'avg')) return [];
    const [instance] = Object.values(scope);
    const part = metricOf(metric)?.share?.part as MetricName | undefined; // names of the registry
    const read = (name: MetricName): Series | null => sampleSeries(clock, samples, name, instance);
    return [(part === undefined ? null : read(part)) ?? read(metric)].filter((series) => series !== null);
  });
}

function secondsOfTen(series: Series, { seconds }: RunClock): number {
  if (readingsIn(series, seconds - STALE_SECONDS, seconds) === 0) return 0;
  const most = Math.min(seconds, MOST_LOOK_SECONDS);
  for (let length = LOOK_SECONDS; length < most; length += 1) if (readingsIn(series, seconds - length, seconds) >= READINGS) return length;
  return most;
}

/** Between the last two readings, or since the last one where that is longer. */
function secondsApart({ values, spans }: Series, { seconds }: RunClock): number {
  const isRead = (value: number): boolean => !Number.isNaN(value);
  const last = values.findLastIndex(isRead);
  const before = values.subarray(0, Math.max(0, last)).findLastIndex(isRead);
  return Math.max(seconds - 1 - last, before === -1 ? 1 : last - before, spans?.[last] ?? 1);
}
