import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedis } from '../../src/demo/servers/find-redis.ts';
import { launch } from '../../src/demo/servers/server.ts';
import type { Sample } from '../../src/model/sample.ts';
import { startSampler } from '../../src/probes/sampler.ts';
import { freePort } from '../../src/process/free-port.ts';

describe('the sampler', () => {
  it('gives no wrong rate when a server is restarted in the middle: its counters begin at 0', async (t) => {
    const dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    const port = await freePort();
    const { command, env } = await findRedis();
    const start = async (): Promise<{ stop: () => Promise<void> }> => launch({
      name: 'restarted', command, env, cwd: dir, stopSignal: 'SIGTERM', logFile: join(dir, 'log'),
      args: () => ['--port', String(port), '--bind', '127.0.0.1', '--save', ''],
      isReady: async () => {
        const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null }).on('error', () => {});
        return client.connect().then(() => true, () => false).finally(() => client.disconnect());
      },
    });
    let server = await start();
    const samples: Sample[] = [];
    const load = async (times: number): Promise<void> => {
      const client = new Redis(port, '127.0.0.1');
      await Promise.all(Array.from({ length: times }, () => client.get('absent')));
      client.disconnect();
    };
    await load(50_000);
    const sampler = await startSampler({ probes: [{ kind: 'redis', address: `redis://127.0.0.1:${port}` }], onSample: (sample) => samples.push(sample) });
    t.after(async () => {
      await sampler.stop();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    });
    await sleep(1300);
    await server.stop();
    server = await start();
    await load(2000);
    for (let tries = 0; tries < 40; tries += 1) {
      await sleep(250);
      if (samples.filter(({ metric }) => metric === 'redis.misses').length >= 3) break;
    }
    const rates = samples.filter(({ metric }) => metric === 'redis.misses').map(({ value }) => value);
    assert.ok(rates.length >= 3 && rates.every((rate) => rate >= 0 && rate <= 2100), String(rates));
  });
});
