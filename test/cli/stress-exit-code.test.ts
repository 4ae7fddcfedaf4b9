import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../src/cli/assess.ts';
import type { Report } from '../../src/model/report.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { played, type Played } from './played-search.ts';

const ventures = await loadPlan('ventures', { cwd: '/' });
const exchange = await loadPlan('exchange', { cwd: '/' });

/** Phase 2 of ventures needs 33.3 requests/s. */
function assessed(...given: Parameters<typeof played>): Report {
  return assess(played(...given), ventures, findPhase(ventures, '2'), { folder: 'reports/x', toolVersion: '0' });
}

const climb = (load: number, more: Partial<Played> = {}): Played => ({ load, seconds: 12, purpose: 'climb', ...more });
const confirm = (load: number, seconds: number): Played => ({ load, seconds, purpose: 'confirm' });
const found: readonly Played[] = [climb(16), climb(32), climb(64), ...[48, 56, 62, 59].map((load) => climb(load, { purpose: 'search' })), confirm(56, 62)];
const wayBack: Played = { load: 90, purpose: 'recovery', seconds: 32, overloadSeconds: 12 };

describe('the exit code of a search by users, where nothing broke', () => {
  const none = { by: 'users', edge: Infinity } as const;

  it('trap: 64 users who make 12 requests/s carry no phase that needs 33', () => {
    const report = assessed([climb(16), climb(64), confirm(64, 300)], { ...none, ratePerUser: 12 / 64 });
    assert.equal(report.stress?.confirmedLoad, 64, JSON.stringify(report.verdicts.map(({ condition, status, reason }) => [condition.text, status, reason])));
    assert.equal(report.exitCode, 4);
  });

  it('trap: 8 users who make 120 requests/s do', () => {
    const report = assessed([climb(4), climb(8), confirm(8, 40)], { ...none, ratePerUser: 15 });
    assert.equal(report.stress?.confirmedLoad, 8, report.stress?.summary);
    assert.equal(report.exitCode, 0);
    assert.ok(report.outlook.next.every(({ users }) => users.mid >= 7000), 'it has shown some 7,200 users of the plan');
  });

  it('a load that the generator did not make shows no users, and skips no milestone of the plan', () => {
    const given = played([climb(16), climb(32), climb(4000)]);
    const steps = given.steps.map((one) => (one.stage?.load === 4000 ? { ...one, generatorReasons: ['only 10 of 2000 journeys were started'] } : one));
    const { outlook } = assess({ ...given, steps }, ventures, findPhase(ventures, '2'), { folder: '', toolVersion: '0' });
    assert.ok(outlook.next.some(({ milestone }) => milestone === 'qdrant'), JSON.stringify(outlook.next.map(({ milestone }) => milestone)));
  });
});

describe('the exit code of a search', () => {
  it('is 4 where a required threshold was read by nobody: the report names it, and does not count it among what holds', () => {
    const report = assess(played([climb(30), climb(60), confirm(60, 70)], { edge: Infinity, mix: { 'browse-objects': 0.4, 'view-collection': 0.4, 'collect/claim': 0.2 } }), exchange, findPhase(exchange, '1'), { folder: '', toolVersion: '0' });
    assert.equal(report.stress?.confirmedLoad, 60, JSON.stringify(report.verdicts.map(({ condition, status, reason }) => [condition.text, status, reason])));
    assert.match(report.stress.summary, /every threshold that could be read is proven to hold at 60.*; not measured: .*redis\.hit_ratio/);
    assert.equal(report.exitCode, 4);
  });

  it('is 1 where the target did not come back, also where there was no time to watch it', () => {
    const down = (load: number): Played => climb(load, { seconds: 6, isHarmful: true, isDown: true, purpose: 'search' });
    const report = assessed([...found, down(90), down(48), down(48)]);
    assert.equal(report.stress?.end, 'not-back', report.stress?.summary);
    assert.equal(report.exitCode, 1);
  });

  it('is 4 at best where the health check ended it and nobody saw the target come back', () => {
    assert.equal(assessed([...found, wayBack]).exitCode, 0);
    assert.equal(assessed(found, { facts: { stoppedBy: 'the health URL answered 503' } }).exitCode, 4);
    assert.equal(assessed([...found, wayBack], { facts: { stoppedBy: 'the health URL answered 503' } }).exitCode, 0, 'it had come back before');
  });

  it('is 1 where all breaks only if that reaches down to what is needed, else 4', () => {
    assert.equal(assessed([climb(1000)]).exitCode, 4);
    assert.equal(assessed([climb(1000), climb(100), climb(62.5)], {}).exitCode, 4);
    assert.equal(assessed([climb(100), climb(33.3)], { edge: 20 }).exitCode, 1);
    assert.equal(assessed([climb(8), climb(1)], { by: 'users', edge: 0, ratePerUser: 50 }).exitCode, 4, 'one user makes 50 requests/s');
    assert.equal(assessed([climb(8), climb(1)], { by: 'users', edge: 0, ratePerUser: 20 }).exitCode, 1);
  });
});

describe('a stage that was cut off', () => {
  it('is no evidence: what had held is what is known, and the report says who ended it', () => {
    const report = assessed([climb(16), climb(32), climb(64, { seconds: 2, isCut: true })], { edge: Infinity, facts: { stoppedBy: 'the health URL answered 503' } });
    assert.match(report.stress?.summary ?? '', /^It did not break: 32 requests\/s was the highest load that showed no break/);
    assert.match(report.stress?.summary ?? '', /ended before it could be loaded further: the health URL answered 503/);
    assert.match(report.stress?.notes.join() ?? '', /The stage at 64\/s was cut off after 2 s and counts for nothing/);
  });

  it('does not move the edge', () => {
    const edge = assessed(found).stress?.edge;
    const interrupted = assessed([...found, climb(90, { seconds: 2, isCut: true })], { facts: { stoppedBy: 'interrupted by SIGINT' }, run: { interrupted: 'SIGINT' } });
    assert.deepEqual(interrupted.stress?.edge, edge);
    assert.equal(interrupted.exitCode, 130);
  });

  it('counts all the same where it was broken by proof before', () => {
    const report = assessed([climb(16), climb(32), climb(64, { seconds: 14, isCut: true })], { facts: { stoppedBy: 'interrupted by SIGINT' }, run: { interrupted: 'SIGINT' } });
    assert.ok((report.stress?.edge?.high ?? Infinity) < 90, report.stress?.summary);
  });
});

describe('a share of errors at the confirmed load', () => {
  it('trap: 3,000 requests without an error prove it in one look, not in a stage that is looked at until it holds', () => {
    const lucky = assessed([...found.slice(0, -1), confirm(56, 54)]);
    assert.equal(lucky.stress?.confirmedLoad, null, lucky.stress?.summary);
    const { outcome, told } = lucky.stress.stages.at(-1) ?? {};
    assert.equal(outcome, 'open');
    assert.match(told?.join() ?? '', /http\.error_rate.*enough for one look, not for a stage that is looked at until it holds/);
    assert.equal(assessed(found).stress?.confirmedLoad, 56);
  });

  it('trap: a second chance to prove it needs more; one that broke early, or for its latencies alone, was none', () => {
    const after = (first: Played): Report => assessed([...found.slice(0, -1), first, confirm(54, 63)]);
    assert.equal(after({ ...confirm(58, 62), failures: 1 }).stress?.confirmedLoad, null);
    assert.equal(after({ ...confirm(58, 15), failures: 1 }).stress?.confirmedLoad, 54);
    assert.equal(after(confirm(62, 62)).stress?.confirmedLoad, 54);
  });
});
