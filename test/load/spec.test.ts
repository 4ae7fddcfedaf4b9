import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayTraffic } from '../../src/load/replay.ts';
import { shapeLoad } from '../../src/load/shape.ts';
import type { ShapeRequest } from '../../src/load/shape-request.ts';
import { closedStagesOf, openStagesOf, piecesOf } from '../../src/load/spec-stages.ts';
import type { TimedSpec } from '../../src/load/spec-stages.ts';
import { LOAD_SPEC_EXAMPLES, readLoadSpec } from '../../src/model/load-spec.ts';
import type { FlowStep } from '../../src/model/scenario.ts';

const place = { file: 's.yml', line: 1, column: 1 };
const one: FlowStep = { type: 'request', name: 'a', method: 'GET', url: '/', qs: {}, headers: {}, cookie: {}, body: null, captures: [], expect: null, place };
const ask = (more: Partial<ShapeRequest>): ShapeRequest => ({
  plan: { load: { requestsPerUserPerMinute: { min: 1, max: 1 }, dailyActiveShare: null, peakConcurrentShare: null, readShare: null, assumes: [] }, suites: [] },
  phase: { users: { min: 1, max: 2400 }, load: { requestsPerSecond: 40, concurrentUsers: null, operationsPerDay: null, derivation: '', assumes: [] } },
  step: { suite: 'load', model: 'open', load: {} }, scenario: { journeys: [{ name: 'j', weight: 1, flow: [one, one], place }], phases: [], file: 's.yml' },
  conditions: [], profile: 'quick', flags: { durationSeconds: null, users: null, ratePerSec: null }, spec: null, traffic: null, ...more,
});
const timed = (text: string): TimedSpec => {
  const spec = readLoadSpec(text);
  assert.ok(spec !== null && spec.kind !== 'replay', text);
  return spec;
};

test('every shape of the examples is read, and what is none is not', () => {
  for (const example of LOAD_SPEC_EXAMPLES) assert.notEqual(readLoadSpec(example), null, example);
  assert.deepEqual(readLoadSpec('steps 25%, 50 %,100 % for 2 min'), { kind: 'steps', shares: [0.25, 0.5, 1], eachSeconds: 120 });
  assert.deepEqual(readLoadSpec('  soak   1.5 h '), { kind: 'soak', seconds: 5400 });
  for (const wrong of ['', 'ramp', 'ramp 10-20', 'ramp 0-0 %', 'steps 25, 50 for 60 s', 'steps 0 %', 'spike 0 % for 3 s', 'spike 300 %', 'spike 300 % for 0 s', 'soak', 'soak 4', 'soak for ever', 'replay', 'ramp 1-999999 %', 'constant 5']) {
    assert.equal(readLoadSpec(wrong), null, wrong);
  }
});

test('a spike stands between two levels, and how the target recovers is judged', () => {
  const pieces = piecesOf(timed('spike 300 % for 30 s'), 100);
  assert.deepEqual(pieces.map(({ from, to, judged, seconds }) => [from, to, judged, seconds]), [[1, 1, true, 50], [1, 3, false, 5], [3, 3, true, 30], [3, 1, false, 5], [1, 1, true, 50]]);
});

test('users of a closed model are whole and come one after the other', () => {
  const stages = closedStagesOf(piecesOf(timed('ramp 10-100 %'), 60), 10);
  assert.deepEqual(stages.map(({ users }) => users), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0), 60);
  assert.deepEqual(closedStagesOf(piecesOf(timed('steps 50, 100 % for 10 s'), 60), 7).filter(({ judged }) => judged).map(({ users }) => users), [4, 7]);
  assert.ok(closedStagesOf(piecesOf(timed('ramp 1-100 %'), 5), 1000).every(({ durationSeconds }) => durationSeconds >= 1));
});

test('the levels of an open shape are shares of the phase’s rate, in journeys', () => {
  const { shape, judgedSeconds, meanRatePerSec, ratePerSec } = shapeLoad(ask({ spec: timed('steps 50, 100 % for 60 s') }));
  assert.ok(shape.model === 'open');
  assert.deepEqual(shape.stages.map(({ name, arrivalsPerSec: { from, to } }) => [name, from, to]), [['reference', 5, 5], ['ramp', 5, 10], ['warm-up', 10, 10], ['sustain', 10, 10], ['ramp', 10, 20], ['sustain', 20, 20]]);
  assert.deepEqual([judgedSeconds, ratePerSec, meanRatePerSec], [120, 40, 30]);
});

test('recorded traffic is replayed at its own rates, or scaled to a peak that was asked for', () => {
  const traffic = replayTraffic('t.csv', 'time,requests_per_second\n2026-03-01T09:00:00Z,10\n2026-03-01T09:01:00Z,30\n2026-03-01T09:03:00Z,0\n');
  assert.equal(traffic.peakPerSec, 30);
  assert.deepEqual(traffic.pieces.map(({ seconds }) => seconds), [60, 120, 120]);
  const spec = { kind: 'replay', file: 't.csv' } as const;
  const levels = (request: Partial<ShapeRequest>): number[] => {
    const { shape } = shapeLoad(ask({ spec, traffic, ...request }));
    return shape.model === 'open' ? shape.stages.filter(({ judged }) => judged).map(({ arrivalsPerSec }) => arrivalsPerSec.from) : [];
  };
  assert.deepEqual(levels({}), [5, 15, 0]);
  assert.deepEqual(levels({ flags: { durationSeconds: null, users: null, ratePerSec: 60 } }), [10, 30, 0]);
  assert.throws(() => shapeLoad(ask({ spec, traffic, step: { suite: 'load', model: 'closed', load: { users: 3 } } })), /closed model/);
});

test('traffic that is none is refused with file and line', () => {
  for (const [text, message] of [
    ['', /t\.csv:1: there are fewer than two rows/], ['time,rate\n0,1\n', /fewer than two rows/], ['0,1\nsoon,2\n', /t\.csv:2: "soon" is no time/],
    ['0,1\n1,-2\n', /t\.csv:2: "-2" is no rate/], ['0,1\n1,\n', /t\.csv:2: "" is no rate/], ['5,1\n2,1\n', /t\.csv:2: its time is not/], ['0,0\n1,0\n', /every rate is 0/],
  ] as const) assert.throws(() => replayTraffic('t.csv', text), { code: 'wrong-scenario', message }, text);
  const day = Array.from({ length: 86_402 }, (_, second) => `${second},1`).join('\n');
  assert.throws(() => replayTraffic('t.csv', day), /more than 86,400 rows/);
});

test('openStagesOf keeps the sum of arrivals', () => {
  const stages = openStagesOf(piecesOf(timed('ramp 0-100 %'), 100), 20);
  assert.deepEqual(stages, [{ name: 'sustain', judged: true, durationSeconds: 100, arrivalsPerSec: { from: 0, to: 20 } }]);
});
