import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readChanges } from '../../src/capacity/read-changes.ts';
import { whatIf } from '../../src/capacity/what-if.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { condition } from '../judge/facts.ts';
import { cacheRun } from './cache-run.ts';
import { lightRun } from './light-run.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const limits = [condition('http.p95{journey=dashboard} < 500 ms')];

/** Users that break the pool now and with the changes. */
function poolOf(changes: string): { now: number; after: number } {
  const row = whatIf(lightRun(), plan, limits, readChanges(changes)).limits.find(({ bottleneck }) => bottleneck === 'db-connections');
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
    const [one, many] = [poolOf('replicas=1'), poolOf('replicas=8')];
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

describe('--with', () => {
  it('names what it changes', () => {
    assert.deepEqual(readChanges('replicas=2, pool=50,instances=3,cache=64MB'), { text: 'replicas=2, pool=50,instances=3,cache=64MB', replicas: 2, pool: 50, instances: 3, cacheBytes: 64e6 });
    assert.equal(readChanges('cache=2GiB').cacheBytes, 2 * 1024 ** 3);
  });

  it('refuses what it does not know, with the nearest name', () => {
    for (const [text, message] of [['pools=5', /knows no "pools"[^]*pool/], ['pool=0', /no whole number/], ['pool=2.5', /no whole number/], ['cache=big', /no size/], ['', /names no change/], ['pool', /knows no "pool"/]] as const) {
      assert.throws(() => readChanges(text), { code: 'wrong-usage', message }, text);
    }
  });
});
