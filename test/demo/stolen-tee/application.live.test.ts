import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Architecture } from '../../../src/model/plan.ts';
import { startRunning } from '../running.ts';
import type { Json, Running } from '../running.ts';

const SINGLE: Architecture = { source: null, layers: ['postgres'], instances: { min: 1, max: 1 }, workers: {}, replicas: null, regions: { min: 3, max: 3 }, poolPerInstance: { min: 3, max: 3 }, maxConnections: { min: 15, max: 20 } };

const SEVERAL: Architecture = { ...SINGLE, layers: ['redis', 'postgres'], instances: { min: 3, max: 5 }, workers: { all: { min: 2, max: 2 } } };

for (const [what, architecture] of [['a worker of its own', null], ['several instances behind a balancer', SEVERAL], ['a single instance that works on images itself', SINGLE]] as const) {
  describe(`the shop with ${what}`, { timeout: 60_000 }, () => {
    let running: Running;
    before(async () => {
      running = await startRunning({ application: 'stolen-tee', architecture, bottleneck: null });
    });
    after(() => running?.stop());

    test('lists sixty products, each of which can be read and ordered', async () => {
      const list = await running.ask('/api/products');
      assert.equal(list.status, 200);
      const products = list.body as unknown as Json[];
      assert.equal(products.length, 60);
      const id = products[0]?.['id'];
      assert.equal((await running.ask(`/api/products/${String(id)}`)).body['id'], id);
      assert.equal((await running.ask('/api/orders', { productId: id, size: 'M' })).status, 201);
      assert.equal((await running.ask('/api/orders', { productId: 99_999, size: 'M' })).status, 404);
      assert.equal((await running.ask('/api/images', { productId: 1, width: 5 })).status, 400);
    });

    test('an image job is done by whoever works on the queue', async () => {
      const { status, body } = await running.ask('/api/images', { productId: 3, width: 128 });
      assert.equal(status, 202);
      let image = await running.ask(`/api/images/${String(body['id'])}`);
      for (let i = 0; i < 100 && image.body['status'] !== 'done'; i += 1) {
        await sleep(50);
        image = await running.ask(`/api/images/${String(body['id'])}`);
      }
      assert.deepEqual([image.body['status'], image.body['url']], ['done', `/cut-outs/${String(body['id'])}.png`]);
    });

    test('is built as the phase says, and tells what it could not give', async () => {
      assert.equal('worker' in running.demo.pids, architecture !== SINGLE);
      assert.equal('balancer' in running.demo.pids, architecture === SEVERAL);
      const page = running.demo.probes.find(({ kind }) => kind === 'node')?.address ?? '';
      const text = await (await fetch(page)).text();
      assert.match(text, new RegExp(`^db_client_connection_max ${architecture === null ? 15 : 3}$`, 'm'));
      assert.match(running.demo.adjustments.join(), architecture === null ? /^$/ : /3 regions/);
    });
  });
}
