import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenProbe, Reading } from '../../src/probes/probe.ts';
import { byMetric, openProbe } from './reading.ts';

/** What a probe reads of pages shown one after the other, a tenth of a second apart; the first is shown at its opening, too. */
export async function readPages(t: TestContext, probe: OpenProbe, pages: readonly string[]): Promise<Partial<Record<string, number>>[]> {
  const rest = [pages[0] ?? '', ...pages];
  const server = createServer((_, response) => { response.end(rest.length > 1 ? rest.shift() : rest[0]); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  const opened = await openProbe(t, probe, `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`); // it listens on TCP
  const seen: (readonly Reading[])[] = [];
  for (const [index] of pages.entries()) {
    if (index > 0) await sleep(100);
    seen.push(await opened.read(index === 0 ? 0 : 0.1, AbortSignal.timeout(2000)));
  }
  return seen.map(byMetric);
}
