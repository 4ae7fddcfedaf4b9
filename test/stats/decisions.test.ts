import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickDuration } from '../../src/load/duration.ts';
import { condition } from '../judge/facts.ts';
import { fewestToProve, shareBounds } from '../../src/stats/binomial.ts';
import { meanBounds, rateBounds } from '../../src/stats/mean-bounds.ts';
import { PROCESSES, boundsOf, simulate, truthOf, type Process } from './simulate.ts';

/** One-sided bounds of one simulated run. */
interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
}

/** What a quick run of 33.3 requests/s and `< 0.1 %` errors has. */
const [SECONDS, PER_SEC] = [144, 33.3];
/** Of the logarithm of a latency: p95 is twice the median. */
const DEVIATION = Math.log(2) / 1.645;

/** Shares of the runs in which `< limit` was proven, and refuted. */
function decide(runs: readonly Bounds[], limit: number): { readonly passed: number; readonly failed: number } {
  return {
    passed: runs.filter(({ high }) => high !== null && high < limit).length / runs.length,
    failed: runs.filter(({ low }) => low !== null && low >= limit).length / runs.length,
  };
}

function assertShare(what: string, share: number, least: number, most: number): void {
  assert.ok(share >= least && share <= most, `${what}: ${(100 * share).toFixed(1)} % of the runs, not ${100 * least}–${(100 * most).toFixed(1)} %`);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** A limit that a value of `truth` is this part below, or above. */
function limitsAround(truth: number, off: number): { readonly above: number; readonly below: number } {
  return { above: truth + Math.log(1 / (1 - off)) / DEVIATION, below: truth - Math.log(1 + off) / DEVIATION };
}

/** [process, runs, most wrong decisions at the limit, how far off is decided in 95 of 100 runs, least wrong ones: 0 = wider than need be] */
const LATENCY: readonly (readonly [Process, number, number, number, number])[] = [
  [PROCESSES.independent, 500, 0.05, 0.1, 0.025],
  [PROCESSES.some, 500, 0.05, 0.1, 0.025],
  [PROCESSES.much, 2000, 0.06, 0.15, 0.03],
  [PROCESSES.requests, 500, 0.05, 0.15, 0.015],
  [PROCESSES.stall, 150, 0.05, 0.1, 0],
  [PROCESSES.trend, 150, 0.05, 0.22, 0],
];

for (const [process, count, mostWrong, off, leastWrong] of LATENCY) {
  test(`p95, ${process.name}: at the limit chance decides at most ${percent(mostWrong)} of runs wrongly to either side; ${percent(off)} off 95 % are decided`, () => {
    const simulator = simulate(process, 21);
    const runs = Array.from({ length: count }, () => boundsOf(0.95, simulator.latencies(SECONDS, PER_SEC)));
    const truth = truthOf(0.95, process, SECONDS);
    const at = decide(runs, truth);
    assertShare('passed at the limit', at.passed, 0, mostWrong);
    assertShare('failed at the limit', at.failed, 0, mostWrong);
    assertShare('decided at the limit, to either side', (at.passed + at.failed) / 2, leastWrong, 0.052);
    const { above, below } = limitsAround(truth, off);
    assertShare('passed below the limit', decide(runs, above).passed, 0.95, 1);
    assertShare('failed below the limit', decide(runs, above).failed, 0, 0.01);
    assertShare('failed above the limit', decide(runs, below).failed, 0.95, 1);
    assertShare('passed above the limit', decide(runs, below).passed, 0, 0.01);
  });
}

/** [process, seconds, most wrong decisions, least] Seconds whose readings scatter by a tenth. */
const MEANS: readonly (readonly [Process, number, number, number])[] = [
  [PROCESSES.independent, SECONDS, 0.05, 0.03], [PROCESSES.some, SECONDS, 0.05, 0.03], [PROCESSES.much, SECONDS, 0.055, 0.03],
  [PROCESSES.independent, 30, 0.05, 0.025], [PROCESSES.some, 30, 0.055, 0.03], [PROCESSES.much, 30, 0.07, 0.03],
  [PROCESSES.stall, SECONDS, 0.05, 0], [PROCESSES.trend, SECONDS, 0.05, 0],
];

for (const [process, seconds, mostWrong, leastWrong] of MEANS) {
  test(`mean of ${seconds} readings, ${process.name}: at the limit at most ${percent(mostWrong)} wrong decisions to either side`, () => {
    const simulator = simulate(process, 31);
    const runs = Array.from({ length: 2000 }, () => meanBounds(simulator.levels(seconds).map((level) => 100 + 10 * level)));
    const at = decide(runs, 100 + (10 * 5 * (process.stallSeconds ?? 0)) / seconds);
    assertShare('passed', at.passed, 0, mostWrong);
    assertShare('failed', at.failed, 0, mostWrong);
    assertShare('either', (at.passed + at.failed) / 2, leastWrong, mostWrong);
  });
}

test('error rate at the limit: exactly, over all counts there can be, at most 5 % wrong decisions to either side', () => {
  for (const n of [100, 473, 4742, 10_000]) {
    for (const limit of [0.001, 0.01, 0.05]) {
      const counts = Array.from({ length: Math.ceil(n * limit + 12 * Math.sqrt(n * limit) + 12) }, (_, hits) => ({ share: chanceOf(hits, n, limit), ...shareBounds(hits, n) }));
      const sum = (isWrong: (bounds: { low: number; high: number }) => boolean): number => counts.filter(isWrong).reduce((total, { share }) => total + share, 0);
      assertShare(`${n} at ${limit}: passed`, sum(({ high }) => high < limit), 0, 0.05);
      assertShare(`${n} at ${limit}: failed`, sum(({ low }) => low >= limit), 0, 0.05);
    }
  }
});

test('the quick duration decides an error rate of 0, and one of four times the limit in 95 % of runs, and is the shortest that one stray error leaves decided', () => {
  for (const limit of [0.001, 0.01, 0.05]) {
    const { requests } = quickDuration({ ratePerSec: 100, conditions: [condition(`http.error_rate < ${percent(limit)}`)], shares: {}, scatter: 0 });
    assert.ok(shareBounds(0, requests).high < limit && shareBounds(1, requests).high < limit);
    let refuted = 0;
    for (let hits = 0; hits <= requests; hits += 1) {
      if (shareBounds(hits, requests).low >= limit) break;
      refuted += chanceOf(hits, requests, 4 * limit);
    }
    assertShare(`four times ${percent(limit)}`, 1 - refuted, 0.95, 1);
    assert.ok(requests <= 1.2 * fewestToProve(limit, 1), `${requests} requests`);
  }
});

for (const ratePerSec of [33.3, 100]) {
  test(`the quick duration for p95 at ${ratePerSec}/s decides 95 % of runs that are 10 % off, and one a sixth shorter does not`, () => {
    const { seconds } = quickDuration({ ratePerSec, conditions: [condition('http.p95 < 500 ms')], shares: {} });
    const decidedIn = (length: number): number => {
      const simulator = simulate(PROCESSES.some, 9);
      const runs = Array.from({ length: 400 }, () => boundsOf(0.95, simulator.latencies(length, ratePerSec)));
      const truth = truthOf(0.95, PROCESSES.some, length);
      const { above, below } = limitsAround(truth, 0.1);
      return Math.min(decide(runs, above).passed, decide(runs, below).failed);
    };
    assertShare(`${seconds} s`, decidedIn(seconds), 0.95, 1);
    assertShare(`${Math.floor(seconds / 1.2)} s`, decidedIn(Math.floor(seconds / 1.2)), 0, 0.95);
  });
}

test('the quick duration for throughput decides 95 % of runs that are 10 % off, and one a sixth shorter does not', () => {
  const asked = 33.3;
  const { seconds } = quickDuration({ ratePerSec: asked, conditions: [condition(`http.throughput > ${asked} /s`)], shares: {} });
  const decidedIn = (length: number): number => {
    const { normal } = simulate(PROCESSES.independent, 41);
    // Arrivals come on schedule, so that counts scatter less than chance would have them; the part of it that was measured.
    const count = (perSec: number): number => Math.round(perSec + Math.sqrt(0.37 * perSec) * normal());
    const runs = (perSec: number): Bounds[] => Array.from({ length: 2000 }, () => rateBounds(Array.from({ length }, () => count(perSec))));
    return Math.min(decide(runs(1.1 * asked), asked).failed, decide(runs(0.9 * asked), asked).passed);
  };
  assertShare(`${seconds} s`, decidedIn(seconds), 0.95, 1);
  assertShare(`${Math.floor(seconds / 1.2)} s`, decidedIn(Math.floor(seconds / 1.2)), 0, 0.95);
});

/** Chance of so many hits in n, by logarithms. */
function chanceOf(hits: number, n: number, share: number): number {
  let log = (n - hits) * Math.log1p(-share) + hits * Math.log(share);
  for (let at = 1; at <= hits; at += 1) log += Math.log((n - hits + at) / at);
  return Math.exp(log);
}
