import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge } from '../../src/judge/judge.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Sample } from '../../src/model/sample.ts';
import { lookSeconds, secondsToTen } from '../../src/watch/look-back.ts';
import { observedRun } from '../../src/watch/observed-run.ts';
import { condition, okProbe, START_MS, times } from '../judge/facts.ts';

const heap = condition('node.heap_used > 500 MB', { kind: 'trigger' });

/** The seconds of a page that is read first, a second later, and then every so many seconds. */
function pages(everySeconds: number, seconds: number, value = 4e8): Sample[] {
  return times(seconds, (at): Sample => ({ atMs: START_MS + at * 1000, probe: 'node', metric: 'node.heap_used', value: value + at, ...(at > 0 && everySeconds > 1 ? { spanSeconds: everySeconds } : {}) }));
}

/** One reading every so many seconds, and nothing in between. */
function scrapes(everySeconds: number, seconds: number): Sample[] {
  return times(Math.ceil(seconds / everySeconds), (at): Sample => ({ atMs: START_MS + at * everySeconds * 1000, probe: 'prometheus', metric: 'node.heap_used', value: 4e8 + at }));
}

const clockOf = (seconds: number) => ({ startedAtMs: START_MS, seconds });

function statusAt(seconds: number, samples: readonly Sample[]): Verdict['status'] | undefined {
  const length = Math.min(seconds, lookSeconds(heap, samples, clockOf(seconds)));
  const run = observedRun({ samples, probes: [okProbe('node')], fromMs: START_MS + (seconds - length) * 1000, seconds: length });
  return judge(run, [{ suite: 'load', conditions: [heap] }], { acceptNoise: false })[0]?.status;
}

describe('how far a watch looks back', () => {
  it('is thirteen seconds where every second is read', () => {
    assert.equal(lookSeconds(heap, pages(1, 100), clockOf(100)), 13);
    assert.equal(statusAt(100, pages(1, 100)), 'not-fired');
    assert.equal(statusAt(100, pages(1, 100, 6e8)), 'fired');
  });

  it('trap: what is read every second, third or fifth second is decided, and stays so from second to second', () => {
    for (const every of [1, 2, 3, 5]) {
      const seen = pages(every, 120);
      for (let seconds = 10 * every + 3; seconds <= 120; seconds += 1) assert.equal(statusAt(seconds, seen.slice(0, seconds)), 'not-fired', `every ${every} s, after ${seconds} s`);
    }
  });

  it('goes as far back as ten scrapes of a Prometheus, and no further than three minutes', () => {
    assert.equal(statusAt(170, scrapes(15, 170)), 'not-fired');
    assert.equal(lookSeconds(heap, scrapes(60, 900), clockOf(841)), 180);
  });

  it('is no further where nothing has been read lately: what was is no longer', () => {
    assert.equal(lookSeconds(heap, pages(1, 60), clockOf(81)), 13);
    assert.equal(statusAt(81, pages(1, 60)), 'not-measured');
  });

  it('is as short as ever for a largest value: one reading is enough for that', () => {
    assert.equal(lookSeconds(condition('node.heap_used.max > 500 MB'), pages(5, 100), clockOf(100)), 13);
  });
});

describe('who looks once', () => {
  const waited = (samples: (seconds: number) => readonly Sample[]): number => {
    let seconds = 13;
    for (; seconds < 100; seconds += 1) {
      const toCome = secondsToTen(heap, samples(seconds), clockOf(seconds));
      if (toCome === 0 || seconds + toCome > 60) break;
    }
    return seconds;
  };

  it('waits for ten readings of what is read seldom, and no longer', () => {
    assert.equal(waited((seconds) => pages(1, seconds)), 13);
    const seldom = waited((seconds) => pages(5, seconds));
    assert.ok(seldom > 40 && seldom < 55, `${seldom} s`);
    assert.equal(statusAt(seldom, pages(5, seldom)), 'not-fired');
  });

  it('does not wait for what has never come, comes no more, or would take longer than a minute', () => {
    assert.equal(waited(() => []), 13);
    assert.equal(waited((seconds) => scrapes(15, seconds)), 13);
    assert.ok(waited(() => pages(1, 4)) <= 15);
  });
});
