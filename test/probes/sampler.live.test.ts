import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startRedis } from '../../src/demo/servers/redis.ts';
import type { ProbeStatus, Sample } from '../../src/model/sample.ts';
import { startSampler } from '../../src/probes/sampler.ts';

/** A server that takes connections and never says a word. */
async function silentServer(t: TestContext): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => { sockets.add(socket.on('error', () => {})); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('the sampler', () => {
  it('reads on whole seconds, opens at once, and turns what cannot be opened into a status within about 3 s', async (t) => {
    const port = await silentServer(t);
    const samples: Sample[] = [];
    const told: ProbeStatus[] = [];
    const startedMs = performance.now();
    const sampler = await startSampler({
      probes: [
        { kind: 'host', address: 'local' },
        { kind: 'process', address: String(process.pid) },
        { kind: 'redis', address: `redis://:silent-secret@127.0.0.1:${port}` },
        { kind: 'postgres', address: `postgres://u:silent-secret@127.0.0.1:${port}/db` },
        { kind: 'qdrant', address: `http://:silent-secret@127.0.0.1:${port}` },
        { kind: 'node', address: 'http://u:silent-secret@127.0.0.1:1/metrics' },
        { kind: 'pgbouncer', address: `postgres://stats:silent-secret@127.0.0.1:${port}` },
        { kind: 'prometheus', address: `http://:silent-secret@127.0.0.1:${port}/?match=${encodeURIComponent('env="x"')}` },
        { kind: 'bullmq', address: `redis://:silent-secret@127.0.0.1:${port}?queue=mail` },
      ],
      onSample: (sample) => samples.push(sample),
      onStatus: (status) => told.push(status),
    });
    t.after(() => sampler.stop());
    assert.ok(performance.now() - startedMs < 4500);
    await sleep(3300);
    await sampler.stop();
    const times = [...new Set(samples.filter(({ probe }) => probe === 'host').map(({ atMs }) => atMs))];
    assert.ok(times.length >= 3 && times.length <= 4, JSON.stringify(times));
    assert.ok(times.every((at, index) => index === 0 || (at - (times[index - 1] ?? 0)) % 1000 === 0));
    assert.ok(samples.some(({ metric, value }) => metric === 'host.cpu' && value >= 0 && value <= 100));
    assert.ok(samples.some(({ metric, value }) => metric === 'node.memory' && value > 1e7));
    assert.deepEqual(sampler.statuses().map(({ status }) => status), ['ok', 'ok', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused']);
    assert.equal(told.length, 9);
    assert.doesNotMatch(JSON.stringify([sampler.statuses(), sampler.shortfalls(), samples, told]), /silent-secret/);
    const count = samples.length;
    await sleep(1200);
    assert.equal(samples.length, count, 'nothing is read after the stop');
  });

  it('a server that hangs in the middle misses its own ticks, counted, and delays no other; it is found again', async (t) => {
    const dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    const server = await startRedis({ dir, maxMemoryBytes: null, policy: 'noeviction', name: 'hang' });
    const redis = new Redis(server.url);
    t.after(async () => {
      redis.disconnect();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    });
    const samples: Sample[] = [];
    const told: ProbeStatus[] = [];
    const sampler = await startSampler({
      probes: [{ kind: 'redis', address: server.url }, { kind: 'host', address: 'local' }],
      onSample: (sample) => samples.push(sample),
      onStatus: (status) => told.push(status),
    });
    t.after(() => sampler.stop());
    await sleep(1200);
    const hang = redis.call('DEBUG', 'SLEEP', '1.6').catch(() => null);
    await sleep(3000);
    await hang;
    const seconds = (probe: string): number => new Set(samples.filter((sample) => sample.probe === probe).map(({ atMs }) => atMs)).size;
    assert.ok(seconds('host') >= 4, `host was read in ${seconds('host')} s`);
    const [status] = sampler.statuses();
    assert.ok(status?.status === 'ok');
    if (await debugIsAllowed(redis)) assert.ok(status.missedTicks >= 1 && seconds('redis') < seconds('host'));
    // The connection is cut for good: lost after three ticks at most, or found again at once.
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const before = seconds('redis');
    await sleep(5500);
    assert.equal(sampler.statuses()[0]?.status, 'ok', JSON.stringify(told));
    assert.ok(seconds('redis') > before);
    assert.deepEqual(told.filter(({ kind }) => kind === 'redis').map(({ status: name }) => name), ['ok', 'lost', 'ok']);
  });

  it('names the instance where several servers of a kind are read', async () => {
    const samples: Sample[] = [];
    const sampler = await startSampler({
      probes: [{ kind: 'process', address: String(process.pid) }, { kind: 'process', address: String(process.ppid) }],
      onSample: (sample) => samples.push(sample),
    });
    await sleep(300);
    await sampler.stop();
    assert.deepEqual(new Set(samples.map(({ instance }) => instance)), new Set([String(process.pid), String(process.ppid)]));
  });
});

async function debugIsAllowed(redis: Redis): Promise<boolean> {
  return await redis.call('DEBUG', 'SLEEP', '0').catch(() => null) !== null;
}
