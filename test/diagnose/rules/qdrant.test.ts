import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { qdrant } from '../../../src/diagnose/rules/qdrant.ts';
import { confidenceOf, isConfirmed, isNamed, situation, textsOf, type Course } from '../situation-builder.ts';

const slowSearch: Record<string, Course> = {
  'qdrant.search_time': [40, 900], 'qdrant.search_mean': [30, 700], 'qdrant.searches': 3.3, 'http.throughput': 33, 'http.mean': [12, 90],
};

describe('vector search', () => {
  it('is named when it is slow under load and takes most of the requests’ time', () => {
    const finding = qdrant.evaluate(situation(slowSearch));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /search p95 900 ms, 40 ms at a quarter of the load · searches are 78 % of the time/);
  });

  it('is not named when it answers in a few milliseconds', () => {
    const finding = qdrant.evaluate(situation({ ...slowSearch, 'qdrant.search_time': [4, 12], 'qdrant.search_mean': 4 }));
    assert.equal(confidenceOf(finding), 0);
    assert.match(textsOf(finding, false), /search p95 12 ms/);
  });

  it('is a suspicion when it is slow but a small part of the time', () => {
    assert.equal(confidenceOf(qdrant.evaluate(situation({ ...slowSearch, 'http.mean': [12, 900] }))), 0.5);
  });

  it('is named when it was slow from the first second and dominates', () => {
    assert.ok(isNamed(qdrant.evaluate(situation({ ...slowSearch, 'qdrant.search_time': 900 }))));
  });

  it('stays below the line when every process of the host waits for a CPU', () => {
    const finding = qdrant.evaluate(situation({ ...slowSearch, 'host.cpu_pressure': [5, 80], 'host.cpu': [30, 99] }));
    assert.ok(confidenceOf(finding) < 0.7);
    assert.match(textsOf(finding, false), /may be starved/);
  });

  it('is named where the host was as short at a quarter of the load already, and searches were fast', () => {
    assert.ok(isNamed(qdrant.evaluate(situation({ ...slowSearch, 'host.cpu_pressure': 80, 'host.cpu': 99 }))));
  });

  it('is confirmed by the law: one search at a time ÷ its unhindered time', () => {
    const one = qdrant.evaluate(situation({ ...slowSearch, 'qdrant.search_mean': [410, 9000], 'qdrant.searches': [0.8, 2.4], 'host.cpu': 40 }));
    assert.ok(isConfirmed(one));
    assert.match(textsOf(one, true), /1 at a time ÷ 410 ms = at most 2\.4 searches\/s; measured 2\.4\/s/);
  });

  it('is certain where its quota is exceeded', () => {
    assert.ok(isConfirmed(qdrant.evaluate(situation({ ...slowSearch, 'qdrant.quota_exceeded': [0, 1] }))));
  });

  it('cannot be judged without its histograms', () => {
    assert.equal(qdrant.evaluate(situation({})).status, 'not-enough-data');
  });
});
