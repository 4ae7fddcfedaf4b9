import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProbeStatus, Sample } from '../../src/model/sample.ts';
import type { Probe, Reading } from '../../src/probes/probe.ts';
import { startSampler } from '../../src/probes/sampler.ts';
import type { SamplerClock } from '../../src/probes/sampler.ts';

/** A clock that stands still until it is moved. */
class TestClock implements SamplerClock {
  #monotonicMs = 0;
  #wallMs = 1_700_000_000_000;
  #wake: (() => void) | null = null;

  readonly nowMs = (): number => this.#wallMs;
  readonly monotonicMs = (): number => this.#monotonicMs;
  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
    const untilMs = this.#monotonicMs + ms;
    this.#wake = () => { if (this.#monotonicMs >= untilMs) resolve(); };
    signal.addEventListener('abort', () => resolve());
  });

  /** Lets time pass, then everybody who waits for it have his turn. */
  async pass(ms: number): Promise<void> {
    this.#monotonicMs += ms;
    this.#wallMs += ms;
    this.#wake?.();
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
  }

  /** Somebody sets the time of day. */
  set(byMs: number): void {
    this.#wallMs += byMs;
  }
}

type Read = (elapsedSeconds: number) => Promise<readonly Reading[]> | readonly Reading[];

interface Watched {
  readonly clock: TestClock;
  readonly samples: Sample[];
  readonly told: ProbeStatus[];
  readonly statuses: () => readonly ProbeStatus[];
  readonly stop: () => Promise<void>;
}

async function watch(read: Read, more: Partial<Probe> = {}): Promise<Watched> {
  const clock = new TestClock();
  const samples: Sample[] = [];
  const told: ProbeStatus[] = [];
  const probe: Probe = { kind: 'redis', open: async () => 'open', read: async (elapsed) => read(elapsed), close: async () => {}, ...more };
  const sampler = await startSampler({
    probes: [{ kind: 'redis', address: 'redis://h' }], clock, load: async () => () => probe,
    onSample: (sample) => samples.push(sample), onStatus: (status) => told.push(status),
  });
  await clock.pass(0);
  return { clock, samples, told, statuses: sampler.statuses, stop: sampler.stop };
}

const hits = (value: number): Reading => ({ metric: 'redis.hits', value });

describe('the sampler’s ticks', () => {
  it('count those that were missed, and tell the probe how much time really passed', async () => {
    const elapsed: number[] = [];
    const { clock, samples, statuses, stop } = await watch((seconds) => { elapsed.push(seconds); return [hits(1)]; });
    await clock.pass(1000);
    await clock.pass(3000);
    await stop();
    assert.deepEqual(elapsed, [0, 1, 3]);
    assert.deepEqual(samples.map(({ atMs }) => (atMs - (samples[0]?.atMs ?? 0)) / 1000), [0, 1, 4]);
    const [status] = statuses();
    assert.equal(status?.status === 'ok' ? status.missedTicks : null, 2);
  });

  it('stay a second apart when somebody sets the time of day', async () => {
    const { clock, samples, stop } = await watch(() => [hits(1)]);
    clock.set(3_600_000);
    await clock.pass(1000);
    clock.set(-7_200_000);
    await clock.pass(1000);
    await stop();
    assert.deepEqual(samples.map(({ atMs }) => atMs - (samples[0]?.atMs ?? 0)), [0, 1000, 2000]);
  });

  it('leave out what is no figure and what is no metric', async () => {
    const { samples, stop } = await watch(() => [hits(Number.NaN), hits(Infinity), { ...hits(1), metric: 'redis.nonsense' as 'redis.hits' }, hits(7)]);
    await stop();
    assert.deepEqual(samples.map(({ value }) => value), [7]);
  });

  it('let a reading span the ticks that failed in between, and begin anew after a loss', async () => {
    const elapsed: number[] = [];
    let ticks = 0;
    const { clock, told, stop } = await watch((seconds) => {
      elapsed.push(seconds);
      ticks += 1;
      if (ticks === 2 || (ticks >= 4 && ticks <= 6)) throw new Error('busy');
      return [hits(1)];
    });
    for (let seconds = 1; seconds <= 7; seconds += 1) await clock.pass(1000);
    await stop();
    // The second failed: the third spans two seconds. Three in a row are a loss, and the first after it knows nothing of before.
    assert.deepEqual(elapsed, [0, 1, 2, 1, 2, 3, 0, 1]);
    assert.deepEqual(told.map(({ status }) => status), ['ok', 'lost', 'ok']);
  });

  it('do not crash over a probe that throws what is no error', async () => {
    const { clock, told, stop } = await watch(() => Promise.reject('plain text')); // oxlint-disable-line prefer-promise-reject-errors
    for (let seconds = 1; seconds <= 2; seconds += 1) await clock.pass(1000);
    await stop();
    const last = told.at(-1);
    assert.ok(last?.status === 'lost' && last.reason === 'plain text', JSON.stringify(told));
  });
});

describe('trap: a page that the busy thread itself has to answer is late exactly in the seconds that matter', () => {
  const lag = (overSeconds: number): Reading => ({ metric: 'node.event_loop_lag', value: 2500, overSeconds });
  const heap: Reading = { metric: 'node.heap_used', value: 5e8 };
  const secondsOf = (samples: readonly Sample[], metric: string): number[] => samples.filter((one) => one.metric === metric).map(({ atMs }) => (atMs - (samples[0]?.atMs ?? 0)) / 1000);

  it('what it tells of an interval stands for every second of it, the late ones too; what it tells of a moment for one', async () => {
    let answer: (() => void) | null = null;
    let reads = 0;
    const { clock, samples, stop } = await watch((seconds) => {
      reads += 1;
      return reads === 2 ? new Promise((resolve) => { answer = () => resolve([lag(3.5), heap]); }) : [lag(seconds), heap];
    }, { isLateWhenBusy: true });
    await clock.pass(1000);
    await clock.pass(1000);
    await clock.pass(1000);
    await clock.pass(500);
    (answer as (() => void) | null)?.();
    await clock.pass(0);
    await clock.pass(500);
    await stop();
    assert.deepEqual(secondsOf(samples, 'node.event_loop_lag'), [0, 1, 2, 3, 4]);
    assert.deepEqual(secondsOf(samples, 'node.heap_used'), [0, 1, 4]);
    assert.deepEqual(samples.filter(({ metric }) => metric === 'node.event_loop_lag').map(({ spanSeconds }) => spanSeconds), [undefined, 3, 3, 3, undefined], 'and is one reading all the same');
  });

  it('its counters are kept through a silence, and a long silence is not filled: nobody knows when in it it happened', async () => {
    const elapsed: number[] = [];
    let isDown = false;
    const { clock, samples, told, stop } = await watch((seconds) => {
      elapsed.push(seconds);
      if (isDown) throw new Error('busy');
      return [lag(seconds)];
    }, { isLateWhenBusy: true });
    isDown = true;
    for (let second = 0; second < 4; second += 1) await clock.pass(1000);
    isDown = false;
    await clock.pass(1000);
    assert.deepEqual(told.map(({ status }) => status), ['ok', 'lost', 'ok']);
    assert.deepEqual([elapsed.at(-1), secondsOf(samples, 'node.event_loop_lag')], [5, [0, 1, 2, 3, 4, 5]]);
    isDown = true;
    for (let second = 0; second < 20; second += 1) await clock.pass(1000);
    isDown = false;
    await clock.pass(1000);
    await stop();
    assert.deepEqual(secondsOf(samples, 'node.event_loop_lag'), [0, 1, 2, 3, 4, 5, 26]);
  });
});

describe('a page that costs its server more than a reading a second may', () => {
  const rate = (overSeconds: number): Reading => ({ metric: 'node.cpu', value: 30, overSeconds });
  const mean = (events: number, overSeconds: number): Reading => ({ metric: 'node.request_time', value: 12, weight: events, overSeconds });
  const heap: Reading = { metric: 'node.heap_used', value: 5e8 };
  const toldOf = (samples: readonly Sample[], metric: string): [second: number, value: number, weight: number | null][] => samples
    .filter((one) => one.metric === metric).map(({ atMs, value, weight }) => [(atMs - (samples[0]?.atMs ?? 0)) / 1000, value, weight ?? null]);

  it('is read as often as its probe says: rates and means are of the seconds between, a state lasts until the next reading, and no tick is missed', async () => {
    const elapsed: number[] = [];
    const { clock, samples, statuses, stop } = await watch((seconds) => {
      elapsed.push(seconds);
      return seconds === 0 ? [heap] : [heap, rate(seconds), mean(10, seconds)];
    }, { secondsToNext: () => 2 });
    for (let second = 1; second <= 5; second += 1) await clock.pass(1000);
    await stop();
    assert.deepEqual(elapsed, [0, 1, 2, 2], 'a second after the first it is read again, for before that there is no rate');
    assert.deepEqual(toldOf(samples, 'node.heap_used').map(([second]) => second), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(toldOf(samples, 'node.cpu'), [[1, 30, null], [2, 30, null], [3, 30, null], [4, 30, null], [5, 30, null]], 'a growth of 60 in two seconds is twice 30, not 60 and nothing');
    assert.deepEqual(toldOf(samples, 'node.request_time'), [[1, 12, 10], [2, 12, 5], [3, 12, 5], [4, 12, 5], [5, 12, 5]], 'its events are counted once');
    const spans = (metric: string): (number | null)[] => samples.filter((one) => one.metric === metric).map(({ spanSeconds }) => spanSeconds ?? null);
    assert.deepEqual([spans('node.heap_used'), spans('node.cpu')], [[null, 2, 2, 2, 2, 2], [null, 2, 2, 2, 2]], 'each says how many seconds its reading stands for');
    const [status] = statuses();
    assert.equal(status?.status === 'ok' ? status.missedTicks : null, 0);
  });

  it('a mean without events in between is not of the time in which there were none', async () => {
    let reads = 0;
    const { clock, samples, stop } = await watch((seconds) => {
      reads += 1;
      return reads === 3 || reads === 4 ? [heap] : [heap, mean(8, seconds)];
    });
    for (let second = 1; second <= 4; second += 1) await clock.pass(1000);
    await stop();
    assert.deepEqual(toldOf(samples, 'node.request_time'), [[0, 12, 8], [1, 12, 8], [4, 12, 8]]);
  });

  it('that is read every fifth second has its rates after the second one, in time for who only looks whether there are any', async () => {
    const { clock, samples, stop } = await watch((seconds) => (seconds === 0 ? [heap] : [heap, rate(seconds)]), { secondsToNext: () => 5 });
    await clock.pass(1000);
    await stop();
    assert.deepEqual(toldOf(samples, 'node.cpu'), [[1, 30, null]]);
  });

  for (const everySeconds of [1, 3]) {
    it(`trap: after a restart nothing is told of the seconds in which the server was down (read every ${everySeconds} s)`, async () => {
      const failures = (overSeconds: number): Reading => ({ metric: 'queue.worker_failures', value: 3, overSeconds });
      let reads = 0;
      let isDown = false;
      let second = 0;
      // The first page of the new process makes no rate, the next one makes one of the seconds between the two.
      const { clock, samples, stop } = await watch((seconds) => {
        if (isDown) throw new Error('nobody there');
        reads += 1;
        return reads === 1 || second === 9 ? [heap] : [heap, failures(second < 9 ? seconds : everySeconds)];
      }, { isLateWhenBusy: true, secondsToNext: () => everySeconds });
      for (second = 1; second <= 12; second += 1) {
        isDown = second >= 4 && second < 9;
        await clock.pass(1000);
      }
      await stop();
      const told = toldOf(samples, 'queue.worker_failures').map(([at]) => at);
      assert.deepEqual(told.filter((at) => at > 4 && at < 10), [], 'of the second in which it came back nothing either: the first page has no rate');
      assert.deepEqual(told.filter((at) => at >= 10), [10, 11, 12]);
    });
  }

  it('a counter that a page left out is told of all the time since it was last seen, and a new one since the last page', async () => {
    let second = 0;
    const { clock, samples, stop } = await watch((seconds) => {
      if (second === 0) return [heap];
      return second === 2 ? [heap] : second === 3 ? [heap, rate(2), { ...rate(seconds), metric: 'node.gc_time' }] : [heap, rate(seconds)];
    });
    for (second = 1; second <= 3; second += 1) await clock.pass(1000);
    await stop();
    assert.deepEqual(toldOf(samples, 'node.cpu').map(([at]) => at), [1, 2, 3]);
    assert.deepEqual(toldOf(samples, 'node.gc_time').map(([at]) => at), [3]);
  });

  it('is read again at the next tick where a read failed, and more often as soon as its probe says so', async () => {
    const ticks: number[] = [];
    let second = 0;
    const { clock, samples, stop } = await watch(() => {
      ticks.push(second);
      if (second === 3) throw new Error('busy');
      return [heap];
    }, { secondsToNext: () => (second >= 5 ? 1 : 2) });
    for (second = 1; second <= 7; second += 1) await clock.pass(1000);
    await stop();
    assert.deepEqual(ticks, [0, 1, 3, 4, 6, 7]);
    assert.deepEqual(toldOf(samples, 'node.heap_used').map(([at]) => at), [0, 1, 2, 4, 5, 6, 7], 'of a second that was to be read and could not be, nothing is told');
  });
});
