import { ScaleplanError } from '../errors.ts';
import { metricOf, METRICS } from '../model/metrics.ts';
import type { MetricName } from '../model/metrics.ts';
import { nearest } from '../model/nearest.ts';
import { fetchMetrics, metricsSource, placeOf } from './fetch-metrics.ts';
import type { MetricsSource } from './fetch-metrics.ts';
import { MetricsPage } from './metrics-page.ts';
import { NODE_NAMES } from './node-names.ts';
import type { NodeName } from './node-names.ts';
import { NodeReadings } from './node-readings.ts';
import { secondsToNextPage } from './page-cadence.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading, Shortfall } from './probe.ts';

/** An application that uses a twentieth of a core, or of its loop's time, has its code at hand. */
const AT_WORK_PERCENT = 5;

/** Reads the metrics page of a Node application, once a second while it is at work, else as seldom as what the page costs demands: its process, its event loop, its pool, its cache, its queue. */
export const nodeProbe: OpenProbe = (options) => new NodeProbe(options);

class NodeProbe implements Probe {
  readonly kind = 'node';
  readonly isLateWhenBusy = true;
  readonly #source: MetricsSource;
  readonly #readings: NodeReadings;
  readonly #names: readonly NodeName[];
  #seesPool = false;
  #secondsToNext = 1;

  constructor({ address, metricNames }: ProbeOptions) {
    const { url, user, password } = metricsSource(address, 'node');
    const login = Buffer.from(`${user}:${password}`).toString('base64');
    this.#source = { url: url.href, headers: user + password === '' ? {} : { authorization: `Basic ${login}` } };
    this.#names = withMapping(metricNames);
    this.#readings = new NodeReadings(this.#names);
  }

  async open(signal: AbortSignal): Promise<string> {
    const text = await fetchMetrics(this.#source, signal);
    this.#secondsToNext = secondsToNextPage({ bytes: text.bytes, isAtWork: false });
    const page = new MetricsPage(text);
    const found = this.#names.filter(({ names, form }) => page.find(names, SUFFIX[form]) !== null).map(({ metric }) => metric);
    this.#seesPool = found.includes('postgres.pool_waiting');
    const pool = this.#seesPool ? '' : ', no metrics of a connection pool';
    if (found.length === 0) {
      throw new ScaleplanError('probe-refused', `${placeOf(this.#source.url)} has none of the metrics scaleplan knows`, {
        hint: 'Expose the default metrics of prom-client or OpenTelemetry, or map your own names under metricNames in the configuration.',
      });
    }
    return `${placeOf(this.#source.url)}: ${found.length} metrics${pool}`;
  }

  async read(elapsedSeconds: number, signal: AbortSignal): Promise<readonly Reading[]> {
    if (elapsedSeconds === 0) this.#readings.reset();
    const askedAtMs = performance.now();
    const text = await fetchMetrics(this.#source, signal);
    const answeredAtMs = performance.now();
    // The page was made just before it arrived: a blocked event loop answers late, and only then does it count.
    const readings = this.#readings.take(new MetricsPage(text), { atSeconds: answeredAtMs / 1000, answeredInMs: answeredAtMs - askedAtMs, dueAfterSeconds: this.#secondsToNext });
    this.#secondsToNext = secondsToNextPage({ bytes: text.bytes, isAtWork: readings.some(isOfWork) });
    return readings;
  }

  secondsToNext(): number {
    return this.#secondsToNext;
  }

  shortfalls(): readonly Shortfall[] {
    return this.#seesPool ? [] : [{
      what: 'who waits for a connection of the application’s pool',
      remedy: 'expose db_client_connection_pending_requests and its like, map your own names under metricNames, or start the application with node --import scaleplan/preload',
    }];
  }

  async close(): Promise<void> {
    this.#readings.reset();
  }
}

function isOfWork({ metric, value }: Reading): boolean {
  return (metric === 'node.cpu' || metric === 'node.event_loop_utilization') && value >= AT_WORK_PERCENT;
}

const SUFFIX: Readonly<Record<NodeName['form'], string>> = { gauge: '', rate: '', mean: '_count', 'count-rate': '_count', 'sum-share': '_sum' };

/** The configuration's names in place of ours. Throws `wrong-configuration` for a metric that is none. */
function withMapping(metricNames: Readonly<Record<string, string>>): readonly NodeName[] {
  const mapped = Object.entries(metricNames).map(([name, target]): NodeName => {
    const metric = metricOf(target);
    if (metric === undefined) {
      const meant = nearest(target, METRICS.keys());
      throw new ScaleplanError('wrong-configuration', `metricNames maps "${name}" to "${target}", which is no metric`, {
        hint: meant === null ? 'scaleplan plan show --metrics lists them.' : `Did you mean "${meant}"?`,
      });
    }
    const isShare = metric.unit === '%' && name.endsWith('_ratio');
    const form = metric.form === 'rate' ? 'rate' : 'gauge';
    return { metric: target as MetricName, form, names: [name], factor: isShare ? 100 : 1 };
  });
  const replaced = new Set(mapped.map(({ metric }) => metric));
  return [...NODE_NAMES.filter(({ metric }) => !replaced.has(metric)), ...mapped];
}
