import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileReads } from '../../../src/diagnose/rules/file-reads.ts';
import { confidenceOf, isNamed, situation, textsOf } from '../situation-builder.ts';

describe('file reads', () => {
  it('are named when a read is most of what users wait for', () => {
    const finding = fileReads.evaluate(situation({ 'files.read_time': [30, 900], 'http.mean': [40, 1100] }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /read in 900 ms, in 30 ms at a quarter of the load.*82 % of the mean request/);
  });

  it('are not named while quick', () => assert.equal(confidenceOf(fileReads.evaluate(situation({ 'files.read_time': 2, 'http.mean': 3 }))), 0));

  it('are not blamed for a late event loop', () => {
    const finding = fileReads.evaluate(situation({ 'files.read_time': [5, 400], 'http.mean': [9, 500], 'node.event_loop_lag': [5, 350] }));
    assert.ok(confidenceOf(finding) < 0.5);
    assert.match(textsOf(finding, false), /times its own event loop/);
  });

  it('cannot be judged without the application’s own times', () => assert.equal(fileReads.evaluate(situation({ 'host.io_pressure': 80 })).status, 'not-enough-data'));
});
