import type { Counters } from './counters.ts';
import type { Reading } from './probe.ts';
import type { Family, MetricsText } from './prometheus-text.ts';
import { bucketQuantile, histogramDelta, sumHistogram } from './server-histogram.ts';
import type { ServerHistogram } from './server-histogram.ts';

type QdrantCounter = 'errors' | 'storageErrors' | 'majorFaults';
type Labels = Readonly<Record<string, string>>;

/**
 * Turns pages of Qdrant's metrics into readings of the interval between them. `_avg_` covers the last 128 requests and `_min_`,
 * `_max_` all since the start: only the histograms tell about an interval.
 */
export class QdrantReadings {
  readonly #counters: Counters<QdrantCounter>;
  /** By protocol; null: not a page was read yet. */
  #before: ReadonlyMap<string, ServerHistogram | null> | null = null;

  constructor(counters: Counters<QdrantCounter>) {
    this.#counters = counters;
  }

  reset(): void {
    this.#before = null;
    this.#counters.reset();
  }

  take({ families }: MetricsText, atSeconds: number): Reading[] {
    const counters = new Map<QdrantCounter, number>([['errors', errorsOf(families)], ['storageErrors', storageErrorsOf(families)]]);
    const faults = families.get('process_major_page_faults_total')?.samples[0]?.value;
    if (faults !== undefined) counters.set('majorFaults', faults);
    const growth = this.#counters.advance(counters, atSeconds);
    const now = new Map(PROTOCOLS.map(({ name, isSearch }) => [name, histogramOf(families.get(`${name}_responses_duration_seconds`), isSearch)]));
    const before = this.#before;
    this.#before = now;
    const readings = gaugesOf(families);
    if (growth === null || before === null) return readings;
    const since: Reading[] = [
      { metric: 'qdrant.errors', value: growth.perSecond('errors') },
      { metric: 'qdrant.storage_errors', value: growth.perSecond('storageErrors') },
      ...(faults === undefined ? [] : [{ metric: 'qdrant.major_faults', value: growth.perSecond('majorFaults') } as const]),
      ...latencyOf(mergeDeltas(before, now), growth.seconds),
    ];
    return [...readings, ...since.map((reading) => ({ ...reading, overSeconds: growth.seconds }))];
  }
}

const PROTOCOLS: readonly { readonly name: string; readonly isSearch: (labels: Labels) => boolean }[] = [
  // Before 1.17.1 the placeholder of the collection was called {name}; only the end of the path is looked at.
  { name: 'rest', isSearch: ({ endpoint = '' }) => /\/points\/(search|query|recommend|discover)(\/(batch|groups))?$/.test(endpoint) },
  { name: 'grpc', isSearch: ({ endpoint = '' }) => /\/(Core)?(Search|Query|Recommend|Discover)(Batch|BatchPoints|Groups)?$/.test(endpoint) },
];

/** The series of one endpoint may be split by status; only answers 200 (gRPC: 0) are timed in the global ones. */
function histogramOf(family: Family | undefined, isSearch: (labels: Labels) => boolean): ServerHistogram | null {
  return family?.type === 'histogram' ? sumHistogram(family, isSearch) : null;
}

/** Null where no protocol has histograms, or one of them fell back. */
function mergeDeltas(before: ReadonlyMap<string, ServerHistogram | null>, now: ReadonlyMap<string, ServerHistogram | null>): ServerHistogram | null {
  let merged: ServerHistogram | null = null;
  for (const [name, histogram] of now) {
    if (histogram === null) continue;
    const delta = histogramDelta(before.get(name) ?? null, histogram);
    if (delta === null) return null;
    merged = merged === null ? delta : add(merged, delta);
  }
  return merged;
}

/** REST and gRPC use the same bounds. */
function add(a: ServerHistogram, b: ServerHistogram): ServerHistogram {
  const other = new Map(b.bounds.map((bound, index) => [bound, b.cumulative[index] ?? 0]));
  const shared = a.bounds.map((bound, index) => ({ bound, events: (a.cumulative[index] ?? 0) + (other.get(bound) ?? Number.NaN) }))
    .filter(({ events }) => !Number.isNaN(events));
  return { bounds: shared.map(({ bound }) => bound), cumulative: shared.map(({ events }) => events), sum: a.sum + b.sum, count: a.count + b.count };
}

function latencyOf(delta: ServerHistogram | null, seconds: number): Reading[] {
  if (delta === null) return [];
  const searches: Reading = { metric: 'qdrant.searches', value: delta.count / seconds };
  const p95 = bucketQuantile(delta, 0.95);
  if (p95 === null) return [searches];
  const weight = delta.count;
  return [
    searches,
    { metric: 'qdrant.search_time', value: p95.value * 1000, weight },
    // Between 0.1 and 0.5 s lies a single bucket: the figure alone would look surer than it is.
    { metric: 'qdrant.search_time_low', value: p95.low * 1000, weight },
    { metric: 'qdrant.search_time_high', value: p95.high * 1000, weight },
    { metric: 'qdrant.search_mean', value: (delta.sum / delta.count) * 1000, weight },
  ];
}

/** Answers of the search endpoints that are not 200, or for gRPC not 0 (OK). */
function errorsOf(families: ReadonlyMap<string, Family>): number {
  let errors = 0;
  for (const { name, isSearch } of PROTOCOLS) {
    const good = name === 'rest' ? '200' : '0';
    for (const { labels, value } of families.get(`${name}_responses_total`)?.samples ?? []) {
      if (isSearch(labels) && labels['status'] !== good && Number.isFinite(value)) errors += value;
    }
  }
  return errors;
}

/** Answers 507 of all endpoints, writes above all: the memory or the disk it may use is full. gRPC has no status of its own for it. */
function storageErrorsOf(families: ReadonlyMap<string, Family>): number {
  return (families.get('rest_responses_total')?.samples ?? [])
    .filter(({ labels, value }) => labels['status'] === '507' && Number.isFinite(value)).reduce((sum, { value }) => sum + value, 0);
}

function gaugesOf(families: ReadonlyMap<string, Family>): Reading[] {
  const readings: Reading[] = [];
  // Without memory-mapped files: pressure on those shows as major page faults.
  const resident = families.get('memory_resident_bytes')?.samples[0]?.value;
  if (resident !== undefined) readings.push({ metric: 'qdrant.memory', value: resident });
  // A family that dropped or gained `_total` between versions.
  const vectors = families.get('collections_vector_total') ?? families.get('collections_vectors');
  if (vectors !== undefined) readings.push({ metric: 'qdrant.vectors', value: vectors.samples.reduce((sum, { value }) => sum + value, 0) });
  const updates = families.get('collection_update_queue_length');
  if (updates !== undefined) readings.push({ metric: 'qdrant.update_queue', value: updates.samples.reduce((sum, { value }) => sum + value, 0) });
  const quotas = families.get('quota_exceeded');
  if (quotas !== undefined) readings.push({ metric: 'qdrant.quota_exceeded', value: Math.max(0, ...quotas.samples.map(({ value }) => value)) });
  return readings;
}
