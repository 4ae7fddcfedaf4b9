import { ScaleplanError } from '../errors.ts';
import { hintForForeign, HTTP, plainly } from './foreign-server.ts';
import { metricsSource, placeOf, readBounded } from './fetch-metrics.ts';

/** One series of an answer: `[seconds since 1970, value]`, one of them for an instant query. */
export interface PromSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

export interface PromAnswer {
  readonly type: 'vector' | 'matrix' | 'scalar' | 'string';
  readonly series: readonly PromSeries[];
}

export interface PromRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
}

/** Prometheus answers a question for more points of a series with an error. */
export const MOST_POINTS = 11_000;

/**
 * Prometheus's HTTP API, and whatever speaks it (Thanos, Mimir, VictoriaMetrics). User and password of the address are sent as such,
 * a lone password (`http://:TOKEN@host`) as a bearer token; neither is in any message.
 */
export class PrometheusApi {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  /** Matchers for every selector of ours, from `?match=env="staging"`; empty: none. */
  readonly matchers: string;

  constructor(address: string) {
    const { url, user, password } = metricsSource(address, 'prometheus');
    const login = Buffer.from(`${user}:${password}`).toString('base64');
    this.#headers = user !== '' ? { authorization: `Basic ${login}` } : password !== '' ? { authorization: `Bearer ${password}` } : {};
    this.matchers = url.searchParams.get('match')?.trim() ?? '';
    url.search = '';
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    this.#base = url;
  }

  get place(): string {
    return placeOf(this.#base.href);
  }

  /** `atSeconds` since 1970; default: now, by the server's clock. */
  async query(query: string, signal: AbortSignal, atSeconds?: number): Promise<PromAnswer> {
    return answerOf(await this.#post('query', { query, ...(atSeconds === undefined ? {} : { time: String(atSeconds) }) }, signal));
  }

  /** Throws where the range has more than 11,000 steps: whoever asks parts it. */
  async queryRange(query: string, range: PromRange, signal: AbortSignal): Promise<PromAnswer> {
    const steps = (range.toSeconds - range.fromSeconds) / range.stepSeconds + 1;
    if (steps > MOST_POINTS) throw new RangeError(`${Math.floor(steps)} points are more than Prometheus gives at once (${MOST_POINTS})`);
    return answerOf(await this.#post('query_range', {
      query, start: String(range.fromSeconds), end: String(range.toSeconds), step: String(range.stepSeconds),
    }, signal));
  }

  /** How often each job is scraped, in seconds; the longest where its targets differ. Null where the server does not tell (it is no Prometheus itself). */
  async scrapeIntervals(signal: AbortSignal): Promise<ReadonlyMap<string, number> | null> {
    const data = await this.#get('targets?state=active', signal).catch(() => null);
    const targets = field(data, 'activeTargets');
    if (!Array.isArray(targets)) return null;
    const intervals = new Map<string, number>();
    for (const target of targets) {
      const job = field(field(target, 'labels'), 'job');
      const interval = field(target, 'scrapeInterval');
      const seconds = typeof interval === 'string' ? secondsOf(interval) : null;
      if (typeof job === 'string' && seconds !== null) intervals.set(job, Math.max(seconds, intervals.get(job) ?? 0));
    }
    return intervals.size === 0 ? null : intervals;
  }

  /** What it calls itself, or null. */
  async version(signal: AbortSignal): Promise<string | null> {
    const version = field(await this.#get('status/buildinfo', signal).catch(() => null), 'version');
    return typeof version === 'string' ? version : null;
  }

  #get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#ask(path, { headers: this.#headers, signal });
  }

  /** As a form: unions of queries grow longer than addresses may be. */
  #post(path: string, parameters: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown> {
    return this.#ask(path, { method: 'POST', headers: this.#headers, body: new URLSearchParams(parameters), signal });
  }

  async #ask(path: string, init: RequestInit): Promise<unknown> {
    const response = await fetch(new URL(`api/v1/${path}`, this.#base), init).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const detail = plainly(cause instanceof Error ? cause.message : String(cause));
      throw refused(`Prometheus at ${this.place} cannot be reached: ${detail}`, hintForForeign(detail, HTTP) ?? 'Is it running, and is the address right?');
    });
    const text = await readBounded(response, this.#base.href);
    const body = parseJson(text);
    if (field(body, 'status') === 'success') return field(body, 'data');
    const said = field(body, 'error');
    if (typeof said === 'string') throw new QueryRefused(said, response.status);
    throw refused(`${this.place} answered ${response.status}, and not as Prometheus does`, response.status === 401 || response.status === 403
      ? 'Put user and password, or :TOKEN, into the address.'
      : 'Name the address of Prometheus itself, without /api or /graph.');
  }
}

/** Prometheus understood the request and says what is wrong with the query. */
export class QueryRefused extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** `15s`, `1m30s` in seconds; null for anything else. */
export function secondsOf(duration: string): number | null {
  if (!/^(\d+(ms|[smhdwy]))+$/.test(duration)) return null;
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };
  return [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? Number.NaN), 0);
}

function answerOf(data: unknown): PromAnswer {
  const type = field(data, 'resultType');
  const result = field(data, 'result');
  if (type === 'scalar' || type === 'string') return { type, series: [{ labels: {}, points: pointsOf([result]) }] };
  const series = (Array.isArray(result) ? result : []).map((one: unknown): PromSeries => {
    const value = field(one, 'value');
    return { labels: labelsOf(field(one, 'metric')), points: pointsOf(value === undefined ? field(one, 'values') : [value]) };
  });
  return { type: type === 'matrix' ? 'matrix' : 'vector', series };
}

/** Values come as text, because JSON has no NaN and no infinity. */
function pointsOf(values: unknown): (readonly [number, number])[] {
  return (Array.isArray(values) ? values : []).flatMap((pair: unknown) => (Array.isArray(pair) ? [[Number(pair[0]), Number(pair[1])] as const] : []));
}

function labelsOf(metric: unknown): Record<string, string> {
  return typeof metric === 'object' && metric !== null ? Object.fromEntries(Object.entries(metric).map(([name, value]) => [name, String(value)])) : {};
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(message: string, hint: string): ScaleplanError {
  return new ScaleplanError('probe-refused', message, { hint });
}
