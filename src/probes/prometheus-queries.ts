import { metricOf } from '../model/metrics.ts';
import type { MetricName } from '../model/metrics.ts';
import type { PromRule } from './prometheus-names.ts';
import type { PromSeries } from './prometheus-api.ts';

/** A query of ours with the scrape interval of what it reads. */
export interface ReadyQuery {
  readonly metric: MetricName;
  readonly query: string;
  readonly scrapeSeconds: number;
}

/** Which of our series is which, in the answer to a union. */
const METRIC_LABEL = 'scaleplan_metric';
const SELECTOR = /\b(rate|now)!([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?/g;
/** A rate needs two scrapes; with jitter and a scrape that failed only four are sure to hold two: `rate(x[1s])` at 1 s scrapes is empty. */
const SCRAPES_IN_WINDOW = 4;

/** Names of series a query reads. Of one that was not written for us: every word in it that could be a name. */
export function namesIn(query: string): string[] {
  const ours = [...query.matchAll(SELECTOR)].map(([, , name = '']) => name);
  return [...new Set(ours.length > 0 ? ours : query.match(/[a-zA-Z_:][\w:]*/g) ?? [])];
}

/**
 * The query as Prometheus takes it. A last value must not be older than the window: a bare selector shows one for five minutes after a
 * server fell silent. `matchers` are added to every selector of ours; empty: none.
 */
export function writeQuery(query: string, scrapeSeconds: number, matchers: string): string {
  const window = windowSeconds(scrapeSeconds);
  return query.replaceAll(SELECTOR, (_, how: string, name: string, own: string | undefined) => {
    const inside = [own, matchers].filter((part) => part !== undefined && part !== '').join(',');
    return `${how === 'rate' ? 'rate' : 'last_over_time'}(${inside === '' ? name : `${name}{${inside}}`}[${window}s])`;
  }).replaceAll('$window', `${window}s`).replaceAll('$seconds', String(window));
}

export function windowSeconds(scrapeSeconds: number): number {
  return Math.ceil(SCRAPES_IN_WINDOW * scrapeSeconds);
}

/** Of several rules for a metric the first of which every name is there. `scrapes` tells for each name how often it is scraped. */
export function chooseRules(rules: readonly PromRule[], scrapes: ReadonlyMap<string, number>, matchers: string): ReadyQuery[] {
  const chosen = new Map<string, ReadyQuery>();
  for (const { metric, query } of rules) {
    const names = namesIn(query);
    if (chosen.has(metric) || names.some((name) => !scrapes.has(name))) continue;
    const scrapeSeconds = Math.max(...names.map((name) => scrapes.get(name) ?? 0));
    chosen.set(metric, { metric, query: writeQuery(query, scrapeSeconds, matchers), scrapeSeconds });
  }
  return [...chosen.values()];
}

/** Rules for `name of theirs → metric of ours`: a bare name by what the metric is, a query as it stands. */
export function rulesOfNames(metricNames: Readonly<Record<string, string>>): PromRule[] {
  return Object.entries(metricNames).flatMap(([name, target]) => {
    const metric = metricOf(target);
    // A mapping to a metric that is none is told by the probe that reads the application's page.
    if (metric === undefined || !/^[a-zA-Z_:][\w:]*$/.test(name)) return [];
    const factor = metric.unit === '%' && name.endsWith('_ratio') ? 100 : metric.unit === 'ms' && name.endsWith('_seconds') ? 1000 : 1;
    const how = metric.form === 'rate' ? 'rate' : 'now';
    const bare = [name, `${name}_total`].map((each) => `${factor} * sum by (instance) (${how}!${each})`);
    const mean = `${factor} * sum by (instance) (rate!${name}_sum) / sum by (instance) (rate!${name}_count)`;
    return [...bare, mean].map((query) => ({ metric: target as MetricName, query }));
  });
}

/** Of the configuration's names those that are queries, `rate(orders_total[$window])`: they are asked as they stand. */
export function queriesOfNames(metricNames: Readonly<Record<string, string>>): PromRule[] {
  return Object.entries(metricNames).filter(([name, target]) => metricOf(target) !== undefined && !/^[a-zA-Z_:][\w:.]*$/.test(name))
    .map(([query, target]) => ({ metric: target as MetricName, query }));
}

/** One question for all: sixty requests a second would be a load of their own. */
export function unionOf(queries: readonly ReadyQuery[]): string {
  return queries.map(({ metric, query }) => `label_replace(${query}, "${METRIC_LABEL}", "${metric}", "", "")`).join(' or ');
}

/** Which metric a series of a union is, and of which server. */
export function identityOf({ labels }: PromSeries): { metric: string; instance: string | undefined } {
  const { [METRIC_LABEL]: metric = '', __name__: _, instance, namespace, pod, container, name, ...others } = labels;
  if (pod !== undefined || name !== undefined) {
    return { metric, instance: pod === undefined ? name : [namespace, pod, container].filter((part) => part !== undefined && part !== '').join('/') };
  }
  // A query of the user's own may keep any labels; what tells its series apart is their name.
  const rest = Object.entries(others).filter(([label]) => label !== 'job').map(([label, value]) => `${label}=${value}`);
  const parts = [instance, ...rest].filter((part) => part !== undefined && part !== '');
  return { metric, instance: parts.length === 0 ? undefined : parts.join(',') };
}
