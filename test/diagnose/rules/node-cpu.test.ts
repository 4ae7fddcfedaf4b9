import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeCpu } from '../../../src/diagnose/rules/node-cpu.ts';
import { confidenceOf, isNamed, situation, textsOf } from '../situation-builder.ts';

describe('Node.js CPU', () => {
  it('is named when the loop is late because the process computes', () => {
    const finding = nodeCpu.evaluate(situation({ 'node.event_loop_lag': [8, 340], 'node.cpu': [25, 98] }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /lag p99 340 ms.*98 % of a core/);
  });

  it('is named on a crowded host, where a loop that never rests does not get a whole core', () => {
    const finding = nodeCpu.evaluate(situation({ 'node.event_loop_lag': 400, 'node.cpu': 75, 'node.event_loop_utilization': 99 }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /busy 99 % of the time/);
  });

  it('is only coming at 90 % CPU while the loop is in time', () => {
    assert.equal(confidenceOf(nodeCpu.evaluate(situation({ 'node.event_loop_lag': 20, 'node.cpu': 90 }))), 0.5);
  });

  it('is not named for one long pause', () => {
    assert.equal(confidenceOf(nodeCpu.evaluate(situation({ 'node.event_loop_lag': (second) => (second === 40 ? 2000 : 8), 'node.cpu': 30 }))), 0);
  });

  it('stays below the line when the loop is late without computing: something blocks it', () => {
    const finding = nodeCpu.evaluate(situation({ 'node.event_loop_lag': 300, 'node.cpu': 12 }));
    assert.ok(confidenceOf(finding) < 0.5);
    assert.match(textsOf(finding, false), /blocks the loop without computing/);
  });

  it('stays below the line when other processes starve it', () => {
    const finding = nodeCpu.evaluate(situation({ 'node.event_loop_lag': 300, 'node.cpu': 30, 'node.run_queue_wait': 45 }));
    assert.match(textsOf(finding, false), /starve it/);
  });

  it('cannot be judged without the application’s metrics', () => {
    assert.equal(nodeCpu.evaluate(situation({ 'host.cpu': 99 })).status, 'not-enough-data');
  });
});
