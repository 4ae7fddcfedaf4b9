import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { judgeClock } from '../../src/doctor/clock.ts';
import { exitCodeOf } from '../../src/doctor/doctor.ts';
import { fail, failedBy, ok, warn } from '../../src/doctor/finding.ts';
import { derive, judgeLoad } from '../../src/doctor/load.ts';
import { checkFiles, checkNode, checkPorts } from '../../src/doctor/machine.ts';
import type { Need } from '../../src/doctor/need.ts';
import { checkOutput } from '../../src/doctor/output.ts';
import { checkConditions } from '../../src/doctor/probes.ts';
import { ScaleplanError } from '../../src/errors.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { conditionsFor, findPhase } from '../../src/plan/resolve.ts';

const limits = (files: string): string => `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${files}                 ${files}                 files\n`;
const need = (more: Partial<Need> = {}): Need => ({ of: 'phase 2 of shop', engines: [], connections: 0, conditions: [], ...more });

describe('what the machine offers against what a phase needs', () => {
  it('refuses a Node that cannot run the sources', () => {
    assert.equal(checkNode('22.17.9').status, 'fail');
    assert.equal(checkNode('22.18.0').status, 'ok');
    assert.equal(checkNode('24.0.0').status, 'ok');
  });

  it('fails where the phase may open more connections than the limit of files allows, and says the command', async () => {
    const short = await checkFiles(need({ connections: 2000 }), limits('1024'));
    assert.equal(short.status, 'fail');
    assert.match(short.hint ?? '', /ulimit -n 2100/);
    assert.equal((await checkFiles(need({ connections: 900 }), limits('1024'))).status, 'ok');
    assert.equal((await checkFiles(need({ connections: 1e6 }), limits('unlimited'))).status, 'ok');
  });

  it('warns where ports would run out: each is kept for a minute', async () => {
    const asks = (arrivalsPerSec: number): Need => need({ engines: [{ name: 'artillery', requestsPerSec: arrivalsPerSec, arrivalsPerSec }] });
    assert.equal((await checkPorts(asks(500), '32768\t60999\n')).status, 'warn');
    assert.equal((await checkPorts(asks(400), '32768\t60999\n')).status, 'ok');
  });

  it('warns of a wall clock that is being set, and of timers that come late', () => {
    const judge = (wallMs: number, lateMs: number): string => judgeClock({ wallMs: 0, steadyMs: 0 }, { wallMs, steadyMs: 1000 }, lateMs).status;
    assert.equal(judge(1002, 3), 'ok');
    assert.equal(judge(940, 3), 'warn');
    assert.equal(judge(1002, 150), 'warn');
  });

  it('holds the load of each engine against what was measured or derived, and says which', () => {
    const makes = derive(36_000, 2);
    assert.equal(Math.round(makes.perSec.artillery), 1000);
    assert.equal(Math.round(makes.perSec.k6), 14_400);
    const asks = (requestsPerSec: number): Need => need({ engines: [{ name: 'artillery', requestsPerSec, arrivalsPerSec: requestsPerSec }] });
    assert.equal(judgeLoad(makes, asks(900)).status, 'ok');
    assert.equal(judgeLoad(makes, asks(1200)).status, 'warn');
    assert.equal(judgeLoad(makes, asks(1600)).status, 'fail');
    assert.match(judgeLoad(makes, null).detail, /measured: autocannon .*derived/);
  });
});

describe('the folder of runs', () => {
  it('is tried without being left behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scaleplan-doctor-'));
    try {
      assert.equal((await checkOutput(join(folder, 'a/b'))).status, 'ok');
      assert.equal(existsSync(join(folder, 'a')), false);
      mkdirSync(join(folder, 'kept'));
      assert.equal((await checkOutput(join(folder, 'kept'))).status, 'ok');
      assert.equal(existsSync(join(folder, 'kept')), true);
      writeFileSync(join(folder, 'file'), '');
      const blocked = await checkOutput(join(folder, 'file/below'));
      assert.deepEqual([blocked.status, blocked.exitCode], ['fail', 3]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('required thresholds that nothing reads', () => {
  it('are named with the probes that would', async () => {
    const plan = await loadPlan('exchange', { cwd: '/' });
    const conditions = conditionsFor(plan, findPhase(plan, '1'), 'load');
    const blind = checkConditions(conditions, new Set());
    assert.equal(blind?.status, 'warn');
    assert.match(blind?.detail ?? '', /redis\.hit_ratio \(--probe redis, node, prometheus\)/);
    assert.doesNotMatch(blind?.detail ?? '', /http\./);
    assert.equal(checkConditions(conditions, new Set(['redis.hit_ratio', 'postgres.connection_errors']))?.status, 'ok');
  });
});

describe('the exit code of the doctor', () => {
  it('is that of test: wrong usage before a run that cannot be carried out, warnings are none', () => {
    const notAllowed = failedBy('target', new ScaleplanError('target-not-allowed', 'not yours'));
    assert.equal(exitCodeOf([ok('a', ''), warn('b', '', '')]), 0);
    assert.equal(exitCodeOf([ok('a', ''), fail('b', '', '')]), 3);
    assert.equal(exitCodeOf([fail('b', '', ''), notAllowed]), 2);
  });
});
