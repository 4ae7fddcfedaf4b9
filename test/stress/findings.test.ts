import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StressFacts } from '../../src/model/run.ts';
import type { StressStage } from '../../src/model/stress.ts';
import { capacityOf, findingsOf, type MeasuredStage } from '../../src/stress/findings.ts';

const facts: StressFacts = { by: 'rate', startLoad: 16, mostLoad: null, stoppedBy: null, notes: [] };

/** A server that answers up to 70 requests/s, in 50 ms ÷ (1 − load ÷ 70). */
function stage(load: number, outcome: StressStage['outcome'], purpose: 'climb' | 'search' | 'confirm' = 'search'): MeasuredStage {
  const meanMs = 50 / (1 - Math.min(0.98, load / 70));
  const throughputPerSec = Math.min(load, 68);
  const state = outcome === 'breaks' ? 'breaks' : outcome === 'open' ? 'open' : 'holds';
  const breakChance = outcome === 'breaks' ? 0.97 : outcome === 'open' ? 0.5 : 0.03;
  return {
    evidence: { load, purpose, isGeneratorLimit: outcome === 'generator', isHarmful: false, seconds: 15, answered: throughputPerSec, made: load, goals: [{ goal: 'p95', breakChance, state }, { goal: 'errors', breakChance: 0.03, state: 'holds' }] },
    shown: { load, purpose, judgedSeconds: 10, outcome, told: [], throughputPerSec, p95Ms: 3 * meanMs, meanMs, errorPercent: 0, inFlight: (throughputPerSec * meanMs) / 1000 },
  };
}

const found = [stage(16, 'holds', 'climb'), stage(32, 'holds', 'climb'), stage(64, 'breaks', 'climb'), stage(48, 'holds'), stage(56, 'holds'), stage(60, 'breaks'), stage(58, 'holds'), stage(59, 'breaks'), stage(54, 'holds', 'confirm')];

describe('what a search comes to', () => {
  it('an edge from the confirmed load to where it surely breaks, as requests and as users of the plan', () => {
    const findings = findingsOf(facts, found, null);
    assert.equal(findings.end, 'found');
    assert.equal(findings.confirmedLoad, 54);
    assert.ok(findings.edge !== null && findings.edge.low === 54 && Math.abs(findings.edge.mid - 58.5) < 2 && findings.edge.high < 70, JSON.stringify(findings.edge));
    assert.match(findings.summary, /^It breaks at about 5\d(\.\d)? requests\/s \(54–6\d(\.\d)?\); every threshold is proven to hold at 54\.$/);
    const capacity = capacityOf(findings, 1 / 60);
    assert.equal(capacity?.users.low, 3240);
  });

  it('tells the threshold that broke from one that held as far as was tried', () => {
    const [p95, errors] = findingsOf(facts, found, null).goals;
    assert.ok(p95 !== undefined && p95.mid !== null && p95.high !== null);
    assert.deepEqual(errors, { goal: 'errors', low: 64, mid: null, high: null });
  });

  it('fits the scalability law to the stages, with a curve of latency', () => {
    const { model } = findingsOf(facts, found, null);
    assert.ok(model !== null && model.r2 > 0.9 && model.curve.length > 10, JSON.stringify(model));
    const at = (load: number) => model.curve.reduce((near, point) => (Math.abs(point.load - load) < Math.abs(near.load - load) ? point : near));
    for (const { throughputPerSec, latencyMs } of model.curve) {
      for (const { low, mid, high } of [throughputPerSec, latencyMs]) assert.ok((low ?? Infinity) <= (mid ?? Infinity) && (mid ?? Infinity) <= (high ?? Infinity));
    }
    assert.ok(Math.abs((at(32).latencyMs.mid ?? 0) / (50 / (1 - 32 / 70)) - 1) < 0.35, JSON.stringify(at(32)));
    assert.ok((at(32).throughputPerSec.mid ?? 0) > 30, 'below the edge what is asked is answered');
  });

  it('draws the law over users that think between their requests: those who think are not in flight', () => {
    const byUsers = (thinkSeconds: number, load: number): MeasuredStage => {
      // X(N) of the law α = 0.02, β = 0.0004, γ = 20; users = N + X · Z.
      let inFlight = 0;
      const perSec = (n: number): number => (20 * n) / (1 + 0.02 * (n - 1) + 0.0004 * n * (n - 1));
      while (inFlight + perSec(inFlight) * thinkSeconds < load) inFlight += 0.001;
      const one = stage(load, 'holds');
      return { ...one, shown: { ...one.shown, throughputPerSec: perSec(inFlight), inFlight, meanMs: (1000 * inFlight) / perSec(inFlight) } };
    };
    for (const thinkSeconds of [0, 1]) {
      const stages = [20, 40, 80, 120, 160, 200, 240].map((load) => byUsers(thinkSeconds, load));
      const { model } = findingsOf({ ...facts, by: 'users' }, stages, null);
      assert.ok(model !== null && Math.abs((model.thinkSeconds ?? -1) - thinkSeconds) < 0.05, JSON.stringify(model?.thinkSeconds));
      for (const { shown } of stages) {
        const at = model.curve.reduce((near, point) => (Math.abs(point.load - shown.load) < Math.abs(near.load - shown.load) ? point : near));
        assert.ok(Math.abs((at.throughputPerSec.mid ?? 0) / shown.throughputPerSec - 1) < 0.12, `${thinkSeconds} ${shown.load} ${at.throughputPerSec.mid} ${shown.throughputPerSec}`);
      }
    }
  });

  it('is no capacity where nothing broke, where all broke, and where the generator was the limit', () => {
    const never = findingsOf(facts, [stage(16, 'holds', 'climb'), stage(16, 'holds', 'confirm')], null);
    assert.equal(never.end, 'never-broke');
    assert.match(never.summary, /did not break: every threshold is proven to hold at 16 requests\/s; the time ended before/);
    const limited = findingsOf({ ...facts, mostLoad: 16 }, [stage(16, 'holds', 'climb')], null);
    assert.match(limited.summary, /nothing above 16 requests\/s was to be tried.* The most that this machine made was 16/);
    const atOnce = findingsOf(facts, [stage(16, 'breaks', 'climb'), stage(8, 'breaks', 'climb')], null);
    assert.deepEqual([atOnce.end, capacityOf(atOnce, 1)], ['broke-at-once', null]);
    assert.match(atOnce.summary, /already at 8 requests\/s/);
    const spoiled = findingsOf(facts, [stage(16, 'holds', 'climb'), stage(32, 'generator', 'climb')], null);
    assert.equal(spoiled.end, 'generator-limit');
    assert.match(spoiled.summary, /generator, not the target, was the limit.*The most that this machine made was 32 requests\/s/);
  });

  it('a target that no longer carries what it carried before: the edge is of the time when it worked, and the rest says it is down', () => {
    const harmful = (load: number): MeasuredStage => { const one = stage(load, 'breaks'); return { ...one, evidence: { ...one.evidence, isHarmful: true } }; };
    const { end, edge, summary } = findingsOf(facts, [stage(16, 'holds', 'climb'), stage(32, 'holds', 'climb'), harmful(64), harmful(32), harmful(32)], null);
    assert.equal(end, 'not-back');
    assert.ok(edge !== null && edge.mid > 34 && edge.mid < 62, JSON.stringify(edge));
    assert.match(summary, /and did not come back: afterwards it failed at 32 requests\/s, which it had carried before/);
  });

  it('leaves stages that the generator spoiled out of the edge and of the model', () => {
    const { edge } = findingsOf(facts, [...found, stage(20, 'generator'), stage(20, 'generator')], null);
    assert.ok(edge !== null && edge.mid > 55);
  });

  it('a stage that a neighbour spoiled below what held since is no limit of the generator', () => {
    const { end, summary } = findingsOf({ ...facts, mostLoad: 60 }, [stage(16, 'generator', 'climb'), ...[16, 32, 60].map((load) => stage(load, 'holds', 'climb')), stage(60, 'holds', 'confirm')], null);
    assert.equal(end, 'never-broke');
    assert.match(summary, /^It did not break: every threshold is proven to hold at 60 requests\/s; nothing above/);
  });

  it('of users the capacity is what the confirming stage made, whatever a stage near by that answered nothing made of its users', () => {
    const made = (users: number, outcome: StressStage['outcome'], throughputPerSec: number, purpose: 'search' | 'confirm' = 'search'): MeasuredStage => {
      const one = stage(users, outcome, purpose);
      return { evidence: { ...one.evidence, answered: null, made: null }, shown: { ...one.shown, throughputPerSec } };
    };
    const findings = findingsOf({ ...facts, by: 'users', startLoad: 1 }, [made(2, 'holds', 40), made(8, 'breaks', 0), made(4, 'holds', 80), made(5, 'breaks', 0), made(4, 'holds', 84, 'confirm')], null);
    assert.equal(findings.confirmedLoad, 4);
    const capacity = capacityOf(findings, 1);
    assert.equal(capacity?.ratePerSec.low, 84);
    assert.ok(capacity.ratePerSec.mid >= 84 && capacity.ratePerSec.high < 150, JSON.stringify(capacity));
  });

  it('says that it was ended, by whom, rather than that the time was over', () => {
    const { summary } = findingsOf({ ...facts, stoppedBy: 'the health URL answered 503' }, [stage(16, 'holds', 'climb'), stage(32, 'holds', 'climb')], null);
    assert.match(summary, /It did not break.*it was ended before it could be loaded further: the health URL answered 503\./);
  });

  it('names a threshold that nothing could read, and does not count it among those that hold', () => {
    const unread = (one: MeasuredStage): MeasuredStage => ({ ...one, unread: ['redis.hit_ratio > 80 %'] });
    const { summary } = findingsOf(facts, found.map(unread), null);
    assert.match(summary, /every threshold that could be read is proven to hold at 54; not measured: redis\.hit_ratio > 80 %\.$/);
  });

  it('says who ended it', () => {
    assert.match(findingsOf({ ...facts, stoppedBy: 'the health URL answered 503' }, found, null).notes[0] ?? '', /ended early: the health URL answered 503/);
  });
});
