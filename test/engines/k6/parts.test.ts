import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { firstArrivalSeconds, k6Options } from '../../../src/engines/k6/options.ts';
import { PROTOCOL, readMessage } from '../../../src/engines/k6/protocol.ts';
import { k6 } from '../../../src/engines/k6/driver.ts';
import { k6Sources } from '../../../src/engines/k6/sources.ts';
import type { EngineLoad } from '../../../src/engines/engine.ts';
import { ScaleplanError } from '../../../src/errors.ts';
import { ERROR_KINDS } from '../../../src/model/interval.ts';
import type { OpenStage } from '../../../src/model/load.ts';
import { bucketIndex } from '../../../src/stats/histogram.ts';
import { constant } from '../artillery/run-script.ts';
import { journey, load, request, scenario, stage } from '../autocannon/measure.ts';

function goText(name: string): string {
  return readFileSync(new URL(`../../../src/engines/k6/extension/${name}`, import.meta.url), 'utf8');
}

test('the extension counts in the same HDR layout, and knows the same protocol and kinds of errors', () => {
  const table = /range map\[int64\]int\{([^}]*)\}/.exec(goText('histogram_test.go'))?.[1] ?? '';
  const pairs = [...table.matchAll(/([\w* ]+): ([\d_]+)/g)].map(([, us = '', index = '']) => [us.trim().replace('highestUs', '3600000000').replaceAll('_', ''), Number(index.replaceAll('_', ''))] as const);
  assert.equal(pairs.length, 11);
  for (const [us, index] of pairs) {
    const value = us.split('*').reduce((product, factor) => product * Number(factor), 1);
    assert.equal(bucketIndex(value), index, `${value} µs`);
  }
  assert.equal(Number(/const protocol = (\d+)/.exec(goText('settings.go'))?.[1]), PROTOCOL);
  for (const [, kind = ''] of goText('errorkind.go').matchAll(/^\tkind\w+ += "([^"]+)"/gm)) assert.ok(ERROR_KINDS.some((known) => known === kind), kind);
});

test('go.mod pins k6 and xk6, so that a build needs no lists of versions', () => {
  const mod = goText('go.mod');
  assert.match(mod, /^tool go\.k6\.io\/xk6$/m);
  assert.match(mod, /go\.k6\.io\/xk6 v\d+\.\d+\.\d+/);
  const { k6Version, goVersion, binary } = k6Sources({ XDG_CACHE_HOME: '/c' });
  assert.match(k6Version, /^v2\.\d+\.\d+$/);
  assert.match(goVersion, /^1\.\d+/);
  assert.match(binary, /^\/c\/scaleplan\/k6\/v2\.[\d.]+-[0-9a-f]{12}\/k6$/);
});

test('a line that is no message of the extension is none', () => {
  assert.equal(readMessage('{"type":"interval"}'), null);
  assert.equal(readMessage('INFO something'), null);
  assert.deepEqual(readMessage('{"type":"end","code":99,"reason":"x","own":null}'), { type: 'end', code: 99, reason: 'x', own: null });
});

interface Arrivals {
  readonly startRate: number;
  readonly timeUnit: string;
  readonly stages: readonly { readonly target: number; readonly duration: string }[];
  readonly maxVUs: number;
  readonly preAllocatedVUs: number;
}

function arrivals(stages: readonly OpenStage[], change: Partial<EngineLoad['scenario']> = {}): Arrivals {
  const options = k6Options({ shape: { model: 'open', stages }, scenario: scenario(change), timeoutMs: 2000, isEndpoint: false });
  return (options['scenarios'] as { scaleplan: Arrivals }).scaleplan;
}

/** Journeys that k6's ramping-arrival-rate makes of these options. */
function made({ startRate, stages, timeUnit }: Arrivals): number {
  let [from, area] = [startRate, 0];
  for (const { target, duration } of stages) {
    area += (((from + target) / 2) * Number.parseFloat(duration)) / 1000;
    from = target;
  }
  return Math.floor(area / Number.parseFloat(timeUnit) + 1e-9);
}

for (const [from, to, seconds] of [[4.58, 4.58, 60], [1.145, 4.58, 20], [0, 33.3, 10], [12.5, 2.5, 45], [0.01, 0.01, 30]] as const) {
  test(`k6 takes no fractions: ${from}/s to ${to}/s over ${seconds} s makes the nearest whole number of journeys`, () => {
    const stages: OpenStage[] = [{ name: 'ramp', judged: false, durationSeconds: seconds, arrivalsPerSec: { from, to } }];
    assert.equal(made(arrivals(stages)), Math.round(((from + to) / 2) * seconds + 1e-9));
  });
}

test('the first journey comes when half of one is due', () => {
  assert.equal(firstArrivalSeconds([constant(10, 5)]), 0.05);
  assert.equal(firstArrivalSeconds([{ ...constant(0, 4), arrivalsPerSec: { from: 0, to: 4 } }]), 1);
  assert.equal(firstArrivalSeconds([constant(0, 3), constant(1, 5)]), 3.5);
});

test('k6 drops arrivals while it makes new users: enough for every request to time out are made beforehand', () => {
  const { place } = request('/');
  const flow = [request('/a'), { type: 'think', seconds: 6, place } as const, { type: 'loop', count: 2, flow: [request('/b')], place } as const];
  const { maxVUs, preAllocatedVUs } = arrivals([constant(10, 5)], { journeys: [journey('j', flow)] });
  // 10/s, each for up to 6 s of thought and three times 2 s.
  assert.ok(maxVUs >= 120 && maxVUs <= 150, `${maxVUs}`);
  assert.equal(preAllocatedVUs, maxVUs);
});

test('of a script of the user’s nobody knows how long it thinks: users for its requests are made beforehand, those for half a minute of thought when they are needed', () => {
  const { maxVUs, preAllocatedVUs } = arrivals([constant(10, 5)], { journeys: [] });
  assert.ok(preAllocatedVUs >= 20 && preAllocatedVUs <= 40, `${preAllocatedVUs}`);
  assert.ok(maxVUs >= 320 && maxVUs <= 400, `${maxVUs}`);
});

function refused(change: Partial<EngineLoad>): ScaleplanError {
  try {
    k6.prepare(load('http://127.0.0.1:20000', change));
  } catch (error) {
    assert.ok(error instanceof ScaleplanError);
    return error;
  }
  throw new assert.AssertionError({ message: 'it was not refused' });
}

const withFlow = (...flow: Parameters<typeof journey>[1]): Partial<EngineLoad> => ({ scenario: scenario({ journeys: [journey('j', flow)] }) });

test('both models are taken; a load that is none is refused', () => {
  assert.equal(k6.prepare(load('http://127.0.0.1:20000')), undefined);
  assert.equal(k6.prepare(load('http://127.0.0.1:20000', { shape: { model: 'open', stages: [constant(1, 1)] } })), undefined);
  assert.equal(refused({ shape: { model: 'open', stages: [constant(0, 1)] } }).code, 'wrong-usage');
  assert.equal(refused({ shape: { model: 'closed', stages: [stage(0, 5)] } }).code, 'engine-cannot');
  assert.equal(refused({ shape: { model: 'closed', stages: [] } }).code, 'engine-cannot');
  assert.equal(refused({ target: 'ftp://127.0.0.1' }).code, 'engine-cannot');
});

test('what a scenario asks and k6 cannot express is named with file, line and column, and so are the engines that can', () => {
  const place = { file: 'journeys.yaml', line: 7, column: 9 };
  const error = refused({ scenario: scenario({ unsupported: [{ place, what: '"parallel" as a step' }] }) });
  assert.equal(error.code, 'engine-cannot');
  assert.match(error.message, /journeys\.yaml:7:9 {2}k6 cannot express "parallel"/);
  assert.match(error.hint ?? '', /artillery/);
  const native = { engine: 'artillery', reason: 'it has a processor' } as const;
  assert.match(refused({ scenario: scenario({ native }) }).message, /it has a processor, which k6 cannot run/);
  const messages = [
    refused(withFlow(request('/{{ $environment }}'))),
    refused(withFlow(request('/{{ later }}'), request('/', { captures: [{ kind: 'json', expression: '$.a', as: 'later' }] }))),
    refused(withFlow(request('/{{ $faker(1) }}'))),
    refused(withFlow(request('/', { captures: [{ kind: 'json', expression: '$.items[?(@.a>1)]', as: 'a' }] }))),
    refused(withFlow(request('http://other.example/a'))),
  ];
  for (const { code, message } of messages) {
    assert.equal(code, 'wrong-scenario');
    assert.match(message, /^journeys\.yaml:3:5 {2}/);
  }
});

test('an endpoint that is not in the scenario, journeys without a request, and an endpoint of a k6 script are refused', () => {
  assert.match(refused({ endpoint: { journey: 'one', step: 'GET /other' } }).message, /no request named "GET \/other"/);
  assert.match(refused({ endpoint: { journey: 'two', step: 'GET /' } }).message, /no journey "two"/);
  const { place } = request('/');
  assert.match(refused(withFlow({ type: 'think', seconds: 1, place })).message, /no journey sends a request/);
  const native = { engine: 'k6', reason: 'it is a k6 script' } as const;
  assert.equal(refused({ scenario: scenario({ native }), endpoint: { journey: 'a', step: 'b' } }).code, 'engine-cannot');
});
