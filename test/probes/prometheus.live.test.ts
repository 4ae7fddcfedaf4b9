import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from '../../src/demo/servers/server.ts';
import { PrometheusApi } from '../../src/probes/prometheus-api.ts';
import { readPrometheusRange } from '../../src/probes/prometheus-range.ts';
import { prometheusProbe } from '../../src/probes/prometheus.ts';
import { byMetric, openProbe } from './reading.ts';

const command = [...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'prometheus')),
  join(import.meta.dirname, '../../.cache/debian/prometheus/usr/bin/prometheus')].find((file) => existsSync(file));

/** A page whose counter grows by 40 hits and 10 misses a second, by the clock. */
function page(startedMs: number): string {
  const seconds = (Date.now() - startedMs) / 1000;
  return `# TYPE redis_keyspace_hits_total counter
redis_keyspace_hits_total ${Math.round(40 * seconds)}
# TYPE redis_keyspace_misses_total counter
redis_keyspace_misses_total ${Math.round(10 * seconds)}
# TYPE redis_memory_used_bytes gauge
redis_memory_used_bytes 5e6
# TYPE redis_memory_max_bytes gauge
redis_memory_max_bytes 1e7
`;
}

describe('the Prometheus probe on a real Prometheus', { skip: command === undefined ? 'no prometheus on the PATH' : false }, () => {
  it('discovers the interval, forms rates, shows no value of a server that fell silent, and gives back what was', async (t) => {
    const dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    const startedMs = Date.now();
    const exporter = createServer((_, response) => response.end(page(startedMs)));
    await new Promise<void>((resolve) => { exporter.listen(0, '127.0.0.1', resolve); });
    const target = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
    await writeFile(join(dir, 'p.yml'), `global: {scrape_interval: 1s}\nscrape_configs: [{job_name: cache, static_configs: [{targets: ['${target}']}]}]\n`);
    const { port, stop } = await launch({
      name: 'prometheus', command: command ?? '', stopSignal: 'SIGTERM', logFile: join(dir, 'log'),
      args: (at) => [`--config.file=${join(dir, 'p.yml')}`, `--storage.tsdb.path=${join(dir, 'tsdb')}`, `--web.listen-address=127.0.0.1:${at}`],
      isReady: (at) => fetch(`http://127.0.0.1:${at}/-/ready`).then(({ ok }) => ok, () => false),
    });
    t.after(async () => {
      exporter.closeAllConnections();
      exporter.close();
      await stop();
      await rm(dir, { recursive: true, force: true });
    });
    const address = `http://127.0.0.1:${port}`;
    await waitForScrapes(address);
    const fromMs = Date.now() - 3000;
    const probe = await openProbe(t, prometheusProbe, address, { 'rate(redis_keyspace_hits_total[1s])': 'custom.empty' });
    const seen = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
    assert.ok(Math.abs((seen['redis.hits'] ?? 0) - 40) < 8, String(seen['redis.hits']));
    assert.ok(Math.abs((seen['redis.hit_ratio'] ?? 0) - 80) < 3);
    assert.equal(seen['redis.memory_used'], 50);
    assert.equal(seen['custom.empty'], undefined, 'a rate over one scrape is empty');

    exporter.closeAllConnections();
    exporter.close();
    await sleep(6000);
    const silent = byMetric(await probe.read(6, AbortSignal.timeout(2000)));
    assert.deepEqual([silent['redis.hits'], silent['redis.memory_used']], [undefined, undefined]);
    const samples = await readPrometheusRange({ address, fromMs, toMs: Date.now(), metricNames: {}, signal: AbortSignal.timeout(5000) });
    const hits = samples.filter(({ metric }) => metric === 'redis.hits');
    assert.ok(hits.length >= 3 && hits.length < 11, `${hits.length} readings: those of the time before it fell silent`);
    assert.ok(hits.some(({ value }) => Math.abs(value - 40) < 8));
  });
});

/** Prometheus begins to scrape some five seconds after it is ready. */
async function waitForScrapes(address: string): Promise<void> {
  const api = new PrometheusApi(address);
  for (let tries = 0; tries < 60; tries += 1) {
    const { series } = await api.query('count_over_time(redis_keyspace_hits_total[5s])', AbortSignal.timeout(2000));
    if ((series[0]?.points[0]?.[1] ?? 0) >= 5) return;
    await sleep(250);
  }
  assert.fail('Prometheus scraped nothing in 15 s');
}
