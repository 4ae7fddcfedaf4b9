import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { browserProbe } from '../../src/probes/browser.ts';
import { findBrowser } from '../../src/probes/find-browser.ts';
import type { Probe, Reading } from '../../src/probes/probe.ts';
import { freePort } from '../../src/process/free-port.ts';
import { openProbe } from './reading.ts';

const skip = findBrowser() === null ? 'no Chromium on this machine' : false;

test('a page counts as loaded when its last picture is there, not when its text is', { skip, timeout: 60_000 }, async (t) => {
  const port = await freePort();
  const server = createServer((request, response) => {
    if (request.url === '/slow.svg') {
      setTimeout(() => response.setHeader('content-type', 'image/svg+xml').end('<svg xmlns="http://www.w3.org/2000/svg"/>'), 400);
    } else if (request.url === '/broken') {
      response.writeHead(500).end();
    } else {
      response.setHeader('content-type', 'text/html').end('<h1>Objects</h1><img src="/slow.svg">');
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });

  const probe = await openProbe(t, browserProbe, `http://127.0.0.1:${port}/objects`);
  const [first] = await firstReading(probe);
  assert.equal(first?.metric, 'service.page_load');
  assert.equal(first?.instance, '/objects');
  assert.ok((first?.value ?? 0) >= 400 && (first?.value ?? 0) < 10_000, String(first?.value));

  const broken = await openProbe(t, browserProbe, `http://127.0.0.1:${port}/broken`);
  const [failed] = await firstReading(broken);
  assert.equal(failed?.value, 30_000, 'a page that does not come counts as the limit, not as a quick one');
});

async function firstReading(probe: Probe): Promise<readonly Reading[]> {
  for (let i = 0; i < 200; i += 1) {
    const readings = await probe.read(i === 0 ? 0 : 0.1, AbortSignal.timeout(2000));
    if (readings.length > 0) return readings;
    await sleep(100);
  }
  return [];
}
