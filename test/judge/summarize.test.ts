import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarize } from '../../src/judge/summarize.ts';
import { interval, openShape, step, times } from './facts.ts';

test('a summary holds the judged seconds alone, by journey and step, time-outs at their limit', () => {
  const seconds = [
    ...times(20, (at) => interval(at, [{ latenciesMs: [9_000] }])),
    ...times(10, (at) => interval(20 + at, [{ latenciesMs: [10, 10, 10] }, { journey: 'publish', step: 'post', latenciesMs: [40], errors: { 'http-5xx': 1 } }])),
    interval(30, [{ journey: 'publish', step: 'post', errors: { timeout: 1 }, sent: 0 }]),
  ];
  const summary = summarize(step(seconds, { shape: openShape(10, 20), requestsPerArrival: 2 }));
  assert.deepEqual([summary.requests, summary.judgedSeconds, summary.sentPerSec, summary.errors], [51, 10, 5, { 'http-5xx': 10, timeout: 1 }]);
  assert.deepEqual(summary.asked, { ratePerSec: 20, arrivalsPerSec: 10, users: null });
  assert.equal(summary.journeys.dashboard?.latencyMs.p95, 10);
  const publish = summary.journeys.publish?.steps.post;
  assert.deepEqual([publish?.requests, publish?.latencyMs.p50, publish?.latencyMs.max], [21, 40, 10_000]);
  assert.equal(publish?.latencyMs.mean, (10 * 40 + 10_000) / 11);
  assert.equal(summary.errorLatencyMs.p50, null);
});

test('a step without a judged second has no figures, and no zeros in their place', () => {
  const summary = summarize(step([]));
  assert.deepEqual([summary.requests, summary.judgedSeconds, summary.latencyMs.p95], [0, 0, null]);
});
