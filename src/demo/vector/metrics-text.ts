import type { ProcessFacts } from './process-facts.ts';
import { DURATION_BUCKETS_SECONDS } from './rest-statistics.ts';
import type { EndpointStatistics } from './rest-statistics.ts';

export interface CollectionFacts {
  readonly name: string;
  readonly points: number;
  /** CPU time of its searches in ns, and bytes of vectors written: Qdrant's hardware counters. */
  readonly cpuNs: number;
  readonly vectorBytesWritten: number;
}

/** `/metrics` in the form of Qdrant 1.19: its families, help texts, labels and buckets, in its order. */
export function metricsText(collections: readonly CollectionFacts[], endpoints: readonly EndpointStatistics[], facts: ProcessFacts): string {
  return [
    ...applicationFamilies(),
    ...collectionFamilies(collections),
    ...answerFamilies(endpoints),
    ...hardwareFamilies(collections),
    ...processFamilies(facts),
    '',
  ].join('\n');
}

function family(name: string, type: 'gauge' | 'counter' | 'histogram', help: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

function applicationFamilies(): string[] {
  return [
    ...family('app_info', 'gauge', 'information about qdrant server', ['app_info{name="built-in vector service",version="1.19.0"} 1']),
    ...family('app_status_recovery_mode', 'gauge', 'features enabled in qdrant server', ['app_status_recovery_mode 0']),
  ];
}

function collectionFamilies(collections: readonly CollectionFacts[]): string[] {
  const each = (line: (collection: CollectionFacts) => string): string[] => collections.map(line);
  const total = collections.reduce((sum, { points }) => sum + points, 0);
  const byId = (name: string, type: 'gauge' | 'counter', help: string, value: (collection: CollectionFacts) => number = () => 0): string[] =>
    family(name, type, help, each((collection) => `${name}{id="${collection.name}"} ${value(collection)}`));
  return [
    ...family('collections_total', 'gauge', 'number of collections', [`collections_total ${collections.length}`]),
    ...family('collections_vector_total', 'gauge', 'total number of vectors in all collections', [`collections_vector_total ${total}`]),
    ...family('collection_vectors', 'gauge', 'amount of vectors grouped by vector name', each(({ name, points }) => `collection_vectors{collection="${name}",vector=""} ${points}`)),
    ...family('collection_indexed_only_excluded_points', 'gauge', 'amount of points excluded in indexed_only requests', each(({ name }) => `collection_indexed_only_excluded_points{id="${name}",vector=""} 0`)),
    ...family('collection_active_replicas_min', 'gauge', 'minimum number of active replicas across all shards', ['collection_active_replicas_min 1']),
    ...family('collection_active_replicas_max', 'gauge', 'maximum number of active replicas across all shards', ['collection_active_replicas_max 1']),
    ...byId('collection_running_optimizations', 'gauge', 'number of currently running optimization tasks per collection'),
    ...byId('collection_points', 'gauge', 'approximate amount of points per collection', ({ points }) => points),
    ...family('collection_dead_replicas', 'gauge', 'total amount of shard replicas in non-active state', ['collection_dead_replicas 0']),
    ...byId('snapshot_creation_running', 'gauge', 'amount of snapshot creations that are currently running'),
    ...byId('snapshot_recovery_running', 'gauge', 'amount of snapshot recovery operations currently running'),
    ...byId('snapshot_created_total', 'counter', 'total amount of snapshots created'),
    ...byId('collection_shard_transfer_incoming', 'gauge', 'incoming shard transfers currently running'),
    ...byId('collection_shard_transfer_outgoing', 'gauge', 'outgoing shard transfers currently running'),
    ...byId('collection_update_queue_length', 'gauge', 'number of pending operations in update queues per collection'),
    ...byId('collection_update_queue_deferred_points', 'gauge', 'number of points currently hidden during read operations as they\'re not yet optimized'),
    ...family('cluster_enabled', 'gauge', 'is cluster support enabled', ['cluster_enabled 0']),
  ];
}

/** Timings exist for status 200 alone; everything else is only counted. */
function answerFamilies(endpoints: readonly EndpointStatistics[]): string[] {
  const labels = ({ method, endpoint, status }: EndpointStatistics): string => `method="${method}",endpoint="${endpoint}",status="${status}"`;
  const good = endpoints.filter(({ status }) => status === 200);
  const gauge = (which: string, help: string, value: (of: EndpointStatistics) => number): string[] =>
    family(`rest_responses_${which}_duration_seconds`, 'gauge', help, good.map((of) => `rest_responses_${which}_duration_seconds{${labels(of)}} ${value(of)}`));
  return [
    ...family('rest_responses_total', 'counter', 'total number of responses', endpoints.map((of) => `rest_responses_total{${labels(of)}} ${of.count}`)),
    ...gauge('avg', 'average response duration', (of) => of.averageSeconds),
    ...gauge('min', 'minimum response duration', (of) => of.minSeconds),
    ...gauge('max', 'maximum response duration', (of) => of.maxSeconds),
    ...family('rest_responses_duration_seconds', 'histogram', 'response duration histogram', good.flatMap((of) => [
      ...DURATION_BUCKETS_SECONDS.map((bound, i) => `rest_responses_duration_seconds_bucket{${labels(of)},le="${bound}"} ${of.buckets[i] ?? 0}`),
      `rest_responses_duration_seconds_bucket{${labels(of)},le="+Inf"} ${of.count}`,
      `rest_responses_duration_seconds_sum{${labels(of)}} ${of.sumSeconds}`,
      `rest_responses_duration_seconds_count{${labels(of)}} ${of.count}`,
    ])),
  ];
}

function hardwareFamilies(collections: readonly CollectionFacts[]): string[] {
  const counter = (name: string, help: string, value: (collection: CollectionFacts) => number = () => 0): string[] => {
    const full = `collection_hardware_metric_${name}`;
    return family(full, 'counter', help, collections.map((collection) => `${full}{id="${collection.name}"} ${value(collection)}`));
  };
  return [
    ...counter('cpu', 'CPU measurements of a collection', ({ cpuNs }) => Math.round(cpuNs)),
    ...counter('payload_io_read', 'Total IO payload read metrics of a collection'),
    ...counter('payload_index_io_read', 'Total IO payload index read metrics of a collection'),
    ...counter('payload_index_io_write', 'Total IO payload index write metrics of a collection'),
    ...counter('payload_io_write', 'Total IO payload write metrics of a collection'),
    ...counter('vector_io_read', 'Total IO vector read metrics of a collection'),
    ...counter('vector_io_write', 'Total IO vector write metrics of a collection', ({ vectorBytesWritten }) => vectorBytesWritten),
  ];
}

function processFamilies(facts: ProcessFacts): string[] {
  const one = (name: string, type: 'gauge' | 'counter', help: string, value: number | null): string[] =>
    family(name, type, help, value === null ? [] : [`${name} ${value}`]);
  return [
    ...one('memory_active_bytes', 'gauge', 'Total number of bytes in active pages allocated by the application', facts.activeBytes),
    ...one('memory_allocated_bytes', 'gauge', 'Total number of bytes allocated by the application', facts.allocatedBytes),
    ...one('memory_metadata_bytes', 'gauge', 'Total number of bytes dedicated to metadata', facts.metadataBytes),
    ...one('memory_resident_bytes', 'gauge', 'Maximum number of bytes in physically resident data pages mapped', facts.residentBytes),
    ...one('memory_retained_bytes', 'gauge', 'Total number of bytes in virtual memory mappings', facts.retainedBytes),
    ...one('process_threads', 'gauge', 'count of active threads', facts.threads),
    ...one('process_open_mmaps', 'gauge', 'count of open mmaps', facts.openMmaps),
    ...one('system_max_mmaps', 'gauge', 'system wide limit of open mmaps', facts.maxMmaps),
    ...one('process_open_fds', 'gauge', 'count of currently open file descriptors', facts.openFds),
    ...one('process_max_fds', 'gauge', 'limit for open file descriptors', facts.maxFds),
    ...one('process_minor_page_faults_total', 'counter', 'count of minor page faults which didn\'t cause a disk access', facts.minorFaults),
    ...one('process_major_page_faults_total', 'counter', 'count of disk accesses caused by a mmap page fault', facts.majorFaults),
  ];
}
