import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readChanges } from '../../src/capacity/read-changes.ts';
import { whatIf } from '../../src/capacity/what-if.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { condition, samples, times } from '../judge/facts.ts';
import { cacheRun } from './cache-run.ts';
import { lightRun } from './light-run.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const limits = [condition('http.p95{journey=dashboard} < 500 ms')];

/** Users that break the pool now and with the changes. */
function poolOf(changes: string, pool = 5): { now: number; after: number } {
  const row = whatIf(lightRun({ pool }), plan, limits, readChanges(changes)).limits.find(({ bottleneck }) => bottleneck === 'db-connections');
  return { now: row?.now?.mid ?? Number.NaN, after: row?.after.mid ?? Number.NaN };
}

describe('what if', () => {
  it('a pool of twice the size carries a little more than twice as much: fewer wait for a free one', () => {
    const { now, after } = poolOf('pool=10');
    assert.ok(after > 1.95 * now && after < 2.2 * now, `${now} → ${after}`);
  });

  it('a second instance brings a second pool', () => {
    const { now, after } = poolOf('instances=2');
    assert.ok(Math.abs(after / now - 2) < 0.02, `${now} → ${after}`);
  });

  it('replicas take the reads, so that the writes decide, or the reads of each replica', () => {
    // Four of five requests read: one replica carries 1 ÷ 0.8 as much, four are overtaken by the writes at 1 ÷ 0.2.
    const [one, many] = [poolOf('replicas=1', 4), poolOf('replicas=8', 4)];
    assert.ok(Math.abs(one.after / one.now - 1.25) < 0.02 && Math.abs(many.after / many.now - 5) < 0.1, JSON.stringify([one, many]));
  });

  it('a cache of twice the memory holds twice the users, less what it needs for itself', () => {
    const { limits: rows } = whatIf(cacheRun(), plan, limits, readChanges('cache=4MB'));
    const { now, after } = rows.find(({ bottleneck }) => bottleneck === 'cache') ?? assert.fail();
    assert.ok(now !== null && Math.abs(after.mid / now.mid - (4e6 - 1e6) / (2e6 - 1e6)) < 0.1, JSON.stringify([now, after]));
  });

  it('a change of what nobody read is not passed over', () => {
    const { unknown, after } = whatIf(lightRun({ probes: false }), plan, limits, readChanges('pool=10,cache=64MB'));
    assert.equal(after, null);
    assert.ok(unknown.some((one) => one.startsWith('pool:')) && unknown.some((one) => /no probe read the cache/.test(one)), unknown.join('\n'));
  });
});

describe('what if, beside what was measured', () => {
  const edge = { bottleneck: 'qdrant', users: { low: 4304, mid: 4710, high: 5150 } } as const;

  it('what broke and is not changed stays the first limit, though the model has no row for it', () => {
    const { now, after, limits: rows } = whatIf(lightRun({ pool: 20 }), plan, limits, readChanges('pool=40'), edge);
    assert.deepEqual([now, after], [{ bottleneck: 'qdrant', users: edge.users }, { bottleneck: 'qdrant', users: edge.users }]);
    assert.deepEqual(rows.map(({ bottleneck, changed, note }) => [bottleneck, changed, note]), [['qdrant', false, 'measured, not changed'], ['db-connections', true, undefined]]);
  });

  it('what broke and is changed moves from the measured figure as far as the model moves', () => {
    const model = poolOf('pool=10');
    const { limits: [row], after } = whatIf(lightRun(), plan, limits, readChanges('pool=10'), { ...edge, bottleneck: 'db-connections' });
    assert.equal(row?.now, edge.users);
    assert.ok(row !== undefined && Math.abs(row.after.mid / 4710 - model.after / model.now) < 0.01 && row.after.low / row.after.mid < 4304 / 4710, JSON.stringify(row));
    assert.equal(after?.users.mid, row.after.mid);
  });

  it('what broke, is changed and is not seen by the model leaves what is first unknown; so does what was not diagnosed', () => {
    for (const bottleneck of ['db-connections', null] as const) {
      const { after, unknown } = whatIf(lightRun({ probes: false }), plan, limits, readChanges('pool=10'), { ...edge, bottleneck });
      assert.equal(after, null);
      assert.ok(unknown.some((one) => /4,710 users/.test(one)), unknown.join('\n'));
    }
  });
});

describe('what if, as far as it sees', () => {
  it('a resource that was nearly always busy is what is first, and not left out of that question', () => {
    const full = lightRun({ pool: 1 });
    const both = { ...full, samples: [...full.samples, ...samples('node', 'node.event_loop_utilization', times(60, (at) => (at < 20 ? 10 : 20)))] };
    const { now, after, limits: rows, unknown } = whatIf(both, plan, limits, readChanges('instances=2'));
    assert.deepEqual(rows.map(({ bottleneck }) => bottleneck), ['node-cpu']);
    assert.deepEqual([now, after], [null, null]);
    assert.ok(unknown.some((one) => /the database pool was nearly always busy/.test(one)), unknown.join('\n'));
  });

  it('beyond twenty times the load what was too idle to be seen may break: figures end there', () => {
    const { limits: [row], after, seenUpTo, unknown } = whatIf(lightRun(), plan, limits, readChanges('pool=100000'));
    // 16 requests/s of one a minute are 960 users.
    assert.ok(seenUpTo !== null && Math.abs(seenUpTo / (20 * 960) - 1) < 0.05, String(seenUpTo));
    assert.deepEqual([row?.after, after], [{ low: seenUpTo, mid: seenUpTo, high: seenUpTo }, null]);
    assert.ok(unknown.some((one) => /too idle to be seen/.test(one)), unknown.join('\n'));
  });

  it('a cache smaller than Redis itself needs has room for nobody, not for fewer', () => {
    const { limits: rows, after } = whatIf(cacheRun(), plan, limits, readChanges('cache=64kB'));
    const row = rows.find(({ bottleneck }) => bottleneck === 'cache');
    assert.deepEqual([row?.after, after?.users.mid], [{ low: 0, mid: 0, high: 0 }, 0]);
    assert.match(row?.note ?? '', /Redis needs about 1\.0 MB for itself/);
  });
});

describe('--with', () => {
  it('names what it changes', () => {
    assert.deepEqual(readChanges('replicas=2, pool=50,instances=3,cache=64MB'), { text: 'replicas=2, pool=50,instances=3,cache=64MB', replicas: 2, pool: 50, instances: 3, cacheBytes: 64e6 });
    assert.equal(readChanges('cache=2GiB').cacheBytes, 2 * 1024 ** 3);
  });

  it('refuses what it does not know, with the nearest name', () => {
    for (const [text, message] of [['pools=5', /knows no "pools"[^]*pool/], ['pool=0', /no whole number/], ['pool=2.5', /no whole number/], ['cache=big', /no size/], ['cache=64', /64 of what\? A size has a unit/], ['pool=0x10', /no whole number/], ['pool=1e9', /no whole number/], ['pool=1000000', /262,143/], ['pool=5,pool=50', /names pool twice/], ['', /names no change/], ['pool', /knows no "pool"/]] as const) {
      assert.throws(() => readChanges(text), { code: 'wrong-usage', message }, text);
    }
  });
});
