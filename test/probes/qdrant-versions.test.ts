import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { ScaleplanError } from '../../src/errors.ts';
import { qdrantProbe } from '../../src/probes/qdrant.ts';
import { parsePrometheusText } from '../../src/probes/prometheus-text.ts';
import { openProbe } from './reading.ts';
import { readPages } from './recorded-pages.ts';

const page = (name: string): string => readFileSync(new URL(`data/qdrant-${name}.txt`, import.meta.url), 'utf8');

describe('what Qdrant calls its figures', () => {
  it('the `_avg_` families cover the last 128 answers: slow searches stand there long after they are over', async (t) => {
    const stale = parsePrometheusText(page('7-after-query')).families.get('rest_responses_avg_duration_seconds')?.samples
      .find(({ labels }) => labels['endpoint']?.endsWith('/points/search') === true)?.value ?? 0;
    const [, seen] = await readPages(t, qdrantProbe, [page('6-after-slow'), page('7-after-query')]);
    assert.ok(stale > 0.14, `${stale} s, of searches before the interval`);
    assert.ok((seen?.['qdrant.search_time'] ?? 99) < 10 && (seen?.['qdrant.search_mean'] ?? 99) < 5, JSON.stringify(seen));
  });

  it('with ?per_collection=true the series of each collection take the place of the global ones: they are read alike', async (t) => {
    const before = page('8-per-collection');
    const more = before.replaceAll(/^(rest_responses_duration_seconds_\w+\{.*\/points\/query".*\}) (\S+)$/gm, (_, name: string, value: string) => `${name} ${Number(value) * 1.1}`);
    const [, seen] = await readPages(t, qdrantProbe, [before, more]);
    assert.ok((seen?.['qdrant.searches'] ?? 0) > 0 && (seen?.['qdrant.search_time'] ?? 0) > 0, JSON.stringify(seen));
    assert.equal(seen?.['qdrant.vectors'], 60_000);
  });

  it('a family that is a gauge in one version and has `_total` in another is found under either name', async (t) => {
    const renamed = page('3-after-healthy').replaceAll('collections_vector_total', 'collections_vectors');
    const [seen] = await readPages(t, qdrantProbe, [renamed]);
    assert.equal(seen?.['qdrant.vectors'], 60_000);
  });

  it('a quota that appears late is read from then on, and gives no rate of the time before', async (t) => {
    const without = page('composed-all-families').split('\n').filter((line) => !/quota_exceeded|process_major_page_faults/.test(line)).join('\n');
    const [first, second, third] = await readPages(t, qdrantProbe, [without, page('composed-all-families'), page('composed-all-families')]);
    assert.deepEqual([first?.['qdrant.quota_exceeded'], second?.['qdrant.quota_exceeded']], [undefined, 0]);
    assert.equal(first?.['qdrant.major_faults'], undefined);
    assert.equal(third?.['qdrant.major_faults'], 0);
  });

  it('refuses a token that is for one collection alone, and says that a read-only key will do', async (t) => {
    const server = createServer((_, response) => { response.writeHead(403); response.end('Global access is required'); });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    t.after(() => { server.closeAllConnections(); server.close(); });
    const address = `http://token-of-a-collection@127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
    await assert.rejects(openProbe(t, qdrantProbe, address), (error: unknown) => error instanceof ScaleplanError
      && /answered 403/.test(error.message) && /read-only key is enough/.test(error.hint ?? '') && !error.message.includes('token-of-a-collection'));
  });
});
