import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Architecture } from '../../../src/model/plan.ts';
import { measureFailover } from '../../../src/run/failover.ts';
import { startRunning } from '../running.ts';
import type { Running } from '../running.ts';

const NONE: Architecture = { layers: [], instances: null, workers: {}, replicas: null, regions: null, poolPerInstance: null, maxConnections: null, source: null };
const HANNA = '&kind=bots&id=hanna';

describe('entitlements in memory and files', { timeout: 60_000 }, () => {
  let app: Running;
  before(async () => {
    app = await startRunning({ application: 'walls', bottleneck: null, architecture: { ...NONE, layers: ['memory', 'files'], instances: { min: 2, max: 2 } } });
  });
  after(() => app?.stop());

  test('a user is found in a file, then in memory, and the reads are timed and counted', async () => {
    assert.deepEqual((await app.ask(`/api/access?userId=7${HANNA}`)).body, { userId: 7, allowed: false, source: 'files' });
    assert.deepEqual((await app.ask('/api/access?userId=7&kind=bots&id=iris')).body, { userId: 7, allowed: true, source: 'memory' });
    const metrics = await (await fetch(`${app.demo.url}/metrics`)).text();
    assert.match(metrics, /^file_read_duration_seconds_count 1$/m);
    assert.match(metrics, /^files_count 20000$/m);
    assert.match(metrics, /^cache_requests_total\{result="hit"\} 1$/m);
  });

  test('what is bought is known to the next check, and is in the file', async () => {
    assert.equal((await app.ask(`/api/access?userId=8${HANNA}`)).body['allowed'], false);
    const buy = { userId: '8', kind: 'bots', id: 'hanna' };
    for (let times = 0; times < 2; times++) assert.deepEqual(await app.ask('/api/entitlements', buy), { status: 200, body: { userId: 8, granted: true } });
    assert.deepEqual((await app.ask(`/api/access?userId=8${HANNA}`)).body, { userId: 8, allowed: true, source: 'files' });
    const { plan, entitlements } = (await app.ask('/api/entitlements?userId=8')).body as { plan: string; entitlements: { id: string }[] };
    assert.equal(plan, 'pro');
    assert.equal(entitlements.filter(({ id }) => id === 'hanna').length, 1);
  });

  test('purchases of one user at the same time are all kept', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `pack-${index}`);
    const answers = await Promise.all(ids.map((id) => app.ask('/api/entitlements', { userId: 9, kind: 'packs', id })));
    assert.ok(answers.every(({ status }) => status === 200));
    const { entitlements } = (await app.ask('/api/entitlements?userId=9')).body as { entitlements: { id: string }[] };
    assert.deepEqual(entitlements.map(({ id }) => id).filter((id) => id.startsWith('pack-')).toSorted(), ids.toSorted());
  });

  test('nonsense is refused: 400 for a bad number or name, 404 for an unknown user', async () => {
    for (const path of ['/api/access?userId=x&kind=bots&id=hanna', '/api/access?userId=1&kind=bots', '/api/access?userId=1&kind=../etc&id=x']) assert.equal((await app.ask(path)).status, 400, path);
    assert.equal((await app.ask('/api/entitlements', { userId: 1, kind: 'bots' })).status, 400);
    assert.equal((await app.ask(`/api/access?userId=20001${HANNA}`)).status, 404);
    assert.equal((await app.ask('/api/entitlements', { userId: 20001, kind: 'bots', id: 'hanna' })).status, 404);
  });

  test('without a database there is one instance, for files that several write to would lose purchases, and that is said', () => {
    assert.deepEqual(Object.keys(app.demo.pids), ['app']);
    assert.match(app.demo.adjustments.join(), /2 instances: one was started/);
    assert.equal(app.demo.failover, undefined);
  });
});

describe('two instances on Redis, PostgreSQL and files', { timeout: 60_000 }, () => {
  let app: Running;
  before(async () => {
    app = await startRunning({ application: 'walls', bottleneck: null, architecture: { ...NONE, layers: ['redis', 'postgres', 'files'], instances: { min: 3, max: null }, regions: { min: 3, max: null } } });
  });
  after(() => app?.stop());

  const access = async (userId: number): Promise<unknown> => (await app.ask(`/api/access?userId=${userId}${HANNA}`)).body;
  const source = async (userId: number): Promise<unknown> => ((await access(userId)) as { source: unknown }).source;

  test('what the machine cannot give is said, and every server and instance has its probe', () => {
    assert.match(app.demo.adjustments.join('\n'), /^2 instances stand for 3[^]*^3 regions: this machine is one/m);
    assert.deepEqual(app.demo.probes.map(({ kind }) => kind), ['postgres', 'redis', 'node', 'node', 'host']);
    assert.deepEqual(Object.keys(app.demo.pids), ['app-1', 'app-2', 'balancer', 'postgres', 'cache']);
  });

  test('both instances answer, from the database first and from the Redis they share afterwards', async () => {
    assert.deepEqual([await source(11), await source(11), await source(11)], ['postgres', 'redis', 'redis']);
    for (const { address } of app.demo.probes.filter(({ kind }) => kind === 'node')) {
      assert.match(await (await fetch(address)).text(), /^http_request_duration_seconds_count\{route="\/api\/access",status="200"\} [1-9]/m);
    }
  });

  test('a purchase at one instance is known to the other at once, and is in the file of older days', async () => {
    for (let userId = 20; userId < 24; userId++) {
      await source(userId);
      await app.ask('/api/entitlements', { userId, kind: 'bots', id: 'hanna' });
      assert.deepEqual(await access(userId), { userId, allowed: true, source: 'postgres' });
      assert.deepEqual(await access(userId), { userId, allowed: true, source: 'redis' });
    }
  });

  test('when Redis dies, the database answers; when that dies too, the files do; purchases wait for the database', async () => {
    await app.ask('/api/entitlements', { userId: 30, kind: 'bots', id: 'hanna' });
    await end(app, 'cache');
    assert.deepEqual([await source(12), await source(12)], ['postgres', 'postgres']);
    await end(app, 'postgres');
    assert.deepEqual([await source(12), await source(13)], ['files', 'files']);
    assert.deepEqual(await access(30), { userId: 30, allowed: true, source: 'files' });
    assert.equal((await app.ask('/api/entitlements', { userId: 12, kind: 'bots', id: 'hanna' })).status, 503);
    assert.deepEqual(await access(12), { userId: 12, allowed: false, source: 'files' });
  });

  test('when an instance dies, the other goes on answering', async () => {
    const { failover, url, pids } = app.demo;
    assert.ok(failover);
    const { ms, failed } = await measureFailover(url, failover, AbortSignal.timeout(30_000));
    assert.throws(() => process.kill(pids['app-1'] ?? 0, 0), { code: 'ESRCH' });
    assert.ok(ms !== null && ms < 5000 && failed < 20, `${ms} ms, ${failed}`);
  });
});

describe('the bottleneck of slow files', { timeout: 60_000 }, () => {
  let app: Running;
  before(async () => {
    app = await startRunning({ application: 'walls', bottleneck: 'file-reads', architecture: { ...NONE, layers: ['redis', 'files'] } });
  });
  after(() => app?.stop());

  test('every check waits for its file, one after the other, and the file is really read', async () => {
    const startedAtMs = performance.now();
    const answers = await Promise.all([1, 1, 2].map((userId) => app.ask(`/api/access?userId=${userId}${HANNA}`)));
    assert.deepEqual(answers.map(({ body }) => body['source']), ['files', 'files', 'files']);
    const tookMs = performance.now() - startedAtMs;
    assert.ok(tookMs > 1300 && tookMs < 4000, `${tookMs} ms`);
    const metrics = await (await fetch(`${app.demo.url}/metrics`)).text();
    const [, seconds] = /^file_read_duration_seconds_sum ([\d.]+)$/m.exec(metrics) ?? [];
    assert.ok(Number(seconds) > 2.6, `${seconds} s of waiting for three files`);
  });
});

/** Ends a server for real, and waits until it is gone. */
async function end({ demo }: Running, name: string): Promise<void> {
  const pid = demo.pids[name] ?? assert.fail(name);
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 200; i++, await sleep(25)) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
  }
  assert.fail(`${name} did not end`);
}
