import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nearest } from '../../src/model/nearest.ts';

const names = ['get', 'post', 'put', 'patch', 'delete', 'think', 'loop', 'log', 'requestsPerSecond', 'dashboard', 'db-connections'];

for (const [wrong, right] of [
  ['gte', 'get'], ['GET', 'get'], ['dele', 'delete'], ['thinks', 'think'], ['requests_per_second', 'requestsPerSecond'],
  ['requestPerSeconds', 'requestsPerSecond'], ['dash', 'dashboard'], ['db-conections', 'db-connections'],
] as const) {
  test(`${wrong} was meant to be ${right}`, () => assert.equal(nearest(wrong, names), right));
}

for (const wrong of ['zebra', 'xy', 'browsing', '']) {
  test(`"${wrong}" is like none of the names`, () => assert.equal(nearest(wrong, names), null));
}
