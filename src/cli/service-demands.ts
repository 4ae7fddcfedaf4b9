import type { Limit } from '../capacity/limit.ts';
import type { Estimate } from '../model/estimate.ts';
import type { StressLaws } from '../model/stress.ts';
import { asymptoticBounds } from '../stats/operational-laws.ts';
import { NORMAL_95 } from '../stats/student.ts';

/**
 * What a request costs each resource that the probes read (U = X · D, from the lowest and the highest stage that held), and what follows for any load: no
 * more than servers ÷ D, and from so many requests in flight on a queue. `lightMs`: the mean latency of the lowest stage.
 */
export function serviceDemands(limits: readonly Limit[], lightMs: number | null): StressLaws {
  const demands = limits.map(({ resource: { id, name, servers, queues }, demand: { seconds, error }, utilization }) => ({
    bottleneck: id, resource: name, servers: servers * queues, utilization, demandMs: around(1000 * seconds, error), mostPerSec: around((servers * queues) / seconds, error), error,
  }));
  const first = demands.reduce((a, b) => (b.mostPerSec.mid < a.mostPerSec.mid ? b : a));
  // A request spends its light time in resources that nobody reads, too: what the bounds call ΣD + Z.
  const most = 1 / first.mostPerSec.mid;
  const crossing = lightMs === null ? null : asymptoticBounds([most], Math.max(0, lightMs / 1000 - most)).crossing;
  return { demands: demands.map(({ error: _error, ...one }) => one), mostPerSec: first.mostPerSec, knee: crossing === null ? null : around(crossing, first.error) };
}

function around(mid: number, error: number): Estimate {
  const by = Math.exp(NORMAL_95 * error);
  return { low: mid / by, mid, high: mid * by };
}
