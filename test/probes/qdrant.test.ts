import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { ScaleplanError } from '../../src/errors.ts';
import { qdrantProbe } from '../../src/probes/qdrant.ts';
import { byMetric, openProbe } from './reading.ts';

const KEY = 'read-only-key';

/** Shows recorded pages one after the other, to those who have the key, as Qdrant does. */
async function replay(t: TestContext, pages: readonly string[]): Promise<string> {
  const rest = [pages[0] ?? '', ...pages];
  const server = createServer((request, response) => {
    const isAllowed = request.headers['api-key'] === KEY;
    const isMetrics = request.url?.startsWith('/metrics?') === true && !request.url.includes(KEY);
    response.writeHead(!isAllowed ? 401 : isMetrics ? 200 : 404, { 'content-type': 'text/plain' });
    response.end(isAllowed && isMetrics ? rest.shift() : 'Must provide an API key or an Authorization bearer token');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function page(name: string): string {
  return readFileSync(new URL(`data/qdrant-${name}.txt`, import.meta.url), 'utf8');
}

async function between(t: TestContext, first: string, second: string): Promise<Partial<Record<string, number>>> {
  const probe = await openProbe(t, qdrantProbe, `http://:${KEY}@${await replay(t, [first, second])}`);
  await probe.read(0, AbortSignal.timeout(2000));
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  return byMetric(await probe.read(0.1, AbortSignal.timeout(2000)));
}

describe('the Qdrant probe on recorded answers of Qdrant 1.19', () => {
  it('sees a healthy interval as the client did', async (t) => {
    const seen = await between(t, page('1-before-healthy'), page('3-after-healthy'));
    assert.ok((seen['qdrant.search_time'] ?? 99) <= 10 && (seen['qdrant.search_time'] ?? 0) > 4, String(seen['qdrant.search_time']));
    assert.equal(seen['qdrant.errors'], 0);
    assert.equal(seen['qdrant.vectors'], 60_000);
    assert.ok((seen['qdrant.memory'] ?? 0) > 1e7);
  });

  it('sees a slow interval behind a healthy life, as a range where one bucket is wide', async (t) => {
    const seen = await between(t, page('4-before-slow'), page('6-after-slow'));
    assert.deepEqual([seen['qdrant.search_time_low'], seen['qdrant.search_time_high']], [100, 500]);
    assert.ok((seen['qdrant.search_mean'] ?? 0) > 120 && (seen['qdrant.search_mean'] ?? 0) < 180, String(seen['qdrant.search_mean']));
  });

  it('counts the query endpoint too, which appeared in between', async (t) => {
    const seen = await between(t, page('6-after-slow'), page('7-after-query'));
    assert.ok((seen['qdrant.search_time'] ?? 99) < 10);
  });

  it('counts errors, which Qdrant does not time', async (t) => {
    const seen = await between(t, page('7-after-query'), page('9-after-errors'));
    assert.ok((seen['qdrant.errors'] ?? 0) > 0);
    assert.equal(seen['qdrant.searches'], 0);
    assert.equal(seen['qdrant.search_time'], undefined, 'without a search there is no search time');
  });

  it('reads the label {name} that Qdrant wrote before 1.17.1, gRPC and quotas', async (t) => {
    const old = (text: string): string => text.replaceAll('{collection_name}', '{name}');
    const renamed = await between(t, old(page('1-before-healthy')), old(page('3-after-healthy')));
    assert.ok((renamed['qdrant.search_time'] ?? 0) > 4);
    const all = page('composed-all-families');
    const more = all.replace(/(grpc_responses_duration_seconds_(?:count|bucket)\{[^}]*le="\+Inf"\}|grpc_responses_duration_seconds_count\{[^}]*\}) 40/g, '$1 50');
    const grpc = await between(t, all, more);
    assert.ok((grpc['qdrant.searches'] ?? 0) > 0);
    assert.equal(grpc['qdrant.quota_exceeded'], 0);
  });

  it('sees want of memory as major page faults, a quota, and answers 507 of any endpoint: resident memory leaves mapped files out', async (t) => {
    const before = page('composed-all-families');
    const refused = 'rest_responses_total{method="PUT",endpoint="/collections/{collection_name}/points",status="507"} 8\n# HELP rest_responses_avg_duration_seconds';
    const after = before.replace('process_major_page_faults_total 57', 'process_major_page_faults_total 257')
      .replace('quota_exceeded{resource="memory"} 0', 'quota_exceeded{resource="memory"} 1').replace('# HELP rest_responses_avg_duration_seconds', refused);
    const seen = await between(t, before, after);
    assert.ok((seen['qdrant.major_faults'] ?? 0) > 100);
    assert.equal(seen['qdrant.quota_exceeded'], 1);
    assert.ok((seen['qdrant.storage_errors'] ?? 0) > 0);
    assert.equal(seen['qdrant.errors'], 0, 'no search was refused');
    assert.equal(seen['qdrant.update_queue'], 3);
  });

  it('adds up searches by REST and by gRPC', async (t) => {
    const before = page('composed-all-families');
    const after = before.replaceAll(/^(grpc_responses_duration_seconds_\w+\{.*\}) (\S+)$/gm, (_, name: string, value: string) => `${name} ${Number(value) * 2}`)
      .replaceAll(/^(rest_responses_duration_seconds_\w+\{.*\}) (\S+)$/gm, (_, name: string, value: string) => `${name} ${Number(value) * 1.01}`);
    const seen = await between(t, before, after);
    // 40 by gRPC, 50 by REST, whose times were ten times as long in the mean.
    const mean = (1000 * (0.381 + 1.12480311)) / (40 + 50);
    assert.ok(Math.abs((seen['qdrant.search_mean'] ?? 0) - mean) < 0.5, `${seen['qdrant.search_mean']} against ${mean}`);
  });

  it('says so when the server has no histograms (before 1.8), and reads the rest', async (t) => {
    const without = page('3-after-healthy').split('\n').filter((line) => !line.includes('_responses_duration_seconds')).join('\n');
    const probe = qdrantProbe({ address: `http://:${KEY}@${await replay(t, [without, without])}`, timeoutMs: 2000, metricNames: {} });
    t.after(() => probe.close());
    assert.match(await probe.open(AbortSignal.timeout(2000)), /without histograms/);
    const seen = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
    assert.ok((seen['qdrant.memory'] ?? 0) > 0);
  });

  it('gives no rate after a restart', async (t) => {
    const seen = await between(t, page('9-after-errors'), page('0-idle'));
    assert.equal(seen['qdrant.search_time'], undefined);
  });

  it('refuses without a key, and takes one as ?api-key= too', async (t) => {
    const place = await replay(t, [page('0-idle')]);
    await assert.rejects(openProbe(t, qdrantProbe, `http://${place}`), (error: unknown) =>
      error instanceof ScaleplanError && /401/.test(error.message) && /read-only key/.test(error.hint ?? ''));
    await openProbe(t, qdrantProbe, `http://${place}/?api-key=${KEY}`);
  });
});
