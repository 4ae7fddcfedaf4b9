import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memory } from '../../../src/diagnose/rules/memory.ts';
import { confidenceOf, situation, textsOf } from '../situation-builder.ts';

describe('memory', () => {
  it('is named when the heap grows and collections take the time', () => {
    const finding = memory.evaluate(situation({ 'node.gc_time': [2, 28], 'node.heap_used': (second) => 1e8 + second * 4e6 }));
    assert.equal(confidenceOf(finding), 0.8);
    assert.match(textsOf(finding, true), /collecting garbage takes 28 %.*the heap grew by/);
  });

  it('is surest when processes are killed for want of it', () => {
    assert.equal(confidenceOf(memory.evaluate(situation({ 'host.memory': 97, 'host.oom_kills': (second) => (second === 50 ? 1 : 0) }))), 0.95);
  });

  it('is named when the host is full and its tasks wait for memory', () => {
    assert.equal(confidenceOf(memory.evaluate(situation({ 'host.memory': [70, 97], 'host.memory_pressure': [0, 30] }))), 0.8);
  });

  it('is not named for a heap that is used and levels off, nor for a full page cache without pressure', () => {
    assert.equal(confidenceOf(memory.evaluate(situation({ 'node.gc_time': 6, 'node.heap_used': 4e8, 'host.memory': 90 }))), 0);
    assert.ok(confidenceOf(memory.evaluate(situation({ 'host.memory': 96, 'host.memory_pressure': 0 }))) < 0.7);
  });
});
