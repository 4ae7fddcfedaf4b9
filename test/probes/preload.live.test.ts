import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { nodeProbe } from '../../src/probes/node.ts';
import type { Probe } from '../../src/probes/probe.ts';
import { spawnChild } from '../../src/process/child.ts';
import type { Child } from '../../src/process/child.ts';
import { freePort } from '../../src/process/free-port.ts';
import { byMetric, openProbe, readTwice } from './reading.ts';

const PRELOAD = join(import.meta.dirname, '../../src/probes/preload/preload.ts');

describe('the preload, for an application without metrics', () => {
  let dir: string;
  let server: Awaited<ReturnType<typeof startPostgres>>;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    server = await startPostgres({ dir, settings: {} });
  });
  after(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  for (const file of ['app.mjs', 'app.cjs']) {
    it(`sees what waits for a connection in an application that loads pg as ${file.slice(4)} does`, async (t) => {
      const { url, probe } = await startApp(t, file, server.url);
      const asked = Promise.all(Array.from({ length: 6 }, () => get(`${url}/query`)));
      await sleep(350);
      const waiting = byMetric(await probe.read(0, AbortSignal.timeout(2000)));
      assert.deepEqual([waiting['postgres.pool_used'], waiting['postgres.pool_max'], waiting['postgres.pool_waiting']], [2, 2, 4]);
      await asked;
      await get(`${url}/checkout`);
      const seen = byMetric(await probe.read(1, AbortSignal.timeout(2000)));
      // Two waited not at all, two for the first two, two for these.
      assert.ok((seen['postgres.pool_acquire_time'] ?? 0) > 250, String(seen['postgres.pool_acquire_time']));
      assert.ok((seen['postgres.query_time'] ?? 0) > 350 && (seen['postgres.query_time'] ?? 0) < 900, String(seen['postgres.query_time']));
      assert.ok((seen['node.requests'] ?? 0) > 0 && (seen['node.request_time'] ?? 0) > 400);
    });

    it(`tells synchronous input and output from computing, in ${file}`, async (t) => {
      const { url, probe } = await startApp(t, file, server.url);
      const sync = await readTwice(probe, () => get(`${url}/sync`));
      assert.ok((sync['node.sync_io_time'] ?? 0) > 20, String(sync['node.sync_io_time']));
      assert.ok((sync['node.sync_io_calls'] ?? 0) > 5);
      const computing = await readTwice(probe, () => get(`${url}/block`));
      assert.ok((computing['node.sync_io_time'] ?? 99) < 2, String(computing['node.sync_io_time']));
      assert.ok((computing['node.event_loop_utilization'] ?? 0) > 60, String(computing['node.event_loop_utilization']));
      const read = await readTwice(probe, () => get(`${url}/read`));
      assert.ok((read['files.read_time'] ?? 0) > 0 && (read['files.read_time'] ?? 0) < 200, String(read['files.read_time']));
    });
  }

  it('answers while the main thread is blocked, and tells the delay that has not ended yet', async (t) => {
    const { url, probe } = await startApp(t, 'app.mjs', server.url);
    await probe.read(0, AbortSignal.timeout(2000));
    let isBlocked = true;
    const blocking = get(`${url}/block`).finally(() => { isBlocked = false; });
    await sleep(700);
    const seen = byMetric(await probe.read(0.7, AbortSignal.timeout(2000)));
    assert.ok(isBlocked, 'answered before the main thread was free again');
    assert.ok((seen['node.event_loop_lag_max'] ?? 0) > 250, String(seen['node.event_loop_lag_max']));
    assert.ok((seen['node.event_loop_utilization'] ?? 0) > 40, String(seen['node.event_loop_utilization']));
    await blocking;
    const rest = byMetric(await probe.read(1, AbortSignal.timeout(2000)));
    assert.ok((rest['node.event_loop_lag_max'] ?? 0) > 1000, 'the whole of it once it has ended');
  });

  it('sees an idle loop as idle, whoever else reads the page', async (t) => {
    const { probe, page } = await startApp(t, 'app.cjs', server.url);
    const idle: number[] = [];
    for (let index = 0; index < 6; index += 1) idle.push((await readTwice(probe, async () => { await get(page); await sleep(200); }))['node.event_loop_lag'] ?? 99);
    assert.ok(Math.min(...idle) < 8, String(idle));
  });

  it('keeps no program alive that has nothing left to do, and leaves what hangs on the functions', async () => {
    const script = 'const fs = require("node:fs"); console.log(typeof fs.realpathSync.native, fs.readFileSync.name, fs.existsSync("/"))';
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', PRELOAD, '-e', script], { timeout: 10_000 });
    assert.equal(stdout, 'function readFileSync true\n');
    assert.doesNotMatch(stderr, /rror/);
  });

  it('takes another port where the one asked for is taken, as in a cluster', async (t) => {
    const { port } = await startApp(t, 'app.cjs', server.url);
    const other = await startApp(t, 'app.cjs', server.url, port);
    assert.notEqual(other.port, port);
    const wanted = await freePort();
    assert.equal((await startApp(t, 'app.cjs', server.url, wanted)).port, wanted);
  });
});

interface App { readonly url: string; readonly page: string; readonly port: number; readonly probe: Probe }

async function startApp(t: TestContext, file: string, databaseUrl: string, pagePort?: number): Promise<App> {
  const port = await freePort();
  const child = spawnChild(process.execPath, ['--import', PRELOAD, join(import.meta.dirname, 'preload', file), String(port)], {
    env: { DATABASE_URL: databaseUrl, SCALEPLAN_PRELOAD_PORT: pagePort === undefined ? undefined : String(pagePort) }, readLines: false,
  });
  t.after(() => child.stop(2000));
  const url = `http://127.0.0.1:${port}`;
  const page = await printedPage(child);
  await until(() => get(url).then(() => true, () => false));
  assert.equal(child.stderrTail().match(/metrics of this process/g)?.length, 1, child.stderrTail());
  return { url, page, port: Number(new URL(page).port), probe: await openProbe(t, nodeProbe, page) };
}

async function printedPage(child: Child): Promise<string> {
  const printed = (): string | undefined => /metrics of this process at (http:\S+)/.exec(child.stderrTail())?.[1];
  await until(async () => printed() !== undefined);
  return printed() ?? '';
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isSo()) return;
    await sleep(25);
  }
  assert.fail('not within ten seconds');
}

async function get(url: string): Promise<string> {
  return (await fetch(url)).text();
}
