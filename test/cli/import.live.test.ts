import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from '../../src/demo/servers/server.ts';
import { PrometheusApi } from '../../src/probes/prometheus-api.ts';
import { freePort } from '../../src/process/free-port.ts';
import { run, workFolder } from '../e2e/program.ts';

const DATA = join(import.meta.dirname, '../import/data');

describe('scaleplan import', () => {
  it('makes a run that is judged, reported and judged again like any other, and says what the file cannot know', async () => {
    using folder = workFolder();
    const args = ['--plan', 'stolen-tee', '--phase', '1', '--rate', '10'];
    const { code, out, err } = await run(['import', 'jmeter', join(DATA, 'jmeter.jtl'), ...args], folder.path);
    assert.equal(code, 1, err);
    assert.match(out, /FAIL/);
    const saved = folder.runJson();
    assert.deepEqual([saved['steps'][0].engine, saved['steps'][0].requests, saved['exitCode']], ['jmeter', 159, 1]);
    assert.match(saved['assumptions'].join('\n'), /imported from .*jmeter\.jtl.*\n.*held against 10\/s as was said\n.*whole milliseconds/);
    const [path = ''] = folder.runs();
    for (const file of ['report.html', 'summary.csv', 'timeseries.csv', 'junit.xml', 'intervals.ndjson']) assert.ok(existsSync(join(path, file)), file);
    const again = await run(['report', path, '--json'], folder.path);
    assert.equal(again.code, 1, again.err);
    assert.deepEqual(JSON.parse(again.out).verdicts, saved['verdicts']);
  });

  it('does not pass a load below that of the phase, unless it is said what it stands for', async () => {
    using folder = workFolder();
    writeFileSync(join(folder.path, 'light.json'), lines(Date.parse('2026-01-31T12:00:00Z'), 40, 20));
    writeFileSync(join(folder.path, 'plan.yaml'), 'id: own\ntitle: Own\nload: { requestsPerUserPerMinute: 1 }\nslo: [http.p95 < 500 ms]\nphases: [{ id: 1, name: One, users: 0-6000 }]\n');
    const given = ['import', 'vegeta', 'light.json', '--plan', './plan.yaml', '--phase', '1', '--json'];
    const phase = await run(given, folder.path);
    assert.equal(phase.code, 1, phase.err);
    assert.deepEqual(statuses(phase.out), { 'http.p95': 'pass', 'http.throughput': 'fail' });
    const said = await run([...given, '--rate', '20'], folder.path);
    assert.equal(said.code, 0, said.err + said.out.slice(0, 300));
  });

  it('refuses probes that cannot look back, and files that are none, with 2', async () => {
    using folder = workFolder();
    const probe = await run(['import', 'vegeta', join(DATA, 'vegeta.json.gz'), '--phase', '2', '--probe', 'redis=redis://127.0.0.1:6379'], folder.path);
    assert.equal(probe.code, 2);
    assert.match(probe.err, /only a Prometheus can tell/);
    const file = await run(['import', 'k6', join(DATA, 'artillery.json'), '--phase', '2'], folder.path);
    assert.equal(file.code, 2);
    assert.match(file.err, /k6 run --out json=FILE/);
    assert.deepEqual(folder.runs(), []);
  });
});

const prometheus = [...(process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, 'prometheus')),
  join(import.meta.dirname, '../../.cache/debian/prometheus/usr/bin/prometheus')].find((file) => existsSync(file));

describe('evidence of a time that is over', { skip: prometheus === undefined ? 'no prometheus on the PATH' : false }, () => {
  it('is read from a real Prometheus and judged beside the imported load', async () => {
    using folder = workFolder();
    const dir = mkdtempSync(join(tmpdir(), 'scaleplan-import-'));
    const startedMs = Date.now();
    const exporter = createServer((_, response) => {
      const seconds = (Date.now() - startedMs) / 1000;
      response.end(`# TYPE redis_keyspace_hits_total counter\nredis_keyspace_hits_total ${Math.round(400 * seconds)}\n# TYPE redis_keyspace_misses_total counter\nredis_keyspace_misses_total ${Math.round(600 * seconds)}\n`);
    });
    const exporterPort = await freePort();
    await new Promise<void>((resolve) => void exporter.listen(exporterPort, '127.0.0.1', () => resolve()));
    writeFileSync(join(dir, 'p.yml'), `global: {scrape_interval: 1s}\nscrape_configs: [{job_name: cache, static_configs: [{targets: ['127.0.0.1:${exporterPort}']}]}]\n`);
    const { port, stop } = await launch({
      name: 'prometheus', command: prometheus ?? '', stopSignal: 'SIGTERM', logFile: join(dir, 'log'),
      args: (at) => [`--config.file=${join(dir, 'p.yml')}`, `--storage.tsdb.path=${join(dir, 'tsdb')}`, `--web.listen-address=127.0.0.1:${at}`],
      isReady: (at) => fetch(`http://127.0.0.1:${at}/-/ready`).then(({ ok }) => ok, () => false),
    });
    try {
      const api = new PrometheusApi(`http://127.0.0.1:${port}`);
      for (let tries = 0; tries < 160; tries += 1) {
        const { series } = await api.query('count_over_time(redis_keyspace_hits_total[40s])', AbortSignal.timeout(2000));
        if ((series[0]?.points[0]?.[1] ?? 0) >= 15) break;
        await sleep(250); // A share needs ten readings, and a rate four scrapes before its first.
      }
      writeFileSync(join(folder.path, 'now.json'), lines(Date.now() - 12_000, 12, 20));
      writeFileSync(join(folder.path, 'plan.yaml'), 'id: own\ntitle: Own\nload: { requestsPerUserPerMinute: 1 }\nslo: [redis.hit_ratio > 80 %]\nphases: [{ id: 1, name: One, users: 0-1000 }]\n');
      const { out, err } = await run(['import', 'vegeta', 'now.json', '--plan', './plan.yaml', '--phase', '1', '--rate', '20', '--json', '--probe', `prometheus=http://127.0.0.1:${port}`], folder.path);
      const report = JSON.parse(out) as Record<string, any>;
      assert.equal(report['probes'][0]?.status, 'ok', err + JSON.stringify(report['probes']));
      const ratio = report['verdicts'].find((one: any) => one.condition.metric === 'redis.hit_ratio');
      assert.ok(Math.abs(ratio.observed - 40) < 3, JSON.stringify(ratio));
      assert.notEqual(ratio.status, 'pass');
    } finally {
      exporter.closeAllConnections();
      exporter.close();
      await stop();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

/** So many seconds of a vegeta attack, every answer within 20–40 ms. */
function lines(fromMs: number, seconds: number, perSec: number): string {
  return Array.from({ length: seconds * perSec + 1 }, (_, index) => JSON.stringify({
    attack: 'browse', seq: index, code: 200, timestamp: new Date(fromMs + (index * 1000) / perSec).toISOString(), latency: (20 + (index * 7) % 20) * 1e6,
    bytes_out: 0, bytes_in: 10, error: '', method: 'GET', url: 'http://127.0.0.1/items',
  })).join('\n');
}

function statuses(out: string): Record<string, string> {
  const { verdicts } = JSON.parse(out) as { verdicts: { status: string; condition: { metric: string; kind: string } }[] };
  return Object.fromEntries(verdicts.filter(({ condition }) => condition.kind === 'threshold').map(({ status, condition }) => [condition.metric, status]));
}
