import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventLoopBlocked } from '../../../src/diagnose/rules/event-loop-blocked.ts';
import { confidenceOf, isNamed, situation, textsOf } from '../situation-builder.ts';

describe('a blocked event loop', () => {
  it('is named when the loop is late, occupied, and does not compute', () => {
    const late = { 'node.event_loop_lag': [5, 260], 'node.cpu': [10, 22], 'node.event_loop_utilization': [12, 85] } as const;
    const finding = eventLoopBlocked.evaluate(situation({ ...late, 'node.run_queue_wait': 4 }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /260 ms in the median second at 22 % of a core.*occupied 85 % of the time and computes 22 %, and waits 4 % for a core/);
    assert.equal(confidenceOf(eventLoopBlocked.evaluate(situation(late))), 0.5, 'others may starve it, and nobody looked');
  });

  it('is named by what is left of an occupied loop, where its delay is forgotten before it is counted', () => {
    const held = { 'node.event_loop_lag': 20, 'node.cpu': 4, 'node.event_loop_utilization': [5, 88] } as const;
    assert.ok(isNamed(eventLoopBlocked.evaluate(situation({ ...held, 'node.run_queue_wait': 20 }))));
    assert.equal(confidenceOf(eventLoopBlocked.evaluate(situation({ ...held, 'node.run_queue_wait': 80 }))), 0, 'it waits for a core');
  });

  it('is named by the synchronous calls that hold it, even while they compute', () => {
    const finding = eventLoopBlocked.evaluate(situation({ 'node.event_loop_lag': 260, 'node.cpu': 92, 'node.sync_io_time': [1, 60] }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /synchronous calls hold the thread 60 %/);
  });

  it('is not named when the thread computes, is starved, or collects garbage', () => {
    for (const [courses, text] of [
      [{ 'node.cpu': 95, 'node.event_loop_utilization': 97 }, /260 ms in the median second at 95 % of a core/],
      [{ 'node.cpu': 30, 'node.run_queue_wait': 50 }, /others starve it/],
      [{ 'node.cpu': 40, 'node.gc_time': 35 }, /it is memory/],
    ] as const) {
      const finding = eventLoopBlocked.evaluate(situation({ 'node.event_loop_lag': 260, ...courses }));
      assert.ok(confidenceOf(finding) < 0.5, String(text));
      assert.match(textsOf(finding, false), text);
    }
  });

  it('is not named for one long pause', () => {
    assert.equal(confidenceOf(eventLoopBlocked.evaluate(situation({ 'node.event_loop_lag': 8, 'node.event_loop_lag_max': (second) => (second === 40 ? 2000 : 12), 'node.cpu': 12 }))), 0);
  });
});
