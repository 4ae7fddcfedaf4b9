import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClientRecord, Situation } from '../../src/diagnose/rule.ts';
import type { Diagnosis } from '../../src/model/report.ts';
import { seriesOf, situation, type Course } from './situation-builder.ts';
import { SLOW, told } from './trouble.ts';

/** A run without any probe: only what the client counted. */
function clientOnly(courses: { readonly throughput: Course; readonly mean: Course; readonly sent: Course; readonly inFlight?: Course; readonly client?: Partial<ClientRecord> }): Situation {
  return situation({ 'http.throughput': courses.throughput, 'http.mean': courses.mean, 'http.error_rate': 0 }, {
    sentPerSec: seriesOf(courses.sent),
    client: { inFlight: seriesOf(courses.inFlight ?? 1), arrivals: null, errorsIn: () => ({}), journeys: [], ...courses.client },
  });
}

const textOf = ({ observations }: Diagnosis): string => observations.map(({ text }) => text).join(' · ');

describe('the client alone', () => {
  it('names no bottleneck, and the probes that would', () => {
    const found = told(clientOnly({ throughput: [8, 20], mean: [10, 900], sent: [8, 33] }));
    assert.deepEqual([found.outcome, found.bottlenecks], ['not-enough-evidence', []]);
    assert.ok(found.unknown.length >= 10 && found.unknown.every(({ missing }) => missing.length > 0));
    assert.match(textOf(found), /20\/s are answered of 33\/s sent: about 20\/s is the capacity/);
    assert.match(textOf(found), /90 times as long as at a quarter of the load \(10 → 900 ms\): the knee lies between 8 and 33 requests\/s/);
  });

  it('sees requests pile up', () => {
    const found = told(clientOnly({ throughput: [8, 20], mean: [10, 900], sent: [8, 33], inFlight: (second) => Math.max(1, (second - 20) * 8) }));
    assert.match(textOf(found), /requests in flight grow from \d+ to \d+: more come in than are answered/);
  });

  it('finds the throughput that more load does not raise', () => {
    const rising = (second: number): number => (second < 40 ? 20 : second < 60 ? 40 : 60);
    const found = told(clientOnly({ throughput: (second) => Math.min(41, rising(second)), mean: [10, 300], sent: rising }));
    assert.match(textOf(found), /throughput stays at 41\/s while the load rises from 40 to 60\/s/);
  });

  it('tells which journey suffers, and draws a conclusion only where another is untouched', () => {
    const journeys = (other: number) => [{ name: 'generate', mean: seriesOf([40, 4000]) }, { name: 'browse', mean: seriesOf([10, other]) }];
    const run = (other: number): string => textOf(told(clientOnly({ throughput: 33, mean: [10, 400], sent: [8, 33], client: { journeys: journeys(other) } })));
    assert.match(run(11), /generate takes 100 times as long .*, browse 1\.1 times: it is something that generate uses and browse does not/);
    assert.doesNotMatch(run(60), /uses and browse/);
  });

  it('reads the kinds of errors, but not those of the scenario', () => {
    const found = told(clientOnly({ throughput: [8, 20], mean: 10, sent: 33, client: { errorsIn: () => ({ refused: 400, 'http-5xx': 200, 'http-4xx': 900, reset: 1 }) } }));
    assert.match(textOf(found), /20 % connections refused.*10 % answers 5xx/);
    assert.doesNotMatch(textOf(found), /4xx|reset/);
  });

  it('says nothing where nobody is harmed', () => {
    assert.deepEqual(told(clientOnly({ throughput: [8, 33], mean: [10, 90], sent: [8, 33] }), []).observations, []);
    assert.ok(told(clientOnly({ throughput: [8, 33], mean: [10, 90], sent: [8, 33] }), [SLOW]).observations.length > 0);
  });
});
