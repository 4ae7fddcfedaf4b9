import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autocannon } from '../../../src/engines/autocannon/driver.ts';
import type { EngineLoad } from '../../../src/engines/engine.ts';
import { ScaleplanError } from '../../../src/errors.ts';
import { journey, load, request, scenario, stage } from './measure.ts';

const target = 'http://127.0.0.1:20000';

function refused(change: Partial<EngineLoad>): ScaleplanError {
  try {
    autocannon.prepare(load(target, change));
  } catch (error) {
    assert.ok(error instanceof ScaleplanError);
    return error;
  }
  throw new assert.AssertionError({ message: 'it was not refused' });
}

const withFlow = (...flow: Parameters<typeof journey>[1]): Partial<EngineLoad> => ({ scenario: scenario({ journeys: [journey('j', flow)] }) });

test('a closed load is taken', () => {
  assert.equal(autocannon.prepare(load(target)), undefined);
});

test('autocannon’s coordinated-omission correction is wrong: an open load is refused, and engines that can are named', () => {
  const error = refused({ shape: { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 1, arrivalsPerSec: { from: 1, to: 1 } }] } });
  assert.equal(error.code, 'engine-cannot');
  assert.match(error.hint ?? '', /artillery or k6/);
});

test('only the last stage may end early, or seconds could not be matched to stages', () => {
  assert.equal(refused({ shape: { model: 'closed', stages: [stage(1, 5, { exactly: 10 }), stage(1, 5)] } }).code, 'engine-cannot');
  assert.equal(autocannon.prepare(load(target, { shape: { model: 'closed', stages: [stage(1, 5), stage(1, 5, { exactly: 10 })] } })), undefined);
});

test('a native script, no user, no stage and a target that is no URL are refused', () => {
  assert.match(refused({ scenario: scenario({ native: { engine: 'artillery', reason: 'it has a processor' } }) }).message, /it has a processor/);
  assert.equal(refused({ shape: { model: 'closed', stages: [stage(0, 5)] } }).code, 'engine-cannot');
  assert.equal(refused({ shape: { model: 'closed', stages: [] } }).code, 'engine-cannot');
  assert.equal(refused({ target: 'ftp://127.0.0.1' }).code, 'engine-cannot');
});

test('what a scenario asks and the engine cannot express is named with file, line and column', () => {
  const messages = [
    refused(withFlow(request('/{{ $environment }}'))),
    refused(withFlow(request('/{{ later }}'), request('/', { captures: [{ kind: 'json', expression: '$.a', as: 'later' }] }))),
    refused(withFlow(request('/{{ $faker(1) }}'))),
    refused(withFlow(request('/', { captures: [{ kind: 'json', expression: '$.items[?(@.a>1)]', as: 'a' }] }))),
    refused(withFlow(request('/', { captures: [{ kind: 'regexp', expression: '(', as: 'a' }] }))),
    refused(withFlow(request('http://other.example/a'))),
  ];
  for (const { code, message } of messages) {
    assert.equal(code, 'wrong-scenario');
    assert.match(message, /^journeys\.yaml:3:5 {2}/);
  }
  assert.match(messages[1]?.message ?? '', /"later" is not set/);
  assert.match(messages[3]?.message ?? '', /\[\?/);
});

test('an endpoint that is not in the scenario, and journeys without a request, are refused', () => {
  assert.match(refused({ endpoint: { journey: 'one', step: 'GET /other' } }).message, /no request named "GET \/other"/);
  assert.match(refused({ endpoint: { journey: 'two', step: 'GET /' } }).message, /no journey "two"/);
  const { place } = request('/');
  assert.match(refused(withFlow({ type: 'think', seconds: 1, place })).message, /no journey sends a request/);
});

test('a loop meant to be endless is refused instead of written out', () => {
  const { place } = request('/');
  assert.match(refused(withFlow({ type: 'loop', count: 1e9, flow: [request('/')], place })).message, /more than 10000 requests/);
});
