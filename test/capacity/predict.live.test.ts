import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSystem, type System } from '../../bench/forecast/system.ts';
import { cacheRoomOf } from '../../src/capacity/cache-room.ts';
import { limitsOf } from '../../src/capacity/predict.ts';
import { readChanges } from '../../src/capacity/read-changes.ts';
import { whatIf } from '../../src/capacity/what-if.ts';
import type { Run } from '../../src/model/run.ts';
import { conditionsFor, findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const conditions = conditionsFor(plan, findPhase(plan, '2'), 'load');
let system: System | null = null;
let run: Run;

before(async () => {
  // Four connections, held for 150 ms by two of five requests: 65 requests/s at the very most.
  system = await startSystem({ name: 'live', kind: 'pool', near: 55, changes: { poolMax: 4, maxConnections: 16, cacheReports: false, reportStorageMs: 150 } }, 'artillery');
  run = await system.play(14, { sustain: 12 });
});
after(() => system?.stop());

test('the real application, at a quarter of its edge for twelve seconds, tells where its pool ends', () => {
  const limits = limitsOf(run, conditions);
  assert.ok(typeof limits !== 'string', JSON.stringify(limits));
  const pool = limits.find(({ resource }) => resource.id === 'db-connections') ?? assert.fail('the pool was not seen');
  assert.equal(pool.resource.servers, 4);
  // A busy machine holds connections longer; a dozen seconds have a mix of their own.
  assert.ok(pool.ratePerSec.mid > 25 && pool.ratePerSec.mid < 90, JSON.stringify(pool.ratePerSec));
  assert.ok(pool.ratePerSec.low < pool.ratePerSec.mid && pool.ratePerSec.mid < pool.ratePerSec.high);
});

test('twice the pool would carry about twice as much', () => {
  const { limits } = whatIf(run, plan, conditions, readChanges('pool=8'));
  const pool = limits.find(({ bottleneck }) => bottleneck === 'db-connections');
  assert.ok(pool?.now && pool.after.mid > 1.8 * pool.now.mid && pool.after.mid < 2.6 * pool.now.mid, JSON.stringify(pool));
});

test('what the scenario asks for is written down: the mix of journeys, and how many users its data holds', () => {
  assert.equal(run.configuration['dataRows'], 200);
  const shares: unknown = run.configuration['requestShares'];
  assert.ok(typeof shares === 'object' && shares !== null && 'dashboard/dashboard' in shares && Math.abs(Number(shares['dashboard/dashboard']) - 0.2) < 1e-9);
  const room = cacheRoomOf(run);
  assert.ok(room.users === null && /still rising|too few/.test(room.reason), 'twelve seconds do not show how many keys there will be');
});
