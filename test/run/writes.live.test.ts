import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchHealth } from '../../src/run/health.ts';
import { countWrites, traceWrites, type WriteSource } from '../../src/run/writes.ts';

type Apply = (id: string, turn: number, applied: Map<string, number>) => number;

/** A target that applies writes as it likes, and answers with the status it is told. */
async function withTarget(apply: Apply, work: (url: string, source: WriteSource) => Promise<void>): Promise<void> {
  const applied = new Map<string, number>();
  let turn = 0;
  const server = createServer((request, response) => {
    response.statusCode = apply(String(request.headers['idempotency-key']), turn++, applied);
    response.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // A server gives its address once it listens on a port.
  const { port } = server.address() as AddressInfo;
  try {
    await work(`http://127.0.0.1:${port}`, { request: (id) => ({ method: 'POST', path: '/', headers: {}, body: id }), count: async () => applied });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function trialOf(apply: Apply): Promise<Awaited<ReturnType<typeof countWrites>>> {
  let trial: Awaited<ReturnType<typeof countWrites>> = null;
  await withTarget(apply, async (url, source) => {
    const writes = await traceWrites(url, source, AbortSignal.timeout(700));
    assert.ok(writes.length >= 5, `${writes.length} writes`);
    // What is missing is missing: the test need not wait for it.
    trial = await countWrites(source, writes, AbortSignal.timeout(50));
  });
  return trial;
}

const once = (id: string, applied: Map<string, number>, times = 1): void => void applied.set(id, times);

describe('writes under overload', () => {
  it('are consistent where every acknowledged one is there once, whatever was refused', async () => {
    const trial = await trialOf((id, turn, applied) => {
      if (turn % 3 === 0) return 503;
      once(id, applied);
      return 201;
    });
    assert.equal(trial?.value, 100);
    assert.match(trial?.note ?? '', /0 of them are missing, 0 were applied more than once/);
  });

  it('that were acknowledged and are missing are found', async () => {
    const trial = await trialOf((id, turn, applied) => {
      if (turn !== 2) once(id, applied);
      return 200;
    });
    assert.ok(trial !== null && trial.value < 100 && trial.value > 50);
    assert.match(trial.note, /1 of them are missing/);
  });

  it('that were applied twice are found, also when nobody acknowledged them', async () => {
    const trial = await trialOf((id, turn, applied) => {
      once(id, applied, turn === 1 ? 2 : 1);
      return turn === 1 ? 503 : 200;
    });
    assert.match(trial?.note ?? '', /1 were applied more than once/);
    assert.ok((trial?.value ?? 100) < 100);
  });

  it('are no figure where none was acknowledged', async () => {
    assert.equal(await trialOf(() => 503), null);
  });
});

describe('a health URL', () => {
  it('ends things after two bad answers in a row, not after one', async () => {
    const answers = [200, 503, 200, 503, 503];
    await withTarget((_, turn) => answers[turn] ?? 503, async (url) => {
      const bad = Promise.withResolvers<string>();
      const unwatch = watchHealth(url, bad.resolve);
      const early = await Promise.race([bad.promise, sleep(2500).then(() => 'quiet')]);
      assert.equal(early, 'quiet');
      assert.match(await bad.promise, /answered 503/);
      unwatch();
    });
  });
});
