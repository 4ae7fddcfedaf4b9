import { AT, DELAY_BOUNDS_MS, delaysOf } from './figures.ts';
import type { FigureName } from './figures.ts';

/** What the thread behind the page reads of the process by itself, while the main thread may be blocked. */
export interface ProcessFacts {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly startedAtSeconds: number;
  readonly openFiles: number | null;
  readonly mostOpenFiles: number | null;
  /** How long the event loop has now been on one thing, beyond a beat; 0 where it turns. */
  readonly stalledMs: number;
}

/** The page in the Prometheus text format, under the names of prom-client and OpenTelemetry where they have one. */
export function pageText(figures: Float64Array, process: ProcessFacts): string {
  const of = (name: FigureName): number => figures[AT[name]] ?? 0;
  const seconds = (name: FigureName): number => of(name) / 1000;
  const timed = (name: string, sum: FigureName, count: FigureName): string[] =>
    [`# TYPE ${name} summary`, `${name}_sum ${seconds(sum)}`, `${name}_count ${of(count)}`];
  const single = (type: 'counter' | 'gauge', name: string, value: number): string[] => [`# TYPE ${name} ${type}`, `${name} ${value}`];
  return [
    ...single('counter', 'process_cpu_seconds_total', process.cpuSeconds),
    ...single('gauge', 'process_resident_memory_bytes', process.residentBytes),
    ...single('gauge', 'process_start_time_seconds', process.startedAtSeconds),
    ...(process.openFiles === null ? [] : single('gauge', 'process_open_fds', process.openFiles)),
    ...(process.mostOpenFiles === null ? [] : single('gauge', 'process_max_fds', process.mostOpenFiles)),
    ...single('gauge', 'nodejs_heap_size_used_bytes', of('heapUsedBytes')),
    ...timed('nodejs_gc_duration_seconds', 'gcMs', 'gcCount'),
    '# TYPE nodejs_eventloop_time_seconds_total counter',
    // A stall counts as busy before the loop itself can say so.
    `nodejs_eventloop_time_seconds_total{state="active"} ${seconds('loopActiveMs') + process.stalledMs / 1000}`,
    `nodejs_eventloop_time_seconds_total{state="idle"} ${seconds('loopIdleMs')}`,
    ...delayHistogram(figures),
    ...single('counter', 'scaleplan_sync_io_seconds_total', seconds('syncMs')),
    ...single('counter', 'scaleplan_sync_io_calls_total', of('syncCount')),
    ...(of('fileReadCount') > 0 ? timed('file_read_duration_seconds', 'fileReadMs', 'fileReadCount') : []),
    ...(of('requestCount') > 0 ? timed('http_server_request_duration_seconds', 'requestMs', 'requestCount') : []),
    ...(of('poolMax') > 0 ? poolLines(of, timed, single) : []),
    '',
  ].join('\n');
}

function poolLines(
  of: (name: FigureName) => number, timed: (name: string, sum: FigureName, count: FigureName) => string[],
  single: (type: 'counter' | 'gauge', name: string, value: number) => string[],
): string[] {
  return [
    '# TYPE db_client_connection_count gauge',
    `db_client_connection_count{state="used"} ${of('poolUsed')}`,
    `db_client_connection_count{state="idle"} ${of('poolIdle')}`,
    ...single('gauge', 'db_client_connection_max', of('poolMax')),
    ...single('gauge', 'db_client_connection_pending_requests', of('poolPending')),
    ...timed('db_client_connection_wait_time_seconds', 'poolWaitMs', 'poolWaitCount'),
    ...timed('db_client_connection_use_time_seconds', 'poolUseMs', 'poolUseCount'),
    ...single('counter', 'db_client_connection_timeouts_total', of('poolTimeouts')),
  ];
}

function delayHistogram(figures: Float64Array): string[] {
  const name = 'scaleplan_event_loop_delay_seconds';
  let below = 0;
  const buckets = delaysOf(figures).map((count, index) => {
    below += count;
    const bound = DELAY_BOUNDS_MS[index] ?? Infinity;
    return `${name}_bucket{le="${Number.isFinite(bound) ? bound / 1000 : '+Inf'}"} ${below}`;
  });
  return [`# TYPE ${name} histogram`, ...buckets, `${name}_sum ${(figures[AT.delaySumMs] ?? 0) / 1000}`, `${name}_count ${below}`];
}
