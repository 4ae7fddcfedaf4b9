import { ScaleplanError } from '../errors.ts';
import type { PrometheusApi } from './prometheus-api.ts';
import { QueryRefused, secondsOf } from './prometheus-api.ts';
import { PROM_RULES } from './prometheus-names.ts';
import { chooseRules, namesIn, queriesOfNames, rulesOfNames, windowSeconds, writeQuery } from './prometheus-queries.ts';
import type { ReadyQuery } from './prometheus-queries.ts';

export interface Discovery {
  readonly queries: readonly ReadyQuery[];
  /** What is worth telling the user: intervals too coarse, windows too short. */
  readonly remarks: readonly string[];
}

/** A time that is over; absent: now. */
export interface Past {
  readonly endSeconds: number;
  readonly lengthSeconds: number;
}

/** Prometheus's own default, taken where nothing tells how often somebody scrapes: a window too wide is better than an empty one. */
const DEFAULT_SCRAPE_SECONDS = 60;
/** At this spacing two events less than a quarter of a minute apart look simultaneous: what came first cannot be told. */
const COARSE_SECONDS = 15;
const ESTIMATE_SECONDS = 120;

/** Which of the metrics scaleplan knows, and which of the user's own queries, this Prometheus can answer now, and how often each is scraped. */
export async function discover(api: PrometheusApi, metricNames: Readonly<Record<string, string>>, signal: AbortSignal, past?: Past): Promise<Discovery> {
  const own = queriesOfNames(metricNames);
  const rules = [...rulesOfNames(metricNames), ...PROM_RULES];
  const names = [...new Set([...rules, ...own].flatMap(({ query }) => namesIn(query)))];
  const scrapes = await scrapesOf(api, names, signal, past);
  const replaced = new Set(own.map(({ metric }) => metric));
  const chosen = chooseRules(rules.filter(({ metric }) => !replaced.has(metric)), scrapes, api.matchers);
  const remarks: string[] = [];
  const ready: ReadyQuery[] = [];
  for (const { metric, query } of own) {
    const scrapeSeconds = Math.max(1, ...namesIn(query).map((name) => scrapes.get(name) ?? 0));
    const written = await tryQuery(api, metric, writeQuery(query, scrapeSeconds, ''), signal);
    remarks.push(...tooShort(metric, query, scrapeSeconds));
    ready.push({ metric, query: written, scrapeSeconds });
  }
  const queries = [...chosen, ...ready];
  const slowest = Math.max(0, ...queries.map(({ scrapeSeconds }) => scrapeSeconds));
  if (slowest >= COARSE_SECONDS) remarks.push(`scraped every ${slowest} s: too coarse to tell what came first`);
  return { queries, remarks };
}

/** Seconds between two scrapes for each name that is there. */
async function scrapesOf(api: PrometheusApi, names: readonly string[], signal: AbortSignal, past?: Past): Promise<ReadonlyMap<string, number>> {
  const inside = [`__name__=~"${names.join('|')}"`, api.matchers].filter((part) => part !== '').join(',');
  const there = past === undefined ? `{${inside}}` : `last_over_time({${inside}}[${Math.ceil(past.lengthSeconds)}s])`;
  const { series } = await api.query(`count by (__name__, job) (${there})`, signal, past?.endSeconds);
  const intervals = await api.scrapeIntervals(signal) ?? await estimateIntervals(api, signal, past);
  const scrapes = new Map<string, number>();
  for (const { labels } of series) {
    const name = labels['__name__'] ?? '';
    const seconds = intervals.get(labels['job'] ?? '') ?? DEFAULT_SCRAPE_SECONDS;
    scrapes.set(name, Math.max(seconds, scrapes.get(name) ?? 0));
  }
  return scrapes;
}

/** From how many readings of `up` there are in two minutes. Of a server that has just begun it comes out too long, which is the safe side. */
async function estimateIntervals(api: PrometheusApi, signal: AbortSignal, past?: Past): Promise<ReadonlyMap<string, number>> {
  const { series } = await api.query(`min by (job) (count_over_time(up[${ESTIMATE_SECONDS}s]))`, signal, past?.endSeconds);
  return new Map(series.flatMap(({ labels, points: [point] }) =>
    (point !== undefined && point[1] > 0 ? [[labels['job'] ?? '', Math.max(1, Math.round(ESTIMATE_SECONDS / point[1]))] as const] : [])));
}

/** A query of the user's own is asked once alone: in the union its fault would take all others with it. Throws `wrong-configuration`. */
async function tryQuery(api: PrometheusApi, metric: string, query: string, signal: AbortSignal): Promise<string> {
  try {
    const { type } = await api.query(query, signal);
    if (type === 'vector') return query;
    if (type === 'scalar') return `vector(${query})`;
    throw new QueryRefused(`it gives a ${type === 'matrix' ? 'range' : type}, not a value for each series`, 400);
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    throw new ScaleplanError('wrong-configuration', `Prometheus refuses the query of ${metric}: ${error.message}`, {
      hint: 'Try it in Prometheus’s own page; for a rate write rate(orders_total[$window]).',
    });
  }
}

function tooShort(metric: string, query: string, scrapeSeconds: number): string[] {
  const least = windowSeconds(scrapeSeconds);
  const short = [...query.matchAll(/\[(\w+)[\]:]/g)].map(([, text = '']) => secondsOf(text) ?? least).some((seconds) => seconds < least);
  return short ? [`${metric} looks back less than four scrapes (${least} s) and may be empty`] : [];
}
