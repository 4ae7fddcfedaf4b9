import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FlowStep, Scenario } from '../../src/model/scenario.ts';
import { isLostByTarget } from '../../src/run/lost-by-target.ts';
import { interval, times } from '../judge/facts.ts';

const place = { file: 'load.yml', line: 1, column: 1 };
const request: FlowStep = { type: 'request', name: 's', method: 'GET', url: '/', qs: {}, headers: {}, cookie: {}, body: null, captures: [], expect: null, place };
const journeys = (...flow: FlowStep[]): Pick<Scenario, 'journeys'> => ({ journeys: [{ name: 'j', weight: 1, flow, place }] });
const think = (seconds: number): FlowStep => ({ type: 'think', seconds, place });

/** 20 journeys a second are due, 15 are started, and a request takes so long. */
const seconds = (latencyMs: number, more: { readonly loop?: number } = {}) => times(20, (at) => ({
  ...interval(at, [{ latenciesMs: times(15, () => latencyMs) }]), arrivals: 15, skipped: 5, generator: { loopUtilization: more.loop ?? 0.2, loopLagMs: 1 },
}));

describe('a journey that no user was free for', () => {
  const isLost = (scenario: Pick<Scenario, 'journeys'>, ...given: Parameters<typeof seconds>): boolean => isLostByTarget(scenario, 10_000, seconds(...given), seconds(...given));

  it('is the target’s where the users waited for it', () => {
    assert.equal(isLost(journeys(request), 4000), true);
    assert.equal(isLost(journeys(request, think(1)), 4000), true);
    const hanging = [...times(10, (at) => ({ ...interval(at, []), arrivals: 15, skipped: 5 })), ...times(10, (at) => interval(10 + at, [{ errors: { timeout: 15 } }]))];
    assert.equal(isLostByTarget(journeys(request), 10_000, hanging, hanging.slice(0, 10)), true, 'a target that hangs is told of when the users give up');
  });

  it('trap: is the generator’s where they think for longer than they wait, and fit into no more memory', () => {
    assert.equal(isLost(journeys(request, think(60)), 40), false);
    assert.equal(isLost(journeys({ type: 'loop', count: 20, flow: [request, think(3)], place }), 40), false);
  });

  it('is the generator’s where it is out of breath, and where nobody knows what a script does meanwhile', () => {
    assert.equal(isLost(journeys(request), 4000, { loop: 0.95 }), false);
    assert.equal(isLost({ journeys: [] }, 4000), false);
  });

  it('trap: one that is skipped while the last answers are waited for says nothing', () => {
    const all = seconds(4000);
    assert.equal(isLostByTarget(journeys(request), 10_000, all, all.slice(0, 10).map((one) => ({ ...one, skipped: 0 }))), false);
  });
});
