import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cacheRoomOf } from '../../src/capacity/cache-room.ts';
import { foresee } from '../../src/capacity/foresee.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { cacheRun } from './cache-run.ts';

describe('the room in a cache', () => {
  it('is the memory that is left for keys ÷ what the keys of a user cost', () => {
    const room = cacheRoomOf(cacheRun());
    // 1 MB for keys of 5 kB, 2.5 of each user: 80 users.
    assert.ok(room.users !== null && Math.abs(room.users.mid - 80) < 3 && room.users.low < 80 && room.users.high > 80, JSON.stringify(room));
    assert.ok(Math.abs(room.bytesPerKey - 5000) < 100 && Math.abs(room.keysPerUser - 2.5) < 0.1);
  });

  it('is not known while the keys are still rising, nor without their memory, nor without the users', () => {
    const rising = cacheRoomOf(cacheRun({ seconds: 14 }));
    assert.ok(rising.users === null && /still rising/.test(rising.reason), JSON.stringify(rising));
    const unread = cacheRoomOf({ ...cacheRun(), samples: [] });
    assert.ok(unread.users === null && /no probe read the cache/.test(unread.reason));
    const nobody = cacheRoomOf(cacheRun({ rows: null }));
    assert.ok(nobody.users === null && /different users/.test(nobody.reason));
  });

  it('without a limit of memory has no end; asked for another size, that one counts', () => {
    const endless = { ...cacheRun(), samples: cacheRun().samples.filter(({ metric }) => metric !== 'redis.memory_used') };
    assert.equal(cacheRoomOf(endless).users, null);
    assert.ok(Math.abs((cacheRoomOf(endless, 3e6).users?.mid ?? 0) - 160) < 6);
  });

  it('of a cache that was warm already is told from what is used beyond an empty Redis', () => {
    const cold = cacheRun({ seconds: 90, scale: 10 });
    const warm = { ...cold, samples: cold.samples.filter(({ atMs }) => atMs > cold.startedAtMs + 50_000) };
    const room = cacheRoomOf(warm);
    assert.ok(room.users !== null && room.users.low < 80 && room.users.high > 80 && room.users.high > 1.15 * room.users.low, JSON.stringify(room));
  });

  it('in users of the plan counts those who are at it at the same time', async () => {
    const found = foresee(cacheRun(), await loadPlan('ventures', { cwd: '/' }), []);
    // One in ten is at it at the same time.
    assert.ok(found.capacity !== null && found.bottleneck === 'cache' && Math.abs(found.capacity.users.mid - 800) < 30, JSON.stringify(found));
  });
});
