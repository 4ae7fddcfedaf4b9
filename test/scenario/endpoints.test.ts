import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FlowStep, Journey, Scenario } from '../../src/model/scenario.ts';
import { addressesOf } from '../../src/scenario/addresses.ts';
import { endpointsOf } from '../../src/scenario/endpoints.ts';

const place = { file: 's.yml', line: 1, column: 1 };

function get(url: string, capture?: string): FlowStep {
  const captures = capture === undefined ? [] : [{ kind: 'json' as const, expression: '$.id', as: capture }];
  return { type: 'request', name: `GET ${url}`, method: 'GET', url, qs: {}, headers: {}, cookie: {}, body: null, captures, expect: null, place };
}

function journey(name: string, weight: number, ...flow: readonly FlowStep[]): Journey {
  return { name, weight, flow, place };
}

function scenario(...journeys: readonly Journey[]): Scenario {
  return { file: 's.yml', native: null, journeys, before: [], variables: {}, payloads: [], defaultHeaders: {}, timeoutMs: null, unsupported: [], phases: [] };
}

const mixed = scenario(
  journey('read', 3, get('/list', 'id'), { type: 'think', seconds: 1, place }, get('/item/{{ id }}')),
  journey('write', 1, { type: 'loop', count: 3, flow: [get('/write'), { type: 'loop', count: 2, flow: [get('/list')], place }], place }),
  journey('never', 0, get('/never')),
);

test('an endpoint comes once, journeys that never run are left out, and captures that it needs are told', () => {
  assert.deepEqual(endpointsOf(mixed), [
    { journey: 'read', step: 'GET /list', behindCaptures: false },
    { journey: 'read', step: 'GET /item/{{ id }}', behindCaptures: true },
    { journey: 'write', step: 'GET /write', behindCaptures: false },
  ]);
});

test('a capture of another journey does not count as needed', () => {
  const both = scenario(journey('a', 1, get('/a', 'id')), journey('b', 1, get('/b/{{ id }}')));
  assert.deepEqual(endpointsOf(both).map((endpoint) => endpoint.behindCaptures), [false, false]);
});

test('hosts beside the target are told, each once, also within loops', () => {
  const loop: FlowStep = { type: 'loop', count: 2, flow: [get('http://b:1/{{ x }}'), get('http://b:1/y'), get('{{ target }}/z')], place };
  assert.deepEqual(addressesOf(scenario(journey('a', 1, get('/a'), get('https://a.example/x?y'), loop))).map(({ url }) => url), ['https://a.example', 'http://b:1']);
});
