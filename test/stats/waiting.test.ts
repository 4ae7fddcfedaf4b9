import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shareWaiting, utilizationFelt } from '../../src/stats/waiting.ts';
import { randomNumbers } from './random.ts';

describe('the wait at a station', () => {
  it('is that of M/M/1 where the load lasts: P(W > t) = ρ e^(−(1 − ρ) t ÷ S)', () => {
    const station = { servers: 1, burstSeconds: 1, waitSeconds: 10, horizonSeconds: 1e6 };
    assert.ok(Math.abs(shareWaiting(station, 0.7) - 0.7 * Math.exp(-3)) < 0.002);
    const felt = utilizationFelt(station);
    assert.ok(Math.abs(felt * Math.exp(-(1 - felt) * 10) - 0.05) < 0.002, String(felt));
  });

  it('meets a limit later the evener the work comes, and the more servers share it', () => {
    const felt = (burstSeconds: number, servers: number): number => utilizationFelt({ servers, burstSeconds, waitSeconds: 0.3, horizonSeconds: 60 });
    assert.ok(felt(0.2, 4) < felt(0.1, 4) && felt(0.1, 4) < felt(0.01, 4));
    assert.ok(felt(0.1, 2) < felt(0.1, 4) && felt(0.1, 4) < felt(0.1, 20));
  });

  it('is not felt at once where the limit is seconds away: a small overload ends before', () => {
    const felt = (horizonSeconds: number): number => utilizationFelt({ servers: 1, burstSeconds: 0.07, waitSeconds: 5, horizonSeconds });
    assert.ok(felt(20) > felt(60) && felt(60) > 1 && felt(10_000) < 1);
    // Nothing but a fluid: (ρ − 1) · t reaches 5 s for a twentieth of 20 s at ρ = 1.26.
    assert.ok(Math.abs(utilizationFelt({ servers: 1, burstSeconds: 1e-6, waitSeconds: 5, horizonSeconds: 20 }) - 1.26) < 0.02);
  });

  it('agrees with simulated queues of like requests on several servers', () => {
    const random = randomNumbers(3);
    for (const [servers, seconds, limit] of [[1, 0.05, 0.4], [3, 0.15, 0.35], [6, 0.18, 0.3]] as const) {
      // Poisson arrivals of constant work: (1 + 0) ÷ 2 of the service time.
      const felt = utilizationFelt({ servers, burstSeconds: seconds / 2, waitSeconds: limit, horizonSeconds: 1e5 });
      const share = simulatedShare(servers, seconds, limit, (felt * servers) / seconds, random);
      assert.ok(share > 0.025 && share < 0.09, `${servers} servers: ${share} at ${felt}`);
    }
  });
});

function simulatedShare(servers: number, seconds: number, limit: number, perSec: number, random: () => number): number {
  const free = Array.from({ length: servers }, () => 0);
  let [now, late] = [0, 0];
  const requests = 100_000;
  for (let request = 0; request < requests; request += 1) {
    now += -Math.log(1 - random()) / perSec;
    const first = free.indexOf(Math.min(...free));
    const begins = Math.max(now, free[first] ?? 0);
    if (begins - now > limit) late += 1;
    free[first] = begins + seconds;
  }
  return late / requests;
}
