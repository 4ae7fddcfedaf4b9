import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { ScaleplanError } from '../../src/errors.ts';
import { metricOf } from '../../src/model/metrics.ts';
import { PrometheusApi, secondsOf } from '../../src/probes/prometheus-api.ts';
import { discover } from '../../src/probes/prometheus-discovery.ts';
import { PROM_RULES } from '../../src/probes/prometheus-names.ts';
import { chooseRules, identityOf, namesIn, rulesOfNames, writeQuery } from '../../src/probes/prometheus-queries.ts';
import { partsOf, readPrometheusRange } from '../../src/probes/prometheus-range.ts';
import { prometheusProbe } from '../../src/probes/prometheus.ts';
import { byMetric, openProbe } from './reading.ts';

interface Answer { status: string; data: { result: { metric: Record<string, string> }[]; activeTargets?: { scrapeInterval: string }[] } }
type Part = 'buildinfo' | 'targets' | 'names' | 'readings' | 'range' | 'parseError' | 'tooManyPoints' | 'emptyWindow' | 'fourScrapes';

const recorded = JSON.parse(readFileSync(new URL('data/prometheus-2.42.json', import.meta.url), 'utf8')) as Record<Part, Answer>;

interface Replay { readonly url: string; readonly asked: string[]; readonly secrets: string[] }

/** A server that answers as the recorded Prometheus did; of a union the series that were asked for. `change` alters what was recorded. */
async function replay(t: TestContext, change: (answers: Record<Part, Answer>) => void = () => {}): Promise<Replay> {
  const answers = structuredClone(recorded);
  change(answers);
  const asked: string[] = [];
  const secrets: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += String(chunk); });
    request.on('end', () => {
      secrets.push(request.headers.authorization ?? '');
      const query = new URLSearchParams(body).get('query') ?? '';
      asked.push(`${request.url} ${query}`);
      const answer = answerTo(answers, request.url ?? '', query);
      response.writeHead(answer === null ? 404 : answer.status === 'error' ? 400 : 200, { 'content-type': 'application/json' });
      response.end(answer === null ? 'no such page' : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, secrets };
}

function answerTo(answers: Record<Part, Answer>, path: string, query: string): Answer | null {
  if (path.endsWith('/status/buildinfo')) return answers.buildinfo;
  if (path.includes('/targets?')) return answers.targets;
  if (path.endsWith('/query_range')) return answers.range;
  if (!path.endsWith('/query')) return null;
  if (query.startsWith('count by (__name__, job)')) return answers.names;
  if (query.startsWith('min by (job) (count_over_time(up')) {
    return vector([{ metric: { job: 'redis' }, value: [1, '24'] }, { metric: { job: 'postgres' }, value: [1, '8'] }]);
  }
  if (/\[1s\]|broken/.test(query)) return answers[query.includes('broken') ? 'parseError' : 'emptyWindow'];
  const wanted = [...query.matchAll(/"scaleplan_metric", "([^"]+)"/g)].map(([, metric]) => metric);
  return wanted.length === 0 ? answers.fourScrapes : vector(answers.readings.data.result.filter(({ metric }) => wanted.includes(metric['scaleplan_metric'])));
}

function vector(result: readonly unknown[]): Answer {
  return JSON.parse(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })) as Answer;
}

function scrapedEvery(interval: string): (answers: Record<Part, Answer>) => void {
  return ({ targets }) => { for (const target of targets.data.activeTargets ?? []) target.scrapeInterval = interval; };
}

const every = (seconds: number): ReadonlyMap<string, number> => new Map([...new Set(PROM_RULES.flatMap(({ query }) => namesIn(query)))].map((name) => [name, seconds]));

describe('the Prometheus probe on recorded answers of Prometheus 2.42', () => {
  it('reads what the usual exporters told, in our units, each server by its name, by one question', async (t) => {
    const { url, asked } = await replay(t);
    const probe = await openProbe(t, prometheusProbe, `http://${url}`);
    const before = asked.length;
    const readings = await probe.read(0, AbortSignal.timeout(2000));
    const seen = byMetric(readings);
    // Half of the look-ups were made to miss; the server's limit was 20 MB.
    assert.ok(Math.abs((seen['redis.hit_ratio'] ?? 0) - 50) < 2, String(seen['redis.hit_ratio']));
    assert.ok((seen['redis.memory_used'] ?? 0) > 5 && (seen['redis.memory_used'] ?? 0) < 8);
    assert.deepEqual([seen['postgres.slots'], seen['host.cores']], [97, 2]);
    assert.ok(Math.abs((seen['postgres.connections_used'] ?? 0) - (100 * (seen['postgres.connections'] ?? 0)) / 97) < 0.01);
    assert.ok((seen['host.cpu'] ?? -1) >= 0 && (seen['host.cpu'] ?? 101) <= 100);
    assert.ok((seen['redis.command_time'] ?? 0) > 0 && (seen['redis.command_time'] ?? 9) < 1, 'milliseconds');
    assert.deepEqual(new Set(readings.map(({ instance }) => instance)), new Set(['127.0.0.1:29187', '127.0.0.1:29121', '127.0.0.1:29100']));
    // What was scraped every second and what was scraped every two.
    assert.equal(asked.length - before, 2);
  });

  it('asks no oftener than every four seconds, and not for what is scraped every fifteen in between: a figure repeated is no reading', async (t) => {
    const { url, asked } = await replay(t, scrapedEvery('15s'));
    const probe = prometheusProbe({ address: `http://${url}`, timeoutMs: 2000, metricNames: {} });
    t.after(() => probe.close());
    assert.match(await probe.open(AbortSignal.timeout(2000)), /every 15 s: too coarse to tell what came first/);
    await probe.read(0, AbortSignal.timeout(2000));
    const before = asked.length;
    assert.deepEqual(await probe.read(1, AbortSignal.timeout(2000)), []);
    assert.equal(asked.length, before);
  });

  it('adapts the window to the interval of each job: a rate over one scrape is empty', async (t) => {
    const { url, asked } = await replay(t, scrapedEvery('30s'));
    const probe = await openProbe(t, prometheusProbe, `http://${url}`);
    await probe.read(0, AbortSignal.timeout(2000));
    assert.match(asked.at(-1) ?? '', /rate\(redis_keyspace_hits_total\[120s\]\)/);
    assert.doesNotMatch(asked.at(-1) ?? '', /\[[1-9]?\ds\]/);
    assert.deepEqual([recorded.emptyWindow.data.result.length, recorded.fourScrapes.data.result.length], [0, 1], 'as Prometheus itself answered');
  });

  it('estimates the interval where the server is no Prometheus and has no targets to show', async (t) => {
    const { url } = await replay(t, (answers) => { answers.targets = { status: 'error', data: { result: [] } }; });
    const { queries } = await discover(new PrometheusApi(`http://${url}`), {}, AbortSignal.timeout(2000));
    const of = (metric: string): number | undefined => queries.find((query) => query.metric === metric)?.scrapeSeconds;
    // 24 and 8 readings in two minutes; a job of which nothing is known is taken for one of a minute.
    assert.deepEqual([of('redis.hits'), of('postgres.commits'), of('host.cpu')], [5, 15, 60]);
  });

  it('takes the user’s queries and names, tells one that Prometheus refuses, and one that looks back too short', async (t) => {
    const { url, asked } = await replay(t);
    const names = { 'sum(rate(redis_commands_total[$window]))': 'custom.commands', 'sum(rate(redis_commands_total[1s]))': 'custom.short' };
    const probe = prometheusProbe({ address: `http://${url}`, timeoutMs: 2000, metricNames: names });
    t.after(() => probe.close());
    assert.match(await probe.open(AbortSignal.timeout(2000)), /custom\.short looks back less than four scrapes \(4 s\)/);
    assert.ok(asked.some((query) => query.endsWith(' sum(rate(redis_commands_total[4s]))')));
    await assert.rejects(openProbe(t, prometheusProbe, `http://${url}`, { 'sum(broken': 'custom.x' }), (error: unknown) =>
      error instanceof ScaleplanError && error.code === 'wrong-configuration' && /custom\.x.*unclosed left parenthesis/.test(error.message));
  });

  it('puts ?match= into every selector, so that other systems in the same Prometheus stay out', async (t) => {
    const { url, asked } = await replay(t);
    const probe = await openProbe(t, prometheusProbe, `http://${url}/?match=${encodeURIComponent('env="staging"')}`);
    await probe.read(0, AbortSignal.timeout(2000));
    const unions = asked.filter((query) => query.includes('label_replace')).join(' ');
    const selectors = unions.match(/(?:rate|last_over_time)\([^[]*\[/g) ?? [];
    assert.ok(selectors.length > 40);
    for (const selector of selectors) assert.match(selector, /env="staging"\}\[/);
  });

  it('sends a token or a password as such, and never shows them', async (t) => {
    const { url, secrets } = await replay(t, (answers) => { answers.names = vector([]); });
    const refusal = async (address: string): Promise<string> => {
      const probe = prometheusProbe({ address, timeoutMs: 2000, metricNames: {} });
      return probe.open(AbortSignal.timeout(2000)).then(() => assert.fail('opened'), (error: ScaleplanError) => error.message + (error.hint ?? ''));
    };
    assert.doesNotMatch(await refusal(`http://:token-12345@${url}`), /token-12345/);
    assert.equal(secrets.at(-1), 'Bearer token-12345');
    assert.match(await refusal(`http://me:pass-12345@${url}`), /none of the metrics/);
    assert.equal(secrets.at(-1), `Basic ${Buffer.from('me:pass-12345').toString('base64')}`);
    assert.match(await refusal('http://127.0.0.1:1'), /cannot be reached/);
  });

  it('says when it is something else', async (t) => {
    const server = createServer((_, response) => response.writeHead(200).end('<html>'));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    t.after(() => { server.closeAllConnections(); server.close(); });
    await assert.rejects(openProbe(t, prometheusProbe, `http://127.0.0.1:${(server.address() as AddressInfo).port}`), /not as Prometheus does/);
  });

  it('reads a time that is over as samples a scrape apart', async (t) => {
    const { url } = await replay(t);
    const samples = await readPrometheusRange({ address: `http://${url}`, fromMs: 1_000_000, toMs: 1_030_000, metricNames: {}, signal: AbortSignal.timeout(5000) });
    const hits = samples.filter(({ metric }) => metric === 'redis.hits');
    assert.ok(hits.length >= 30);
    assert.ok(hits.every(({ atMs, probe, value }, index) => probe === 'prometheus' && value > 30 && atMs >= (hits[index - 1]?.atMs ?? 0)));
  });
});

describe('queries for Prometheus', () => {
  it('name only metrics there are, and that say so', () => {
    for (const { metric } of PROM_RULES) {
      assert.ok(metricOf(metric) !== undefined, metric);
      assert.ok(metricOf(metric)?.from.includes('prometheus'), `${metric} does not name prometheus among its sources`);
    }
    const supplied = new Set<string>(PROM_RULES.map(({ metric }) => metric));
    for (const name of ['host.cpu', 'redis.hit_ratio', 'postgres.connections_used', 'qdrant.search_time', 'node.event_loop_lag', 'queue.depth']) assert.ok(supplied.has(name));
  });

  it('take the application’s own pool before a pooler’s, and the next name where the first is not there', () => {
    const query = (scrapes: ReadonlyMap<string, number>): string => chooseRules(PROM_RULES, scrapes, '').find(({ metric }) => metric === 'postgres.pool_waiting')?.query ?? '';
    assert.match(query(every(1)), /db_client_connection_pending_requests/);
    assert.match(query(new Map([['pgbouncer_pools_client_waiting_connections', 1]])), /pgbouncer_pools/);
    assert.equal(query(new Map()), '');
  });

  it('look back four scrapes, and let no last value be older: a bare selector shows one for five minutes', () => {
    assert.equal(writeQuery('rate!a + now!b{x="y"}', 15, 'env="s"'), 'rate(a{env="s"}[60s]) + last_over_time(b{x="y",env="s"}[60s])');
    for (const { query } of chooseRules(PROM_RULES, every(2), '')) assert.ok(!query.includes('!') || query.includes('!='), query);
  });

  it('form rates of a counter and the mean of a histogram from a bare name', () => {
    const rules = rulesOfNames({ fails: 'postgres.connection_errors', acquire_seconds: 'postgres.pool_acquire_time', hit_ratio: 'redis.hit_ratio', nonsense: 'postgres.pool_wating' });
    const of = (metric: string, names: readonly string[]): string | undefined => chooseRules(rules, new Map(names.map((name) => [name, 1])), '').find((one) => one.metric === metric)?.query;
    assert.equal(of('postgres.connection_errors', ['fails_total']), '1 * sum by (instance) (rate(fails_total[4s]))');
    assert.match(of('postgres.pool_acquire_time', ['acquire_seconds_sum', 'acquire_seconds_count']) ?? '', /^1000 \* .*_sum\[4s\].* \/ .*_count\[4s\]/);
    assert.match(of('redis.hit_ratio', ['hit_ratio']) ?? '', /^100 \* /);
  });

  it('know durations', () => {
    assert.deepEqual(['15s', '1m30s', '500ms', '1h', 'x', ''].map(secondsOf), [15, 90, 0.5, 3600, null, null]);
  });

  it('name a container by its pod, a series of one’s own by its labels', () => {
    const named = (labels: Record<string, string>): string | undefined => identityOf({ labels: { scaleplan_metric: 'x', ...labels }, points: [] }).instance;
    assert.equal(named({ instance: 'n:1', namespace: 'shop', pod: 'web-1', container: 'app' }), 'shop/web-1/app');
    assert.equal(named({ instance: 'h:1', job: 'j' }), 'h:1');
    assert.equal(named({ route: '/a', job: 'j' }), 'route=/a');
    assert.equal(named({}), undefined);
  });

  it('part a long range: Prometheus gives 11,000 points and refuses one more', async (t) => {
    assert.equal(recorded.tooManyPoints.status, 'error');
    const parts = partsOf(1000.4, 1000 + 30_000, 1);
    assert.deepEqual(parts.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]), [[1001, 12_000], [12_001, 23_000], [23_001, 31_000]]);
    for (const { fromSeconds, toSeconds, stepSeconds } of partsOf(0, 1e6, 15)) assert.ok((toSeconds - fromSeconds) / stepSeconds + 1 <= 11_000);
    const { url } = await replay(t);
    await assert.rejects(new PrometheusApi(`http://${url}`).queryRange('up', { fromSeconds: 0, toSeconds: 11_000, stepSeconds: 1 }, AbortSignal.timeout(1000)), RangeError);
  });
});
