import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { metricsText } from '../../../src/demo/vector/metrics-text.ts';
import { countAnswers } from '../../../src/demo/vector/rest-statistics.ts';

/** Recorded on Qdrant 1.19.0 after searches, queries, upserts and searches that were refused. */
const recorded = readFileSync(new URL('./qdrant-1.19-metrics.txt', import.meta.url), 'utf8');

const facts = {
  activeBytes: 1, allocatedBytes: 1, metadataBytes: 1, residentBytes: 1, retainedBytes: 1, threads: 1, openMmaps: 1, maxMmaps: 1,
  openFds: 1, maxFds: 1, minorFaults: 1, majorFaults: 1,
};

function ours(): string {
  const statistics = countAnswers();
  const points = '/collections/{collection_name}/points';
  statistics.record('POST', `${points}/query`, 200, 0.004);
  statistics.record('POST', `${points}/search`, 200, 0.0005);
  statistics.record('POST', `${points}/search`, 200, 0.3);
  statistics.record('POST', `${points}/search`, 404, 0.001);
  statistics.record('POST', `${points}/search`, 400, 0.001);
  statistics.record('PUT', points, 200, 0.02);
  const collections = [{ name: 'docs', points: 60_000, cpuNs: 12, vectorBytesWritten: 34 }];
  return metricsText(collections, statistics.endpoints(), facts);
}

/** A line without its value, and with everything in it that is neither name nor label nor comment. */
function shapeOf(line: string): string {
  if (line.startsWith('#')) return line;
  return line.replace(/ \S+$/, '').replace(/app_info\{name="[^"]*"/, 'app_info{name=""');
}

test('every family, help text, type, label and bucket is that of a recorded Qdrant, in its order', () => {
  const sorted = (text: string): string[] => text.trim().split('\n').map(shapeOf);
  // Two lines of one family that differ in their labels alone have no order that means something.
  const families = (lines: string[]): Record<string, string[]> => Object.groupBy(lines, (line) => line.split(/[ {]/).slice(0, line.startsWith('#') ? 3 : 1).join(' ')) as Record<string, string[]>;
  const [theirs, mine] = [families(sorted(recorded)), families(sorted(ours()))];
  assert.deepEqual(Object.keys(mine), Object.keys(theirs));
  for (const [name, lines] of Object.entries(theirs)) assert.deepEqual(mine[name]?.toSorted(), lines.toSorted(), name);
});

test('buckets are cumulative and the sum is that of all answers of status 200', () => {
  const value = (line: string): number => Number(ours().split('\n').find((found) => found.startsWith(line))?.split(' ').at(-1));
  const search = 'method="POST",endpoint="/collections/{collection_name}/points/search",status="200"';
  const bucket = (bound: string): number => value(`rest_responses_duration_seconds_bucket{${search},le="${bound}"}`);
  assert.deepEqual(['0.001', '0.1', '0.5', '+Inf'].map(bucket), [1, 1, 2, 2]);
  assert.equal(value(`rest_responses_duration_seconds_count{${search}}`), 2);
  assert.ok(Math.abs(value(`rest_responses_duration_seconds_sum{${search}}`) - 0.3005) < 1e-9);
});

test('the average covers the last 128 answers, as Qdrant\'s does', () => {
  const statistics = countAnswers();
  statistics.record('POST', '/search', 200, 1000);
  for (let i = 0; i < 128; i++) statistics.record('POST', '/search', 200, 2);
  assert.equal(statistics.endpoints()[0]?.averageSeconds, 2);
  assert.equal(statistics.endpoints()[0]?.maxSeconds, 1000);
});
