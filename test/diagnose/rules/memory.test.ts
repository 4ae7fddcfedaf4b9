import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memory } from '../../../src/diagnose/rules/memory.ts';
import { confidenceOf, isConfirmed, isNamed, seriesOf, situation, textsOf } from '../situation-builder.ts';

describe('memory', () => {
  it('is named when the heap grows and collections take the time', () => {
    const finding = memory.evaluate(situation({ 'node.gc_time': [2, 28], 'node.heap_used': (second) => 1e8 + second * 4e6 }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /collecting garbage takes 28 %.*the heap grew by/);
  });

  it('is surest when processes are killed for want of it', () => {
    assert.ok(isConfirmed(memory.evaluate(situation({ 'host.memory': 97, 'host.oom_kills': (second) => (second === 50 ? 1 : 0) }))));
  });

  it('is named when the host is full and its tasks wait for memory', () => {
    assert.ok(isNamed(memory.evaluate(situation({ 'host.memory': [70, 97], 'host.memory_pressure': [0, 30] }))));
  });

  it('is named when the heap grew until the process was gone, and users found nobody there', () => {
    const heap = { 'node.heap_used': (second: number) => (second < 50 ? 3e7 + Math.max(0, second - 30) * 1e7 : Number.NaN), 'node.gc_time': (second: number) => (second < 50 ? 4 : Number.NaN) } as const;
    const client = { inFlight: seriesOf(1), arrivals: null, journeys: [], errorsIn: () => ({ refused: 300 }) };
    const finding = memory.evaluate(situation(heap, { client }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /the heap grew from \d+ to \d+ MB within 15 s, and then the process was gone/);
    assert.equal(confidenceOf(memory.evaluate(situation(heap, { client: { ...client, errorsIn: () => ({}) } }))), 0, 'the metrics alone were lost');
  });

  it('is not named for a heap that is used and levels off, nor for a full page cache without pressure', () => {
    assert.equal(confidenceOf(memory.evaluate(situation({ 'node.gc_time': 6, 'node.heap_used': 4e8, 'host.memory': 90 }))), 0);
    assert.ok(confidenceOf(memory.evaluate(situation({ 'host.memory': 96, 'host.memory_pressure': 0 }))) < 0.7);
  });
});
