import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ErrorKind, Interval } from '../model/interval.ts';
import { errorKind } from './error-kind.ts';
import { UNKNOWN_GENERATOR } from './request-log.ts';
import type { Results, Source } from './source.ts';
import { partOf, spread, type LatencySketch, type PeriodRow } from './summary.ts';
import { wrongResults } from './text-lines.ts';

const sketch = z.looseObject({ min: z.number(), max: z.number(), count: z.number(), mean: z.number(), p50: z.number(), p75: z.number().optional(), p90: z.number().optional(), p95: z.number(), p99: z.number(), p999: z.number().optional() });
const period = z.looseObject({ period: z.coerce.number(), counters: z.record(z.string(), z.number()), summaries: z.record(z.string(), sketch).default({}), firstMetricAt: z.number().optional(), lastMetricAt: z.number().optional() });
const report = z.looseObject({ aggregate: z.looseObject({ firstMetricAt: z.number().optional(), lastMetricAt: z.number().optional() }), intermediate: z.array(period) });
type Period = z.infer<typeof period>;

/** Hard-coded in artillery. */
const PERIOD_MS = 10_000;
/** What artillery waits where the script does not say: a report does not tell. */
const TIMEOUT_MS = 10_000;

/** `artillery run -o FILE`: sketches of ten seconds. */
export const artillery: Source = async (file) => {
  const { aggregate, intermediate } = await readReport(file);
  const periods = intermediate.toSorted((a, b) => a.period - b.period).filter(({ counters }) => (counters['http.requests'] ?? 0) + (counters['vusers.created'] ?? 0) > 0);
  const [first] = periods;
  if (first === undefined) throw wrongResults(`${file}: holds no request`, 'Did the test send any? Only HTTP scenarios are imported.');
  const startedAtMs = aggregate.firstMetricAt ?? first.firstMetricAt ?? first.period;
  const endedAtMs = aggregate.lastMetricAt ?? (periods.at(-1)?.period ?? first.period) + PERIOD_MS;
  const hasEndpoints = periods.some((one) => endpointsOf(one).length > 0);
  const skipped = periods.reduce((sum, { counters }) => sum + (counters['vusers.skipped'] ?? 0), 0);
  const created = periods.reduce((sum, { counters }) => sum + (counters['vusers.created'] ?? 0), 0);
  return {
    tool: 'artillery', model: 'open', users: null, startedAtMs, durationSeconds: Math.max(1, Math.floor((endedAtMs - startedAtMs) / 1000)), timeoutMs: TIMEOUT_MS,
    seconds: secondsOf(periods, startedAtMs, endedAtMs),
    // The limit that our own engines are held to.
    generatorReasons: skipped > 0.03 * (created + skipped) ? [`artillery skipped ${skipped} of ${created + skipped} users (maxVusers)`] : [],
    notes: [
      'artillery’s report holds sketches of ten seconds with 1 % error, no single requests: counts and percentiles are dealt out evenly over their seconds, and between two known percentiles the higher one is taken, so that none comes out too low',
      'its response_time is to the first byte, in whole milliseconds: what a long body takes is not in it',
      hasEndpoints ? 'its metrics by endpoint do not say of which scenario a request was: the journey is "all"; their times hold error answers, too' : 'its requests are not told apart (plugin metrics-by-endpoint): journey and step are "all"',
      `how long it waited before giving a request up is not in the file: ${TIMEOUT_MS / 1000} s, its default, is assumed`,
      'whether the generator kept up with its schedule is not in such a file',
    ],
  } satisfies Results;
};

async function readReport(file: string): Promise<z.infer<typeof report>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => { throw wrongResults(`${file}: cannot be read`, 'Check the path.', cause); });
  try {
    return report.parse(JSON.parse(text));
  } catch (cause) {
    throw wrongResults(`${file}: is no report of artillery 2`, 'artillery run -o FILE script.yml writes one; a run that was stopped writes none.', cause);
  }
}

/** Each period's part under load, in whole seconds of the run. */
function secondsOf(periods: readonly Period[], startedAtMs: number, endedAtMs: number): Interval[] {
  const last = Math.floor((endedAtMs - startedAtMs) / 1000);
  const seconds: Interval[] = Array.from({ length: last + 1 }, (_, second) => ({ second, startedAtMs: startedAtMs + second * 1000, sent: 0, arrivals: 0, skipped: 0, rows: [], generator: UNKNOWN_GENERATOR }));
  for (const [index, one] of periods.entries()) {
    const from = index === 0 ? 0 : Math.min(last, Math.max(0, Math.round((one.period - startedAtMs) / 1000)));
    const next = periods[index + 1];
    const to = Math.max(from + 1, next === undefined ? last + 1 : Math.min(last + 1, Math.round((next.period - startedAtMs) / 1000)));
    const length = to - from;
    const rows = rowsOf(one).map((row) => spread(row, length));
    for (let at = 0; at < length; at += 1) {
      const second = seconds[from + at];
      if (second === undefined) continue;
      const part = (name: string): number => partOf(one.counters[name] ?? 0, at, length);
      seconds[from + at] = { ...second, sent: part('http.requests'), arrivals: part('vusers.created'), skipped: part('vusers.skipped'), rows: [...second.rows, ...rows.flatMap((list) => list[at] ?? []).filter(({ requests }) => requests > 0)] };
    }
  }
  return seconds;
}

const ENDPOINT = 'plugins.metrics-by-endpoint.';

function endpointsOf({ counters, summaries }: Period): string[] {
  const names = Object.keys(counters).flatMap((key) => /^plugins\.metrics-by-endpoint\.(.+?)\.(?:codes|errors)\./.exec(key)?.[1] ?? []);
  const timed = Object.keys(summaries).flatMap((key) => (key.startsWith(`${ENDPOINT}response_time.`) ? [key.slice(ENDPOINT.length + 'response_time.'.length)] : []));
  return [...new Set([...names, ...timed])];
}

function rowsOf(one: Period): PeriodRow[] {
  const endpoints = endpointsOf(one);
  if (endpoints.length === 0) return [rowFrom(one, 'all', 'http.', one.summaries['http.response_time.2xx'] ?? one.summaries['http.response_time'])];
  // `/items (list)`: the name of the request stands in brackets.
  return endpoints.map((name) => rowFrom(one, /\(([^()]+)\)$/.exec(name)?.[1] ?? name, `${ENDPOINT}${name}.`, one.summaries[`${ENDPOINT}response_time.${name}`]));
}

function rowFrom({ counters }: Period, step: string, prefix: string, latency: z.infer<typeof sketch> | undefined): PeriodRow {
  const statuses: Record<string, number> = {};
  const errors: Partial<Record<ErrorKind, number>> = {};
  const add = (kind: ErrorKind, count: number): void => { errors[kind] = (errors[kind] ?? 0) + count; };
  let requests = 0;
  for (const [key, count] of Object.entries(counters)) {
    const code = key.startsWith(`${prefix}codes.`) ? key.slice(`${prefix}codes.`.length) : null;
    const prefixOfErrors = prefix === 'http.' ? 'errors.' : `${prefix}errors.`;
    const error = key.startsWith(prefixOfErrors) ? key.slice(prefixOfErrors.length) : null;
    if (code !== null) {
      statuses[code] = count;
      if (Number(code) >= 400) add(errorKind(Number(code), ''), count);
    }
    if (error !== null) add(errorKind(0, error), count);
    if (code !== null || error !== null) requests += count;
  }
  return { journey: 'all', step, requests, errors, statuses, bytes: prefix === 'http.' ? (counters['http.downloaded_bytes'] ?? 0) : 0, latency: latency === undefined ? null : sketchOf(latency), isTtfb: true };
}

function sketchOf({ min, max, mean, p50, p75, p90, p95, p99, p999 }: z.infer<typeof sketch>): LatencySketch {
  const known = [[0.5, p50], [0.75, p75], [0.9, p90], [0.95, p95], [0.99, p99], [0.999, p999]] as const;
  return { minMs: min, maxMs: max, meanMs: mean, quantiles: known.flatMap(([share, ms]) => (ms === undefined ? [] : [[share, ms] as const])) };
}
