import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadShape } from '../../src/model/load.ts';
import { watchForEnough } from '../../src/run/enough.ts';
import { stage } from '../engines/autocannon/measure.ts';
import { interval, times } from '../judge/facts.ts';

const ENOUGH = { requests: 100, minimumSeconds: 4 };
const SHAPE: LoadShape = { model: 'closed', stages: [stage(1, 2), stage(4, 40, { enough: ENOUGH })] };

/** The second after which the load ends, of so many requests each second; null where it lasts its time. */
function endOf(perSecond: number, isDecided: () => boolean = () => true, shape: LoadShape = SHAPE): number | null {
  const watch = watchForEnough(shape);
  for (let second = 0; second < 42; second += 1) if (watch(interval(second, [{ latenciesMs: times(perSecond, () => 1) }]), isDecided)) return second;
  return null;
}

test('a stage ends with the requests it wants, not before its least time', () => {
  assert.equal(endOf(1000), 5, 'two seconds of warm-up and four');
  assert.equal(endOf(10), 11, 'the tenth second of ten requests each; those of the warm-up do not count');
});

test('what clearly never will be enough ends at the least time', () => {
  assert.equal(endOf(1), 5, '40 of 100 in all its time');
  assert.equal(endOf(2), null, 'nearly enough is given its time');
});

test('what is not decided goes on, and is looked at after half as long again each time', () => {
  const looks: number[] = [];
  let second = 0;
  const watch = watchForEnough(SHAPE);
  const isDecided = (): boolean => {
    looks.push(second - 1);
    return false;
  };
  for (; second < 42; second += 1) watch(interval(second, [{ latenciesMs: times(50, () => 1) }]), isDecided);
  assert.deepEqual(looks, [4, 6, 9, 14, 21, 32]);
  let [left, asked] = [2, 0];
  assert.equal(endOf(50, () => (asked += 1, left-- <= 0)), 10, 'decided at the third look');
  assert.equal(asked, 3);
});

test('only the last stage of a closed load may end early', () => {
  assert.equal(endOf(1000, () => true, { model: 'closed', stages: [stage(4, 40)] }), null);
  assert.equal(endOf(1000, () => true, { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 40, arrivalsPerSec: { from: 1, to: 1 } }] }), null);
});
