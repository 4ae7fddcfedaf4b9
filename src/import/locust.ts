import { existsSync } from 'node:fs';
import type { ErrorKind, Interval } from '../model/interval.ts';
import { errorKind } from './error-kind.ts';
import { UNKNOWN_GENERATOR } from './request-log.ts';
import type { Source } from './source.ts';
import { partOf, spread, type LatencySketch } from './summary.ts';
import { csvRows, numberIn, wrongResults } from './text-lines.ts';

const NEEDED = ['Timestamp', 'User Count', 'Type', 'Name', '95%', 'Total Request Count', 'Total Failure Count'];
const SHARES = [0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999] as const;
/** Where no request timed out, nothing depends on it. */
const NO_TIMEOUT_MS = 60_000;

interface Snapshot {
  readonly atSeconds: number;
  readonly users: number;
  readonly step: string;
  readonly requests: number;
  readonly failures: number;
  readonly latency: LatencySketch | null;
}

/** `locust --csv NAME --csv-full-history` writes NAME_stats_history.csv: totals so far and the percentiles of the last ten seconds. */
export const locust: Source = async (file) => {
  const snapshots: Snapshot[] = [];
  for await (const { row, number } of csvRows(file, NEEDED, 'a stats_history of Locust')) snapshots.push(snapshotOf(row, file, number));
  // Without the full history there is the row of all requests alone.
  const named = snapshots.filter(({ step }) => step !== 'Aggregated');
  const used = named.length > 0 ? named : snapshots.map((one) => ({ ...one, step: 'all' }));
  const firstAt = used.find(({ requests }) => requests > 0)?.atSeconds;
  if (firstAt === undefined) throw wrongResults(`${file}: holds no request`, 'Did the test send any?');
  const startSeconds = used.findLast(({ atSeconds, requests }) => requests === 0 && atSeconds < firstAt)?.atSeconds ?? firstAt - 1;
  const failures = await failuresOf(file.replace(/_stats_history\.csv$/, '_failures.csv'), file);
  const seconds = secondsOf(used, startSeconds, failures?.kinds ?? new Map());
  return {
    tool: 'locust', model: 'closed', users: Math.max(...snapshots.map(({ users }) => users)) || null,
    startedAtMs: startSeconds * 1000, durationSeconds: Math.max(1, seconds.length), timeoutMs: failures?.timeoutMs ?? longestOf(used, failures?.kinds), seconds, generatorReasons: [],
    notes: [
      'Locust’s history holds no single requests: counts are the growth of its totals, latencies the percentiles of its last ten seconds, rounded as Locust rounds them. These windows overlap, so percentiles of the whole run are estimates; NAME_stats.csv has Locust’s own',
      'Locust’s percentiles hold failed requests, too, and the limit of its time-outs is the longest answer of the requests that had any, unless the failure names it',
      'journeys are not in the file: all of them are "all"; a step is a request’s name',
      ...(failures === null ? ['what failures were is not in the history (NAME_failures.csv beside it would say): they count as answers not as expected'] : ['the kinds of failures are those of NAME_failures.csv, dealt out over the run']),
      ...(named.length === 0 ? ['without --csv-full-history the requests are not told apart'] : []),
      'a user that waits for its answer sends nothing meanwhile: how long requests would have queued is not seen (closed model)',
      'whether the generator kept up is not in such a file',
    ],
  };
};

function snapshotOf(row: ReadonlyMap<string, string>, file: string, number: number): Snapshot {
  const at = (name: string): number => numberIn(row.get(name), name, file, number);
  const quantiles = SHARES.flatMap((share) => {
    const ms = Number(row.get(`${Number((share * 100).toFixed(1))}%`) ?? Number.NaN);
    return ms > 0 ? [[share, ms] as const] : [];
  });
  const total = (name: string): number => Number(row.get(`Total ${name} Response Time`) ?? 0) || 0;
  const maxMs = Number(row.get('100%')) || total('Max');
  // In its first second Locust has no percentiles yet: the extremes so far are all there is.
  const known = quantiles.length > 0 ? quantiles : [[0.5, total('Median')] as const];
  return {
    atSeconds: at('Timestamp'), users: at('User Count'), step: row.get('Name') ?? '', requests: at('Total Request Count'), failures: at('Total Failure Count'),
    latency: maxMs > 0 ? { minMs: Math.min(total('Min'), known[0]?.[1] ?? maxMs), maxMs: Math.max(maxMs, known.at(-1)?.[1] ?? 0), meanMs: total('Average'), quantiles: known } : null,
  };
}

function secondsOf(snapshots: readonly Snapshot[], startSeconds: number, kinds: ReadonlyMap<string, Kinds>): Interval[] {
  const last = snapshots.reduce((most, { atSeconds }) => Math.max(most, atSeconds), startSeconds + 1);
  const seconds: Interval[] = Array.from({ length: last - startSeconds }, (_, second) => ({ second, startedAtMs: (startSeconds + second) * 1000, sent: 0, arrivals: 0, skipped: 0, rows: [], generator: UNKNOWN_GENERATOR }));
  for (const [step, own] of Map.groupBy(snapshots, (one) => one.step)) {
    let before = { atSeconds: startSeconds, requests: 0, failures: 0 };
    for (const now of own.toSorted((a, b) => a.atSeconds - b.atSeconds)) {
      const length = now.atSeconds - before.atSeconds;
      if (length < 1) continue;
      const requests = Math.max(0, now.requests - before.requests);
      const failures = Math.max(0, now.failures - before.failures);
      const errors = errorsBetween(kinds.get(step), before.failures, before.failures + failures);
      const rows = spread({ journey: 'all', step, requests, errors, statuses: {}, bytes: 0, latency: now.latency, isTtfb: false }, length);
      for (let at = 0; at < length; at += 1) {
        const index = before.atSeconds - startSeconds + at;
        const second = seconds[index];
        const row = rows[at];
        if (second !== undefined) seconds[index] = { ...second, sent: second.sent + partOf(requests, at, length), rows: row === undefined || row.requests === 0 ? second.rows : [...second.rows, row] };
      }
      before = now;
    }
  }
  return seconds;
}

type Kinds = readonly (readonly [ErrorKind, number])[];

/** Failures of a request so far, from one number to another, in the proportions of the whole run. */
function errorsBetween(kinds: Kinds | undefined, from: number, to: number): Partial<Record<ErrorKind, number>> {
  if (to <= from) return {};
  const total = kinds?.reduce((sum, [, count]) => sum + count, 0) ?? 0;
  if (kinds === undefined || total === 0) return { expect: to - from };
  const errors: Partial<Record<ErrorKind, number>> = {};
  let below = 0;
  for (const [kind, count] of kinds) {
    const [low, high] = [below / total, (below + count) / total];
    below += count;
    const own = Array.from({ length: to - from }, (_, index) => ((from + index) * 0.618_034) % 1).filter((place) => place >= low && place < high).length;
    if (own > 0) errors[kind] = (errors[kind] ?? 0) + own;
  }
  return errors;
}

/** What timed out was given up at the longest time there is. */
function longestOf(snapshots: readonly Snapshot[], kinds: ReadonlyMap<string, Kinds> | undefined): number {
  const timedOut = snapshots.filter(({ step, latency }) => latency !== null && kinds?.get(step)?.some(([kind]) => kind === 'timeout') === true);
  return timedOut.reduce((most, { latency }) => Math.max(most, latency?.maxMs ?? 0), 0) || NO_TIMEOUT_MS;
}

interface Failures {
  readonly kinds: ReadonlyMap<string, Kinds>;
  /** As the words of a time-out say, in ms; null where they do not. */
  readonly timeoutMs: number | null;
}

async function failuresOf(file: string, history: string): Promise<Failures | null> {
  if (file === history || !existsSync(file)) return null;
  const kinds = new Map<string, [ErrorKind, number][]>();
  const limits: number[] = [];
  for await (const { row, number } of csvRows(file, ['Name', 'Error', 'Occurrences'], 'a list of failures of Locust')) {
    const words = row.get('Error') ?? '';
    const status = Number(/HTTPError\(['"](\d{3}) /.exec(words)?.[1] ?? 0);
    const limit = /timeout=(\d+(?:\.\d+)?)/.exec(words)?.[1];
    if (limit !== undefined) limits.push(Number(limit) * 1000);
    const name = row.get('Name') ?? '';
    kinds.set(name, [...(kinds.get(name) ?? []), [errorKind(status, words), numberIn(row.get('Occurrences'), 'Occurrences', file, number)]]);
  }
  return { kinds, timeoutMs: limits.length === 0 ? null : Math.min(...limits) };
}
