import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../src/cli/assess.ts';
import type { Report } from '../../src/model/report.ts';
import type { Run, Trial } from '../../src/model/run.ts';
import type { Sample } from '../../src/model/sample.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { START_MS, times } from '../judge/facts.ts';
import { EDGE, PAUSE_SECONDS, played, type Played } from './played-search.ts';

const plan = await loadPlan('ventures', { cwd: '/' });
const phase = findPhase(plan, '2');

const climb = (load: number, more: Partial<Played> = {}): Played => ({ load, seconds: 12, purpose: 'climb', ...more });
const FOUND: readonly Played[] = [climb(16), climb(32), climb(64), ...[48, 56, 62, 59].map((load) => climb(load, { purpose: 'search' })), climb(56, { purpose: 'confirm', seconds: 62 }), { load: 90, purpose: 'recovery', seconds: 32, overloadSeconds: 12 }];
const consistency = (good: number, all: number): Trial => ({ metric: 'service.data_consistency', value: (100 * good) / all, counted: { good, all }, note: 'counted' });
const assessed = (given: Run): Report => assess(given, plan, phase, { folder: 'reports/x', toolVersion: '0' });

describe('a search, judged', () => {
  const report = assessed(played(FOUND, { trials: [consistency(3000, 3000)] }));

  it('has an edge in requests per second and in users of the plan, whose lower end was confirmed', () => {
    const { capacity } = report.outlook;
    assert.equal(report.stress?.end, 'found', report.stress?.summary);
    assert.equal(report.stress?.confirmedLoad, 56);
    assert.ok(capacity !== null && Math.abs(capacity.ratePerSec.mid / EDGE - 1) < 0.08 && capacity.ratePerSec.low === 56, JSON.stringify(capacity));
    assert.ok(Math.abs(capacity.users.mid / (60 * capacity.ratePerSec.mid) - 1) < 0.01, 'a user of the plan sends one request a minute');
    assert.equal(report.exitCode, 0, 'the phase’s 33.3 requests/s are carried');
  });

  it('judges the thresholds at the confirmed load, and the consistency of the data by what was counted', () => {
    const status = (text: string): string | undefined => report.verdicts.find(({ condition }) => condition.text.includes(text))?.status;
    assert.deepEqual([status('journey=dashboard'), status('error_rate'), status('data_consistency')], ['pass', 'pass', 'pass']);
  });

  it('fails where acknowledged writes are missing, though breaking is no failure', () => {
    const lost = assessed(played(FOUND, { trials: [consistency(239, 240)] }));
    assert.equal(lost.verdicts.find(({ condition }) => condition.text.includes('data_consistency'))?.status, 'fail');
    assert.equal(lost.exitCode, 1);
  });

  it('neither passes nor fails what too few writes can prove', () => {
    const few = assessed(played(FOUND, { trials: [consistency(240, 240)] }));
    const verdict = few.verdicts.find(({ condition }) => condition.text.includes('data_consistency'));
    assert.deepEqual([verdict?.status, verdict?.observed, verdict?.samples, few.exitCode], ['inconclusive', 100, 240, 0]);
    assert.ok(Math.abs((verdict?.low ?? 0) - 98.76) < 0.01, String(verdict?.low));
  });

  it('estimates what comes behind the edge from how busy it was, in users and with its milestone', () => {
    const behind = report.stress?.behind;
    assert.ok(behind?.known === true, JSON.stringify(behind));
    assert.equal(behind.bottleneck, 'node-cpu');
    assert.ok(behind.ratePerSec.mid > 180 && behind.ratePerSec.mid < 330, JSON.stringify(behind));
    assert.equal(report.outlook.next.find(({ milestone }) => milestone === 'node-cpu')?.basis, 'predicted', 'nobody has loaded it so far');
  });

  it('finds what a request costs the event loop by U = X · D, and the bounds that follow', () => {
    const laws = report.stress?.laws;
    const [loop] = laws?.demands ?? [];
    assert.ok(laws !== null && laws !== undefined && loop !== undefined, JSON.stringify(laws));
    assert.equal(loop.bottleneck, 'node-cpu');
    // A third of a percent of a second: 3.3 ms, so at most 300/s; the reading is 1 % too high on the mean.
    assert.ok(loop.demandMs.mid > 3.1 && loop.demandMs.mid < 3.8 && loop.demandMs.low < loop.demandMs.mid, JSON.stringify(loop));
    assert.ok(Math.abs(laws.mostPerSec.mid * loop.demandMs.mid - 1000) < 1e-6);
    assert.ok(laws.knee !== null && laws.knee.mid > 10 && laws.knee.mid < 40, JSON.stringify(laws.knee));
  });

  it('is diagnosed where users were harmed, not where a break was only foreseen', () => {
    const stages = [climb(16), climb(32), climb(64), climb(75, { purpose: 'search', growsMs: 15 }), climb(128)];
    const found = assessed(played(stages, { edge: 80 }));
    const foreseen = found.stress?.stages.find(({ load }) => load === 75);
    assert.deepEqual([foreseen?.outcome, foreseen?.told.length], ['breaks', 1]);
    assert.match(foreseen?.told[0] ?? '', /grows by 1\d ms every second/);
    assert.ok(found.diagnosis.harm.some(({ text }) => text.includes('journey=dashboard')), JSON.stringify(found.diagnosis));
  });

  it('says how long the way back took', () => {
    assert.deepEqual([report.stress?.recovery?.seconds, report.stress?.recovery?.overloadLoad, report.stress?.recovery?.normalLoad], [0, 90, 20]);
  });

  it('that ended its overload for the harm it did counts the pause before the way back', () => {
    const stages = [...FOUND.slice(0, -1), { load: 90, purpose: 'recovery', seconds: 7, overloadSeconds: 7, isHarmful: true }, { load: 90, purpose: 'recovery', seconds: 20, overloadSeconds: 0 }] as const;
    assert.equal(assessed(played(stages)).stress?.recovery?.seconds, PAUSE_SECONDS);
  });
});

describe('a machine that something else keeps busy', () => {
  const withHost = (percent: number): Run => {
    const given = played(FOUND);
    return { ...given, samples: [...given.samples, ...times(200, (at): Sample => ({ atMs: START_MS + at * 1000, probe: 'host', metric: 'host.cpu', value: percent }))] };
  };

  it('is said where the lowest load of the search found it busy, and not where it was idle', () => {
    assert.match(assessed(withHost(96)).stress?.notes[0] ?? '', /96 % in use at 16\/s already.*the edge is that of a busy machine/);
    assert.deepEqual(assessed(withHost(20)).stress?.notes, []);
  });
});

describe('a target that stays down', () => {
  it('fails: the load of the phase was carried once, and is no more', () => {
    const down = (load: number): Played => climb(load, { seconds: 6, isHarmful: true, isDown: true, purpose: 'search' });
    const report = assessed(played([climb(16), climb(32), climb(48), down(64), down(32), down(32), { load: 64, purpose: 'recovery', seconds: 30, overloadSeconds: 0, isDown: true }]));
    assert.equal(report.stress?.end, 'not-back', report.stress?.summary);
    assert.equal(report.stress?.recovery?.seconds, null);
    assert.equal(report.exitCode, 1);
  });
});
