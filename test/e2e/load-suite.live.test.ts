import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { startBehavingServer } from '../engines/behaving-server.ts';
import { FIXTURES, run, workFolder } from './program.ts';

const PLAN = join(FIXTURES, 'plan.yaml');
const load = (url: string, plan: string, ...more: string[]): string[] => ['test', '--phase', '1', '--plan', plan, '--suite', 'load', '--profile', 'as-written', '--target', url, ...more];

describe('the load suite, by artillery', () => {
  it('passes a good target: every sent request is in the report, second by second', async () => {
    using folder = workFolder();
    await using server = await startBehavingServer({ delayMs: 5 });
    const ended = await run(load(server.url, PLAN), folder.path);
    assert.equal(ended.code, 0, ended.err + ended.out);
    const [step] = folder.runJson()['steps'];
    assert.equal(step.engine, 'artillery');
    const seen = (await server.record()).length;
    const rows = readFileSync(join(folder.runs()[0] ?? '', 'intervals.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { sent: number; rows: { requests: number }[] });
    assert.equal(rows.reduce((sum, row) => sum + row.sent, 0), seen);
    assert.equal(rows.flatMap((row) => row.rows).reduce((sum, row) => sum + row.requests, 0), seen);
    assert.ok(seen >= 295 && seen <= 305, `${seen} requests for 15 s at 20/s`);
  });

  it('fails a capture that finds nothing, under its own name', async () => {
    using folder = workFolder();
    copyFileSync(PLAN, join(folder.path, 'plan.yaml'));
    const shop = readFileSync(join(FIXTURES, 'shop.yml'), 'utf8');
    writeFileSync(join(folder.path, 'shop.yml'), `${shop}          capture: { json: $.nothing, as: id }\n      - get: { name: item, url: "/items/{{ id }}" }\n`);
    await using server = await startBehavingServer({ delayMs: 5 });
    const ended = await run(load(server.url, 'plan.yaml'), folder.path);
    assert.equal(ended.code, 1, ended.err + ended.out);
    const [step] = folder.runJson()['steps'];
    assert.equal(step.journeys.visit.steps['front-page'].errors.capture, step.requests);
  });

  it('never passes what a refused probe could not measure: PostgreSQL without pg_monitor', async () => {
    using folder = workFolder();
    const data = await makeTempFolder('e2e-postgres');
    const postgres = await startPostgres({ dir: data.path, settings: {} });
    try {
      const client = new pg.Client(postgres.url);
      await client.connect();
      await client.query("create role watcher login password 'hush-4711'");
      await client.end();
      const address = new URL(postgres.url);
      address.username = 'watcher';
      address.password = 'hush-4711';
      writeFileSync(join(folder.path, 'plan.yaml'), `${readFileSync(PLAN, 'utf8')}  - { condition: "postgres.connections_used < 90 %", assumes: [own] }\n`);
      copyFileSync(join(FIXTURES, 'shop.yml'), join(folder.path, 'shop.yml'));
      await using server = await startBehavingServer({ delayMs: 5 });
      const ended = await run(load(server.url, 'plan.yaml', '--probe', `postgres=${address.href}`), folder.path);
      assert.equal(ended.code, 4, ended.err + ended.out);
      assert.match(ended.err, /Probe postgres refused: .*GRANT pg_monitor TO/is);
      const json = folder.runJson();
      assert.deepEqual(json['probes'].map((probe: { status: string }) => probe.status), ['refused']);
      assert.equal(json['verdicts'].find((one: { condition: { metric: string } }) => one.condition.metric === 'postgres.connections_used').status, 'not-measured');
      const written = ['run.json', 'report.html', 'summary.csv'].map((name) => readFileSync(join(folder.runs()[0] ?? '', name), 'utf8')).join('');
      assert.doesNotMatch(ended.err + ended.out + written, /hush-4711/, 'no secret is written anywhere');
    } finally {
      await postgres.stop();
      await data.dispose();
    }
  });

  it('ends with 3 when the disk fills up under the run', async (t) => {
    using folder = workFolder();
    const disk = join(folder.path, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', disk], { stdio: 'ignore' }).status !== 0) return t.skip('a small disk can only be mounted as root');
    try {
      await using server = await startBehavingServer({ delayMs: 5 });
      const ended = await run(load(server.url, PLAN, '--output', join(disk, 'reports')), folder.path);
      assert.equal(ended.code, 3, ended.err + ended.out);
      assert.match(ended.err, /Cannot write the run to .*no space left/i);
      assert.doesNotMatch(ended.err, /\n\s+at /);
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});
