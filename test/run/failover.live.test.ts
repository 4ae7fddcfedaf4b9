import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { freePort } from '../../src/process/free-port.ts';
import { measureFailover } from '../../src/run/failover.ts';

/** A server that fails for some time after a part of it was lost. */
async function startFailing(t: { after(fn: () => void): void }, failsForMs: number): Promise<{ url: string; lose: () => Promise<void> }> {
  const port = await freePort();
  let lostAtMs = Infinity;
  const server = createServer((_request, response) => {
    const sinceMs = performance.now() - lostAtMs;
    response.writeHead(sinceMs >= 0 && sinceMs < failsForMs ? 503 : 200).end('ok');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    lose: async () => {
      lostAtMs = performance.now();
    },
  };
}

test('the time until answers are good again and stay so', async (t) => {
  const { url, lose } = await startFailing(t, 1500);
  const { ms, failed, asked } = await measureFailover(url, { what: 'a part', lose, path: (turn) => `/${turn}` }, new AbortController().signal);
  assert.ok(ms !== null && ms >= 1400 && ms < 4000, String(ms));
  assert.ok(failed >= 5 && failed < asked, `${failed} of ${asked}`);
});

test('a part that nobody misses is made up for at once', async (t) => {
  const { url, lose } = await startFailing(t, 0);
  const { ms, failed } = await measureFailover(url, { what: 'a part', lose, path: () => '/' }, new AbortController().signal);
  assert.ok(ms !== null && ms < 1000, String(ms));
  assert.equal(failed, 0);
});

test('an abort ends the waiting for a target that does not come back', async (t) => {
  const { url, lose } = await startFailing(t, Infinity);
  const { ms, failed } = await measureFailover(url, { what: 'a part', lose, path: () => '/' }, AbortSignal.timeout(1000));
  assert.equal(ms, null);
  assert.ok(failed > 0);
});
