import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { SITUATIONS } from '../../bench/situations/catalogue.ts';
import { recordings } from '../../bench/situations/recording.ts';
import { calibration, confusion, isRight, isTunedOn, isWrong, ofEach, type Scored } from '../../bench/situations/score.ts';
import { reportOf, toldBy } from '../../bench/situations/tell.ts';
import type { BottleneckId } from '../../src/model/bottleneck.ts';

const one = (name: string, label: readonly BottleneckId[], named: readonly (readonly [BottleneckId, number])[], outcome: Scored['told']['outcome'] = 'bottleneck'): Scored => ({
  name, label, told: { outcome, suspected: [], named: named.map(([id, confidence]) => ({ id, confidence })) }, secondsToName: named.map(([id]) => ({ id, seconds: 4 })),
});

describe('scoring', () => {
  const scored = [
    one('a', ['cache'], [['cache', 0.8]]), one('b', ['cache'], [['db-query', 0.8]]), one('c', [], [], 'none'), one('d', [], [['qdrant', 0.9]]),
    one('e', ['qdrant', 'cache'], [['qdrant', 0.9], ['cache', 0.8]]), one('f', ['queue'], [], 'not-enough-evidence'),
  ];

  it('counts a naming right only if it is exactly what is wrong', () => {
    assert.deepEqual(scored.map(isRight), [true, false, true, false, true, false]);
    assert.deepEqual(scored.map(isWrong), [false, true, false, true, false, false]);
  });

  it('gives precision and recall for each bottleneck', () => {
    const cache = ofEach(scored).find(({ id }) => id === 'cache') ?? assert.fail();
    assert.deepEqual([cache.precision.hits, cache.precision.of, cache.recall.hits, cache.recall.of], [2, 2, 2, 3]);
    const qdrant = ofEach(scored).find(({ id }) => id === 'qdrant') ?? assert.fail();
    assert.deepEqual([qdrant.precision.hits, qdrant.precision.of], [1, 2]);
  });

  it('lays the confusion out by label and answer', () => {
    const { labels, answers, counts } = confusion(scored);
    assert.deepEqual(labels, ['healthy', 'qdrant + cache', 'cache', 'queue']);
    assert.ok(answers.includes('not-enough-evidence'));
    assert.deepEqual([counts.get('cache|db-query'), counts.get('healthy|healthy'), counts.get('healthy|qdrant'), counts.get('queue|not-enough-evidence')], [1, 1, 1, 1]);
  });

  it('holds stated confidence against how often it was right', () => {
    const [low, high] = calibration(scored, [0.7, 0.85, 1]);
    assert.deepEqual([low?.right.hits, low?.right.of, high?.right.hits, high?.right.of], [2, 3, 1, 2]);
  });

  it('splits names in halves that stay what they are', () => {
    assert.equal(isTunedOn('healthy-as-planned'), isTunedOn('healthy-as-planned'));
    const tuned = Array.from({ length: 400 }, (_, at) => isTunedOn(`situation-${at}`)).filter(Boolean).length;
    assert.ok(tuned > 150 && tuned < 250, String(tuned));
  });
});

/** One in five, whatever is added. */
const SAMPLE = /^[0-2]/;

describe('the recordings', async () => {
  // As many as a test may take time for; the bench judges all of them.
  const kept = await recordings((name) => SAMPLE.test(createHash('sha256').update(name).digest('hex')));

  it('are of situations that can be recorded again, with the same label', () => {
    for (const { name, label } of kept) assert.deepEqual(SITUATIONS.find((known) => known.name === name)?.label, label, name);
    assert.equal(new Set(SITUATIONS.map(({ name }) => name)).size, SITUATIONS.length);
  });

  it('are told right in nineteen of twenty, the healthy ones are left alone, and nothing is surely wrong', async () => {
    const told = await Promise.all(kept.map(async ({ name, label, run }) => ({ name, label, told: toldBy((await reportOf(run)).diagnosis) })));
    const sayAll = (wrong: typeof told): string => wrong.map((one) => `${one.name}: ${one.told.named.map(({ id }) => id).join(' and ') || one.told.outcome}`).join(', ');
    const notRight = told.filter((one) => !isRight(one));
    assert.ok(notRight.length <= Math.ceil(told.length / 20), sayAll(notRight));
    const alarms = told.filter((one) => one.label.length === 0 && isWrong(one));
    assert.deepEqual(alarms, [], sayAll(alarms));
    const sure = told.filter((one) => one.told.named.some(({ id, confidence }) => confidence >= 0.9 && !one.label.includes(id)));
    assert.deepEqual(sure, [], sayAll(sure));
  });
});

