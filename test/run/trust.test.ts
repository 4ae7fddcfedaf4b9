import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Interval } from '../../src/model/interval.ts';
import { arrivalsAskedAt, stageAt, type LoadShape } from '../../src/model/load.ts';
import { distrust, watchForOverload } from '../../src/run/trust.ts';

const open: LoadShape = {
  model: 'open',
  stages: [
    { name: 'reference', judged: false, durationSeconds: 10, arrivalsPerSec: { from: 5, to: 5 } },
    { name: 'ramp', judged: false, durationSeconds: 10, arrivalsPerSec: { from: 5, to: 15 } },
    { name: 'sustain', judged: true, durationSeconds: 60, arrivalsPerSec: { from: 20, to: 20 } },
  ],
};
const closed: LoadShape = { model: 'closed', stages: [{ name: 'sustain', judged: true, durationSeconds: 60, users: 4, enough: null }] };

function seconds(count: number, of: (second: number) => Partial<Interval> & { busy?: number; lagMs?: number }): Interval[] {
  return Array.from({ length: count }, (_, second) => {
    const { busy = 0.2, lagMs = 1, ...rest } = of(second);
    return { second, startedAtMs: second * 1000, sent: 20, arrivals: 20, skipped: 0, rows: [], generator: { loopUtilization: busy, loopLagMs: lagMs }, ...rest };
  });
}

describe('the generator', () => {
  it('is trusted when it starts what was asked', () => {
    assert.deepEqual(distrust({ engine: 'artillery', shape: open, intervals: seconds(80, () => ({ arrivals: 20 })) }), []);
  });

  it('is not trusted when journeys fall behind, whatever its exit code', () => {
    const [reason] = distrust({ engine: 'artillery', shape: open, intervals: seconds(80, () => ({ arrivals: 11 })) });
    assert.match(reason ?? '', /only 660 of 1200 journeys were started/);
  });

  it('is not blamed for seconds that are not judged', () => {
    assert.deepEqual(distrust({ engine: 'artillery', shape: open, intervals: seconds(80, (second) => ({ arrivals: second < 20 ? 0 : 20, lagMs: second < 20 ? 900 : 1 })) }), []);
  });

  it('is not blamed for one journey of a light load', () => {
    const light: LoadShape = { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 10, arrivalsPerSec: { from: 1, to: 1 } }] };
    assert.deepEqual(distrust({ engine: 'artillery', shape: light, intervals: seconds(10, (second) => ({ arrivals: second === 9 ? 0 : 1 })) }), []);
  });

  it('is not trusted when its loop is saturated, except where the engine keeps it busy at rest', () => {
    const busy = seconds(60, () => ({ arrivals: 0, busy: 0.99 }));
    assert.match(distrust({ engine: 'autocannon', shape: closed, intervals: busy })[0] ?? '', /saturated in 60 of 60/);
    assert.deepEqual(distrust({ engine: 'artillery', shape: open, intervals: seconds(80, () => ({ busy: 0.99 })) }), []);
  });

  it('is not trusted when it is late again and again, but for a moment it may be', () => {
    const late = (until: number): Interval[] => seconds(60, (second) => ({ lagMs: second < until ? 400 : 1 }));
    assert.match(distrust({ engine: 'autocannon', shape: closed, intervals: late(20) })[0] ?? '', /late in 20 of 60/);
    assert.deepEqual(distrust({ engine: 'autocannon', shape: closed, intervals: late(3) }), []);
  });
});

describe('an overload of the generator', () => {
  const heavy: LoadShape = { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 60, arrivalsPerSec: { from: 8000, to: 8000 } }] };
  const watchAll = (shape: LoadShape, intervals: readonly Interval[]): (string | null)[] => intervals.map(watchForOverload({ shape, engine: 'artillery' }));

  it('ends the load after ten seconds, and says how many machines would do and which engine needs less', () => {
    const seen = watchAll(heavy, seconds(12, () => ({ arrivals: 1100 })));
    assert.deepEqual(seen.slice(0, 9).filter((reason) => reason !== null), []);
    assert.match(seen[9] ?? '', /11000 of 80000 journeys were started \(1,100\/s of 8,000\/s\).*8 machines like it would do, or k6/);
  });

  it('is not seen where the generator catches up in between, in a light load, or once the load is over', () => {
    assert.ok(watchAll(heavy, seconds(60, (second) => ({ arrivals: second % 9 === 0 ? 8000 : 1000 }))).every((reason) => reason === null));
    const light: LoadShape = { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 60, arrivalsPerSec: { from: 1, to: 1 } }] };
    assert.ok(watchAll(light, seconds(60, () => ({ arrivals: 0 }))).every((reason) => reason === null));
    const short: LoadShape = { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 2, arrivalsPerSec: { from: 80, to: 80 } }] };
    assert.ok(watchAll(short, seconds(60, (second) => ({ arrivals: second < 2 ? 80 : 0 }))).every((reason) => reason === null));
  });
});

describe('the shape of a load', () => {
  it('knows the stage of a second, and none after the end', () => {
    assert.deepEqual([0, 9, 10, 20, 79, 80].map((second) => stageAt(open, second)?.name), ['reference', 'reference', 'ramp', 'sustain', 'sustain', undefined]);
  });

  it('asks for the arrivals in the middle of a second of a ramp', () => {
    assert.deepEqual([0, 10, 19, 20, 80].map((second) => arrivalsAskedAt(open, second)), [5, 5.5, 14.5, 20, 0]);
  });
});
