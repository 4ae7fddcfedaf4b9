import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Architecture } from '../../../src/model/plan.ts';
import { startRunning } from '../running.ts';
import { page } from './page.ts';

const NONE: Architecture = { layers: [], instances: null, workers: {}, replicas: null, regions: null, poolPerInstance: null, maxConnections: null, source: null };

describe('bottlenecks of the exchange', { timeout: 90_000 }, () => {
  test('replicas that lag show a claim late', async () => {
    const app = await startRunning({ application: 'exchange', bottleneck: 'replica-lag', architecture: { ...NONE, layers: ['postgres'], replicas: { min: 1, max: 1 } } });
    try {
      const { body } = await app.ask('/api/bot/mentions', { userId: 8, kind: 'claim', text: 'my object' });
      const name = String(body['reply']).replace('Your object of the day: ', '');
      const startedAtMs = performance.now();
      assert.ok(!(await page(app, '/users/8/collection')).html.includes(name));
      for (let i = 0; i < 200 && !(await page(app, '/users/8/collection')).html.includes(name); i++) await sleep(50);
      const afterMs = performance.now() - startedAtMs;
      assert.ok(afterMs > 2000 && afterMs < 9000, `${afterMs} ms`);
    } finally {
      await app.stop();
    }
  });

  test('one connection that pages hold for seconds leaves others without any', async () => {
    const app = await startRunning({ application: 'exchange', bottleneck: 'db-connections', architecture: { ...NONE, layers: ['redis', 'postgres'] } });
    try {
      const answers = await Promise.all(['/', '/objects?page=1', '/objects/1', '/objects/2'].map((path) => page(app, path)));
      // 3 s for each, one after the other, and nobody waits for more than 6 s: the third may or may not get its turn.
      const statuses = answers.map(({ status }) => status);
      assert.ok(statuses.includes(200) && statuses.includes(503), statuses.join());
      assert.match(await (await fetch(`${app.demo.url}/metrics`)).text(), /^db_client_connection_timeouts [12]$/m);
    } finally {
      await app.stop();
    }
  });
});
