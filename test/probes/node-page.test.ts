import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeProbe } from '../../src/probes/node.ts';
import { readPages } from './recorded-pages.ts';

/** The page of an application, as prom-client writes it. */
function page(figures: Readonly<Record<string, number | string>>): string {
  return Object.entries({ nodejs_heap_size_used_bytes: 5e7, ...figures }).map(([name, value]) => `${name} ${value}\n`).join('');
}

describe('the page of an application', () => {
  it('whose process was restarted in between gives no rate of that second: its counters began at 0, whether above or below what they were', async (t) => {
    const [, before, restarted, after] = await readPages(t, nodeProbe, [
      page({ process_start_time_seconds: 100, process_cpu_seconds_total: 2 }), page({ process_start_time_seconds: 100, process_cpu_seconds_total: 2.05 }),
      page({ process_start_time_seconds: 200, process_cpu_seconds_total: 30 }), page({ process_start_time_seconds: 200, process_cpu_seconds_total: 30.05 }),
    ]);
    assert.ok((before?.['node.cpu'] ?? 0) > 10 && (before?.['node.cpu'] ?? 0) < 60, JSON.stringify(before));
    assert.equal(restarted?.['node.cpu'], undefined, 'a later process may have used more than the first');
    assert.ok((after?.['node.cpu'] ?? 0) > 10 && (after?.['node.cpu'] ?? 0) < 60, JSON.stringify(after));
  });

  it('that does not say when the process began gives no rate where a counter fell', async (t) => {
    const [, fallen, after] = await readPages(t, nodeProbe, [page({ process_cpu_seconds_total: 40 }), page({ process_cpu_seconds_total: 1 }), page({ process_cpu_seconds_total: 1.05 })]);
    assert.equal(fallen?.['node.cpu'], undefined);
    assert.ok((after?.['node.cpu'] ?? 0) > 0 && (after?.['node.cpu'] ?? 999) < 60);
  });

  it('on which a figure is NaN, infinite or gone leaves that one out, and keeps the others', async (t) => {
    const [nan, infinite, gone] = await readPages(t, nodeProbe, [
      page({ db_client_connection_pending_requests: 'NaN', process_resident_memory_bytes: 7e7 }), page({ db_client_connection_pending_requests: '+Inf', process_resident_memory_bytes: 7e7 }),
      page({ process_resident_memory_bytes: 7e7 }),
    ]);
    for (const seen of [nan, infinite, gone]) {
      assert.equal(seen?.['postgres.pool_waiting'], undefined, JSON.stringify(seen));
      assert.equal(seen?.['node.memory'], 7e7);
    }
  });

  it('on which a counter appears late counts from nothing, and one of whole life that was left out in between is no growth', async (t) => {
    const [, , appeared, left, back] = await readPages(t, nodeProbe, [
      page({ process_cpu_seconds_total: 1 }), page({ process_cpu_seconds_total: 1 }),
      page({ process_cpu_seconds_total: 1, db_client_connection_timeouts: 2 }), page({ process_cpu_seconds_total: 1 }), page({ process_cpu_seconds_total: 1, db_client_connection_timeouts: 2 }),
    ]);
    assert.ok((appeared?.['postgres.connection_errors'] ?? 0) > 5 && (appeared?.['postgres.connection_errors'] ?? 0) <= 20.5, JSON.stringify(appeared));
    assert.equal(left?.['postgres.connection_errors'], undefined);
    assert.equal(back?.['postgres.connection_errors'], 0);
  });
});
