import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { network } from '../../../src/diagnose/rules/network.ts';
import { confidenceOf, isNamed, situation, textsOf } from '../situation-builder.ts';

describe('the network', () => {
  it('is named when clients wait much longer than the application needs', () => {
    const finding = network.evaluate(situation({ 'http.mean': [30, 340], 'node.request_time': 12, 'host.network_retransmits': [0, 4], 'node.event_loop_lag': 6, 'node.cpu': 20 }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /clients wait 340 ms, the application needs 12 ms.*4 % of the segments were sent again/);
  });

  it('is not named when the application has no time to accept', () => {
    for (const courses of [{ 'node.event_loop_lag': 300 }, { 'node.cpu': 97 }]) {
      assert.ok(confidenceOf(network.evaluate(situation({ 'http.mean': 900, 'node.request_time': 80, ...courses }))) < 0.5);
    }
  });

  it('does not compare means where answers fail', () => {
    assert.equal(network.evaluate(situation({ 'http.mean': 900, 'node.request_time': 20, 'http.error_rate': 30 })).status, 'not-enough-data');
  });

  it('is not named for a gap of milliseconds', () => assert.equal(confidenceOf(network.evaluate(situation({ 'http.mean': 9, 'node.request_time': 3, 'host.network_retransmits': 0.1 }))), 0));
});
