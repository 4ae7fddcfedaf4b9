import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demandOf } from '../../src/stats/demand.ts';
import { atMixAsked } from '../../src/stats/mix.ts';
import { levelOf } from '../../src/stats/saturation.ts';
import { serviceSeconds } from '../../src/stats/service-time.ts';
import { randomNumbers } from './random.ts';

/** Seconds of requests at random that each cost the same, on top of what is busy anyhow. */
function seconds(count: number, perSec: number, cost: number, idle: number, random: () => number) {
  return Array.from({ length: count }, () => {
    const requests = poisson(perSec, random);
    return { requests, work: idle + cost * requests };
  });
}

function poisson(mean: number, random: () => number): number {
  let [product, count] = [random(), 0];
  for (const end = Math.exp(-mean); product > end; count += 1) product *= random();
  return count;
}

describe('service demand', () => {
  it('is what a request costs, apart from what is busy without requests', () => {
    const random = randomNumbers(5);
    const found = demandOf([seconds(20, 8, 0.0144, 0.1, random), seconds(60, 33, 0.0144, 0.1, random)], { hasGround: false });
    assert.ok(found !== null && Math.abs(found.seconds / 0.0144 - 1) < 0.05 && Math.abs(found.idle - 0.1) < 0.03, JSON.stringify(found));
    // Poisson work of constant size: half of that size.
    assert.ok(found.burstSeconds > 0.004 && found.burstSeconds < 0.0115, String(found.burstSeconds));
  });

  it('beside a ground that is there but hardly seen, is nearer to the truth than with it taken or left, and knows how far off it is', () => {
    const random = randomNumbers(7);
    const [found, left] = [true, false].map((hasGround) => Array.from({ length: 400 }, () => {
      const cost = (): number => 0.016 * -Math.log(1 - random());
      // Nothing to three tenths of what the larger load makes.
      const ground = 0.09 * random();
      const noisy = (count: number, perSec: number) => seconds(count, perSec, 1, 0, random).map(({ requests }) => ({ requests, work: ground + Array.from({ length: requests }, cost).reduce((a, b) => a + b, 0) }));
      return demandOf([noisy(10, 3), noisy(30, 13)], { hasGround });
    }));
    const offBy = (demands: typeof found): number[] => (demands ?? []).map((one) => (one?.seconds ?? 0) / 0.016 - 1);
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    assert.ok(Math.abs(mean(offBy(found))) < 0.6 * Math.abs(mean(offBy(left))), `${mean(offBy(found))} ${mean(offBy(left))}`);
    const covered = (found ?? []).filter((one) => one !== null && Math.abs(Math.log(one.seconds / 0.016)) < 1.645 * one.error).length;
    assert.ok(covered >= 340 && covered <= 390, `${covered} of 400, 360 wanted`);
    const [alone] = [demandOf([seconds(30, 13, 0.016, 0, random)], { hasGround: true })];
    assert.ok(alone !== null && Math.abs(alone.error - 0.15) < 0.02, 'one load cannot tell a ground: as unsure as it may be large');
  });

  it('takes one load for all of the work, and is no figure for few seconds or none', () => {
    const found = demandOf([seconds(30, 20, 0.02, 0, randomNumbers(1))], { hasGround: false });
    assert.ok(found !== null && Math.abs(found.seconds - 0.02) < 1e-9 && found.idle === 0);
    assert.equal(demandOf([seconds(9, 20, 0.02, 0, randomNumbers(1))], { hasGround: false }), null);
    assert.equal(demandOf([seconds(30, 20, 0, 0, randomNumbers(1))], { hasGround: false }), null);
    assert.equal(demandOf([], { hasGround: false }), null);
  });
});

it('a mix that came by chance is moved to the one that was asked for', () => {
  const random = randomNumbers(11);
  const [errors, moved]: [number[], number[]] = [[], []];
  for (let trial = 0; trial < 100; trial += 1) {
    const readings = Array.from({ length: 30 }, () => {
      const counts = [poisson(4, random), poisson(4, random), poisson(2, random)];
      return { counts, work: 0.18 * (counts[0] ?? 0) + 0.002 * ((counts[1] ?? 0) + (counts[2] ?? 0)) + 0.05 * random() };
    });
    const requests = readings.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
    const work = readings.reduce((sum, one) => sum + one.work, 0);
    const came = work / requests;
    const truth = 0.4 * 0.18 + 0.6 * 0.002 + 0.025 / 10;
    const mixed = atMixAsked([readings.slice(0, 10), readings.slice(10)], [0.4, 0.4, 0.2]);
    assert.ok(mixed !== null);
    const atMix = mixed.stages.flat().reduce((sum, { workAtMix }) => sum + workAtMix, 0);
    errors.push(Math.abs(came / truth - 1));
    moved.push(Math.abs(atMix / requests / truth - 1));
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  assert.ok(mean(moved) < 0.5 * mean(errors), `${mean(errors)} → ${mean(moved)}`);
});

describe('the service time of one server', () => {
  it('is found below the told time, which holds the wait for others', () => {
    const random = randomNumbers(2);
    const windows = [0.6, 1.7].map((perSec) => served(perSec, 0.15, 40, random));
    const all = windows.flat();
    const told = all.reduce((sum, { count, mean }) => sum + (count === 0 ? 0 : count * mean), 0) / all.reduce((sum, { count }) => sum + count, 0);
    const found = serviceSeconds(windows);
    assert.ok(found !== null && told > 0.16 && Math.abs(found / 0.15 - 1) < 0.06, `${told} ${found}`);
  });

  it('is not told from a handful', () => {
    assert.equal(serviceSeconds([[{ count: 3, mean: 0.2 }, { count: 0, mean: Number.NaN }]]), null);
  });
});

/** Requests at random of one server, by the second in which they end. */
function served(perSec: number, service: number, count: number, random: () => number) {
  const rows = Array.from({ length: count }, () => ({ count: 0, mean: Number.NaN, time: 0 }));
  let [now, free] = [0, 0];
  for (;;) {
    now += -Math.log(1 - random()) / perSec;
    free = Math.max(now, free) + service;
    const row = rows[Math.floor(free)];
    if (row === undefined) return rows;
    row.count += 1;
    row.time += free - now;
    row.mean = row.time / row.count;
  }
}

it('a number that rises to a level is known before it is reached, and not where it goes on rising', () => {
  const found = levelOf(Array.from({ length: 40 }, (_, at) => [at * 10, 100 * (1 - Math.exp((-at * 10) / 120)) + (at % 2)] as const));
  assert.ok(found !== null && Math.abs(found.value - 100.5) < 3 && found.reached > 0.9, JSON.stringify(found));
  const rising = levelOf(Array.from({ length: 40 }, (_, at) => [at, at * 2] as const));
  assert.ok(rising === null || rising.reached < 0.6, JSON.stringify(rising));
  assert.equal(levelOf([[1, 1]]), null);
});
