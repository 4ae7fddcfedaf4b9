import { ScaleplanError } from '../errors.ts';
import type { MetricName } from '../model/metrics.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading } from './probe.ts';
import { PrometheusApi, QueryRefused } from './prometheus-api.ts';
import { discover } from './prometheus-discovery.ts';
import type { Discovery } from './prometheus-discovery.ts';
import { identityOf, unionOf } from './prometheus-queries.ts';
import type { ReadyQuery } from './prometheus-queries.ts';

/**
 * Reads what a Prometheus has collected by the usual exporters: one question for everything that is scraped alike, as often as there is
 * something new. `http://host:9090?match=env="staging"` narrows every selector of ours.
 */
export const prometheusProbe: OpenProbe = (options) => new PrometheusProbe(options);

/** An exporter that is started late is found within this. */
const LOOK_AGAIN_SECONDS = 30;
/**
 * The question costs Prometheus about 6 ms, and a rate covers four scrapes: asking more often would show the same seconds again, and cost
 * more than 2 ms a second.
 */
const ASK_EVERY_SECONDS = 4;
/** Ticks are a second apart, give or take a little. */
const SLACK_SECONDS = 0.5;

class PrometheusProbe implements Probe {
  readonly kind = 'prometheus';
  readonly #api: PrometheusApi;
  readonly #metricNames: ProbeOptions['metricNames'];
  #queries: readonly ReadyQuery[] = [];
  #foundAtSeconds = 0;
  /** When what is scraped every so many seconds was last asked for. */
  readonly #askedAtSeconds = new Map<number, number>();

  constructor({ address, metricNames }: ProbeOptions) {
    this.#api = new PrometheusApi(address);
    this.#metricNames = metricNames;
  }

  async open(signal: AbortSignal): Promise<string> {
    const version = await this.#api.version(signal);
    const { queries, remarks } = await this.#discover(signal);
    if (queries.length === 0) {
      throw new ScaleplanError('probe-refused', `Prometheus at ${this.#api.place} has none of the metrics scaleplan knows`, {
        hint: this.#api.matchers === ''
          ? 'It knows the usual exporters; name your own queries under metricNames in the configuration.'
          : `Nothing matches {${this.#api.matchers}}; leave ?match= out to see what is there.`,
      });
    }
    const kinds = [...new Set(queries.map(({ metric }) => metric.split('.')[0] ?? ''))];
    return [`Prometheus${version === null ? '' : ` ${version}`}: ${queries.length} metrics (${kinds.join(', ')})`, ...remarks].join('; ');
  }

  async read(_elapsedSeconds: number, signal: AbortSignal): Promise<readonly Reading[]> {
    const atSeconds = performance.now() / 1000;
    if (atSeconds - this.#foundAtSeconds >= LOOK_AGAIN_SECONDS) await this.#discover(signal);
    // What is scraped every 15 s is read every 15 s: the same figure fifteen times would look like fifteen readings.
    const due = [...Map.groupBy(this.#queries, ({ scrapeSeconds }) => scrapeSeconds)].filter(([scrapeSeconds]) => {
      const asked = this.#askedAtSeconds.get(scrapeSeconds);
      return asked === undefined || atSeconds - asked >= Math.max(scrapeSeconds, ASK_EVERY_SECONDS) - SLACK_SECONDS;
    });
    const readings = await Promise.all(due.map(async ([scrapeSeconds, queries]) => {
      const answers = await ask(this.#api, queries, signal);
      this.#askedAtSeconds.set(scrapeSeconds, atSeconds);
      return answers;
    }));
    return readings.flat();
  }

  async close(): Promise<void> {
    this.#askedAtSeconds.clear();
  }

  async #discover(signal: AbortSignal): Promise<Discovery> {
    const found = await discover(this.#api, this.#metricNames, signal);
    this.#queries = found.queries;
    this.#foundAtSeconds = performance.now() / 1000;
    return found;
  }
}

async function ask(api: PrometheusApi, queries: readonly ReadyQuery[], signal: AbortSignal): Promise<Reading[]> {
  try {
    const { series } = await api.query(unionOf(queries), signal);
    return series.flatMap((one): Reading[] => {
      const { metric, instance } = identityOf(one);
      const value = one.points[0]?.[1] ?? Number.NaN;
      return [{ metric: metric as MetricName, value, ...(instance === undefined ? {} : { instance }) }];
    });
  } catch (error) {
    // A query that is right can still meet series it cannot join; then each is asked alone, and the others are read.
    if (!(error instanceof QueryRefused) || queries.length < 2) throw error;
    const answers = await Promise.all(queries.map((query) => ask(api, [query], signal).catch((reason: unknown) => {
      if (reason instanceof QueryRefused) return [];
      throw reason;
    })));
    return answers.flat();
  }
}
