import { Counters } from './counters.ts';
import { fetchMetrics, metricsSource, placeOf } from './fetch-metrics.ts';
import type { MetricsSource } from './fetch-metrics.ts';
import { secondsToNextNativePage } from './page-cadence.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading, Shortfall } from './probe.ts';
import { QdrantReadings } from './qdrant-readings.ts';

/** Reads Qdrant's `/metrics` once a second, pages of many collections more seldom. A key stands in the address: `http://:KEY@host:6333`, or `?api-key=KEY`; a read-only one is enough. */
export const qdrantProbe: OpenProbe = (options) => new QdrantProbe(options);

class QdrantProbe implements Probe {
  readonly kind = 'qdrant';
  readonly #source: MetricsSource;
  readonly #readings = new QdrantReadings(new Counters());
  #hasHistograms = true;
  #secondsToNext = 1;

  constructor({ address }: ProbeOptions) {
    this.#source = sourceOf(address);
  }

  async open(signal: AbortSignal): Promise<string> {
    const { families } = await fetchMetrics(this.#source, signal);
    const app = families.get('app_info')?.samples[0]?.labels;
    const name = app?.['name'] === undefined ? 'a server' : `${app['name']} ${app['version'] ?? ''}`.trim();
    this.#hasHistograms = families.get('rest_responses_duration_seconds')?.type === 'histogram'
      // A server that has answered no request yet shows no family of requests at all, so that nothing can be said.
      || !families.has('rest_responses_total');
    return `${name} at ${placeOf(this.#source.url)}${this.#hasHistograms ? '' : ', without histograms: no search time (they exist from Qdrant 1.8 on)'}`;
  }

  async read(elapsedSeconds: number, signal: AbortSignal): Promise<readonly Reading[]> {
    if (elapsedSeconds === 0) this.#readings.reset();
    const page = await fetchMetrics(this.#source, signal);
    this.#secondsToNext = secondsToNextNativePage(page.bytes);
    return this.#readings.take(page, performance.now() / 1000);
  }

  secondsToNext(): number {
    return this.#secondsToNext;
  }

  shortfalls(): readonly Shortfall[] {
    return this.#hasHistograms ? [] : [{ what: 'the time of searches', remedy: 'Qdrant 1.8 or later' }];
  }

  async close(): Promise<void> {
    this.#readings.reset();
  }
}

function sourceOf(address: string): MetricsSource {
  const { url, user, password } = metricsSource(address, 'qdrant');
  const key = url.searchParams.get('api-key') ?? (password || user);
  url.searchParams.delete('api-key');
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/metrics';
  // Otherwise a Qdrant that is waiting for its cluster waits for up to a minute.
  url.searchParams.set('timeout', '2');
  return { url: url.href, headers: key === '' ? {} : { 'api-key': key } };
}
