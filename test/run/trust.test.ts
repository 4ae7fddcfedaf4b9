import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Interval, Shortages } from '../../src/model/interval.ts';
import { arrivalsAskedAt, stageAt, type LoadShape } from '../../src/model/load.ts';
import { EMPTY_HISTOGRAM } from '../../src/stats/histogram.ts';
import { stateBetween, type MachineState } from '../../src/run/machine.ts';
import { watchForOverload } from '../../src/run/overload.ts';
import { distrust } from '../../src/run/trust.ts';

const open: LoadShape = {
  model: 'open',
  stages: [
    { name: 'reference', judged: false, durationSeconds: 10, arrivalsPerSec: { from: 5, to: 5 } },
    { name: 'ramp', judged: false, durationSeconds: 10, arrivalsPerSec: { from: 5, to: 15 } },
    { name: 'sustain', judged: true, durationSeconds: 60, arrivalsPerSec: { from: 20, to: 20 } },
  ],
};
const closed: LoadShape = { model: 'closed', stages: [{ name: 'sustain', judged: true, durationSeconds: 60, users: 4, enough: null }] };

interface Told extends Partial<Interval> {
  readonly busy?: number;
  readonly lagMs?: number;
  readonly requests?: number;
  readonly shortages?: Shortages;
  readonly machine?: MachineState;
}

function seconds(count: number, of: (second: number) => Told): (Interval & { readonly machine?: MachineState })[] {
  return Array.from({ length: count }, (_, second) => {
    const { busy = 0.2, lagMs = 1, requests = 0, shortages, ...rest } = of(second);
    const rows = requests === 0 ? [] : [{ journey: 'j', step: 's', requests, errors: {}, statuses: {}, bytes: 0, latency: EMPTY_HISTOGRAM, errorLatency: EMPTY_HISTOGRAM, ttfb: EMPTY_HISTOGRAM }];
    const generator = { loopUtilization: busy, loopLagMs: lagMs, ...(shortages === undefined ? {} : { shortages }) };
    return { second, startedAtMs: second * 1000, sent: 20, arrivals: 20, skipped: 0, rows, generator, ...rest };
  });
}

describe('the generator', () => {
  it('is trusted when it starts what was asked', () => {
    assert.deepEqual(distrust({ engine: 'artillery', shape: open, intervals: seconds(80, () => ({ arrivals: 20 })) }), []);
  });

  it('is not trusted when journeys fall behind, whatever its exit code', () => {
    const [reason] = distrust({ engine: 'artillery', shape: open, intervals: seconds(80, () => ({ arrivals: 11 })) });
    assert.match(reason ?? '', /only 660 of 1,200 journeys were started/);
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

describe('what this side ran out of', () => {
  const of = (shortages: Shortages, requests = 100): string[] => distrust({ engine: 'autocannon', shape: closed, intervals: seconds(60, () => ({ requests, shortages })) });

  it('free ports, or file descriptors: told apart, with the rate that was made and what to do', () => {
    assert.match(of({ ports: 40, files: 0 })[0] ?? '', /2,400 of 6,000 requests could not be sent, for this machine had no free port left \(60 requests\/s were\).*ip_local_port_range/);
    assert.match(of({ ports: 0, files: 40 })[0] ?? '', /2,400 of 6,000 requests could not be sent, for the generator had no free file descriptor left.*ulimit -n/);
    assert.equal(of({ ports: 20, files: 20 }).length, 2);
  });

  it('of one in a hundred nothing is said', () => {
    assert.deepEqual(of({ ports: 1, files: 0 }, 200), []);
    const rush = seconds(60, (second) => (second === 3 ? { shortages: { ports: 2, files: 0 }, requests: 2 } : {}));
    assert.deepEqual(distrust({ engine: 'autocannon', shape: closed, intervals: rush }), []);
  });

  it('virtual users of k6: the reason is not its CPU, and says what sets their number', () => {
    const [reason] = distrust({ engine: 'k6', shape: open, intervals: seconds(80, () => ({ arrivals: 11, skipped: 9 })) });
    assert.match(reason ?? '', /only 660 of 1,200 journeys were started \(11 journeys\/s of 20 journeys\/s\): k6 skipped 540, for all its virtual users were still busy.*memory.*time-out/);
  });
});

describe('the machine under the generator', () => {
  const machine = (change: Partial<MachineState>): MachineState => ({ busy: 0.3, stolen: 0, waiting: 0.1, ...change });

  it('is not trusted where the hypervisor gave a tenth of it to others for more than a tenth of the time', () => {
    const stolen = (until: number): string[] => distrust({ engine: 'k6', shape: open, intervals: seconds(80, (second) => ({ machine: machine({ stolen: second < 20 + until ? 0.23 : 0.01 }) })) });
    assert.match(stolen(15)[0] ?? '', /the hypervisor gave 23 % of this machine’s CPU time to others in 15 of 60 judged seconds.*cores of its own/);
    assert.deepEqual(stolen(4), []);
  });

  it('in full use is no fault by itself, for the target may be beside it; where the generator is late or behind, it is told as the cause', () => {
    const full = machine({ busy: 0.99, waiting: 0.8 });
    assert.deepEqual(distrust({ engine: 'k6', shape: open, intervals: seconds(80, () => ({ machine: full })) }), []);
    const late = distrust({ engine: 'k6', shape: open, intervals: seconds(80, () => ({ machine: full, lagMs: 300 })) });
    assert.match(late[0] ?? '', /late in 60 of 60 judged seconds.*whose CPUs were 99 % in use, with something waiting for one 80 % of the time/);
  });

  it('is read as shares of the time between two looks; what the kernel does not tell is no figure', () => {
    const before = { stat: 'cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0\n', cpuPressure: 'some avg10=0 avg60=0 avg300=0 total=1000000\n', atMs: 5000 };
    const after = { stat: 'cpu  130 0 120 830 0 0 0 20 0 0\ncpu0 130 0 120 830 0 0 0 20 0 0\n', cpuPressure: 'some avg10=0 avg60=0 avg300=0 total=1250000\n', atMs: 6000 };
    assert.deepEqual(stateBetween(before, after), { busy: 0.7, stolen: 0.2, waiting: 0.25 });
    assert.deepEqual(stateBetween({ ...before, stat: '', cpuPressure: '' }, { ...after, stat: '', cpuPressure: '' }), { busy: null, stolen: null, waiting: null });
  });
});

describe('an overload of the generator', () => {
  const heavy: LoadShape = { model: 'open', stages: [{ name: 'sustain', judged: true, durationSeconds: 60, arrivalsPerSec: { from: 8000, to: 8000 } }] };
  const watchAll = (shape: LoadShape, intervals: readonly Interval[]): (string | null)[] => intervals.map(watchForOverload({ shape, engine: 'artillery' }));

  it('ends the load after ten seconds, and says how many machines would do and which engine needs less', () => {
    const seen = watchAll(heavy, seconds(12, () => ({ arrivals: 1100 })));
    assert.deepEqual(seen.slice(0, 9).filter((reason) => reason !== null), []);
    assert.match(seen[9] ?? '', /11,000 of 80,000 journeys were started \(1,100 journeys\/s of 8,000 journeys\/s\).*8 machines like it would do, or k6/);
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
