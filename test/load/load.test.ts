import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickDuration } from '../../src/load/duration.ts';
import { requestMix } from '../../src/load/request-mix.ts';
import type { ShapeRequest } from '../../src/load/shape-request.ts';
import { shapeLoad } from '../../src/load/shape.ts';
import type { Suite } from '../../src/model/plan.ts';
import type { FlowStep, Journey } from '../../src/model/scenario.ts';
import { condition } from '../judge/facts.ts';
import { randomNumbers } from '../stats/random.ts';

const place = { file: 's.yml', line: 1, column: 1 };
const get = (name: string): FlowStep => ({ type: 'request', name, method: 'GET', url: '/', qs: {}, headers: {}, cookie: {}, body: null, captures: [], expect: null, place });
const journey = (name: string, weight: number, ...steps: string[]): Journey => ({ name, weight, flow: steps.map(get), place });
const journeys = [journey('dashboard', 20, 'dash', 'finance'), journey('browsing', 20, 'list', 'read'), journey('generation', 10, 'generate'), journey('publish', 5, 'drafts', 'post')];
const errors = condition('http.error_rate < 0.1 %');
const profile = { concurrentUsers: [100, 500, 1000, 2000], rampSeconds: 120, sustainSeconds: 1800 };
const suite: Suite = { id: 'load', assumes: [], purpose: '', frequency: '', thresholds: [], scenarios: [], profile, source: null };

const ask = (more: Partial<ShapeRequest> = {}): ShapeRequest => ({
  plan: { load: { requestsPerUserPerMinute: { min: 0.5, max: 1 }, dailyActiveShare: 30, peakConcurrentShare: 10, readShare: 80, assumes: [] }, suites: [suite] },
  phase: { users: { min: 500, max: 2000 }, load: { requestsPerSecond: 100 / 3, concurrentUsers: 200, operationsPerDay: null, derivation: '', assumes: [] } },
  step: { suite: 'load', model: 'open', load: {} }, scenario: { journeys, phases: [], file: 's.yml' },
  conditions: [errors], profile: 'quick', flags: { durationSeconds: null, users: null, ratePerSec: null }, spec: null, traffic: null, ...more,
});

test('the mix counts requests by weight, loops as often as they go round', () => {
  const mix = requestMix(journeys);
  assert.ok(Math.abs(mix.requestsPerArrival - 100 / 55) < 1e-12);
  assert.ok(Math.abs((mix.shares.dashboard ?? 0) + (mix.shares.browsing ?? 0) - 0.8) < 1e-12);
  assert.ok(Math.abs((mix.shares['publish/post'] ?? 0) - 0.05) < 1e-12);
  const looped = requestMix([{ ...journey('loop', 1), flow: [get('a'), { type: 'loop', count: 3, flow: [get('b')], place }] }]);
  assert.deepEqual([looped.requestsPerArrival, looped.shares['/b'], looped.scatter], [4, 0.75, 0]);
});

test('a required "< 0.1 %" sets the duration, with the sum in words', () => {
  const quick = quickDuration({ ratePerSec: 100 / 3, conditions: [errors, condition('http.p95 < 1 s')], ...requestMix(journeys) });
  assert.ok(quick.requests > 4_742 && quick.requests < 4_850, `${quick.requests}`);
  assert.equal(quick.seconds, Math.ceil(quick.requests / (100 / 3)));
  assert.match(quick.because.join('\n'), /4,742 requests/);
  const exact = quickDuration({ ratePerSec: 100, conditions: [errors], shares: {}, scatter: 0 });
  assert.equal(exact.seconds, 48);
});

test('the extra requests are enough: 99 of 100 random mixes reach the number', () => {
  const mix = requestMix(journeys);
  const { seconds } = quickDuration({ ratePerSec: 100 / 3, conditions: [errors], ...mix });
  const random = randomNumbers(3);
  const arrivals = Math.floor((seconds * (100 / 3)) / mix.requestsPerArrival);
  let short = 0;
  for (let run = 0; run < 2_000; run += 1) {
    let requests = 0;
    for (let at = 0; at < arrivals; at += 1) requests += random() < 10 / 55 ? 1 : 2;
    if (requests < 4_742) short += 1;
  }
  assert.ok(short <= 40, `${short} of 2,000 runs were too short`);
});

test('a rare journey makes the run longer; what is not required or no threshold does not', () => {
  const rare = quickDuration({ ratePerSec: 10, conditions: [condition('http.error_rate{journey=publish} < 1 %')], ...requestMix(journeys) });
  assert.ok(rare.requests > 4_700 && rare.requests < 5_400, `${rare.requests}`);
  assert.match(rare.because.join('\n'), /its share is 10 %/);
  const free = quickDuration({ ratePerSec: 10, conditions: [condition('http.error_rate < 0.1 %', { required: false }), condition('http.p99 > 1 s', { kind: 'alert' })], shares: {} });
  assert.equal(free.requests, 0);
  const long = quickDuration({ ratePerSec: 1000, conditions: [condition('queue.depth < 50 for 5 min')], shares: {} });
  assert.equal(long.seconds, 300);
});

test('quick: a quarter as reference, ramp and warm-up unjudged, then the phase’s rate in arrivals', () => {
  const shaped = shapeLoad(ask());
  assert.equal(shaped.shape.model, 'open');
  assert.deepEqual(shaped.shape.stages.map(({ name, judged }) => [name, judged]), [['reference', false], ['ramp', false], ['warm-up', false], ['sustain', true]]);
  const rates = shaped.shape.stages.map((stage) => ('arrivalsPerSec' in stage ? stage.arrivalsPerSec.to : 0));
  assert.ok(Math.abs((rates[3] ?? 0) - 18.333) < 0.001 && Math.abs((rates[0] ?? 0) - 18.333 / 4) < 0.001);
  assert.deepEqual(shaped.warnings, []);
  assert.equal(shaped.totalSeconds, 30 + shaped.judgedSeconds);
});

test('documented: the rungs that fall into the phase', () => {
  const { shape, totalSeconds } = shapeLoad(ask({ profile: 'documented' }));
  assert.equal(totalSeconds, 20 + 3 * (120 + 1800));
  const sustained = shape.stages.filter(({ judged }) => judged).map((stage) => ('arrivalsPerSec' in stage ? Math.round(stage.arrivalsPerSec.to * (100 / 55) * 60) : 0));
  assert.deepEqual(sustained, [500, 1000, 2000], 'one request per user per minute');
});

test('as written: the scenario’s own phases, ramps unjudged, refused where there are none', () => {
  const phases = [{ durationSeconds: 60, arrivalRate: 1, rampTo: 10 }, { durationSeconds: 120, arrivalRate: 10, rampTo: null }];
  const { shape } = shapeLoad(ask({ profile: 'as-written', scenario: { journeys, phases, file: 's.yml' } }));
  assert.deepEqual(shape.stages.map(({ judged, durationSeconds }) => [judged, durationSeconds]), [[false, 60], [true, 120]]);
  assert.throws(() => shapeLoad(ask({ profile: 'as-written' })), { code: 'wrong-usage' });
});

test('flags override, and a duration that cannot decide is warned of', () => {
  const short = shapeLoad(ask({ flags: { durationSeconds: 10, users: null, ratePerSec: 50 } }));
  assert.deepEqual([short.judgedSeconds, short.ratePerSec], [10, 50]);
  assert.match(short.warnings[0] ?? '', /500 requests in 10 s cannot decide/);
  assert.equal(shapeLoad(ask({ flags: { durationSeconds: null, users: 1200, ratePerSec: null } })).ratePerSec, 20);
  assert.throws(() => shapeLoad(ask({ flags: { durationSeconds: null, users: null, ratePerSec: 0 } })), { code: 'wrong-plan' });
});

test('unit: closed, until 4,742 requests, at most as long as the required throughput needs for them', () => {
  const conditions = [errors, condition('http.throughput > 100 /s'), condition('http.p95 < 200 ms')];
  const shaped = shapeLoad(ask({ step: { suite: 'unit', model: 'closed', load: { users: 4 } }, conditions }));
  const [warmUp, sustain] = shaped.shape.stages;
  assert.deepEqual([warmUp?.judged, warmUp?.durationSeconds], [false, 2]);
  assert.deepEqual(sustain, { name: 'sustain', judged: true, durationSeconds: 48, users: 4, enough: { requests: 4_742, minimumSeconds: 11 } });
  const quick = shapeLoad(ask({ step: { suite: 'unit', model: 'closed', load: { users: 4 } }, conditions: conditions.slice(1) }));
  assert.equal(quick.shape.stages[1]?.durationSeconds, 40, 'a rate that ten seconds leave open is given longer');
  const fixed = shapeLoad(ask({ step: { suite: 'unit', model: 'closed', load: { users: 4 } }, conditions, flags: { durationSeconds: 5, users: 2, ratePerSec: null } }));
  assert.deepEqual(fixed.shape.stages[1], { name: 'sustain', judged: true, durationSeconds: 5, users: 2, enough: null });
  assert.equal(fixed.warnings.length, 1);
});
