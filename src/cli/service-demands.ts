import { limitsOf } from '../capacity/predict.ts';
import type { Estimate } from '../model/estimate.ts';
import type { Condition } from '../model/condition.ts';
import type { Run, RunStep } from '../model/run.ts';
import type { StressLaws } from '../model/stress.ts';
import { asymptoticBounds } from '../stats/operational-laws.ts';
import { NORMAL_95 } from '../stats/student.ts';

/**
 * What a request costs each resource that the probes read (U = X · D, from the lowest and the highest stage that held), and what follows for any load: no
 * more than servers ÷ D, and from so many requests in flight on a queue. Null where no utilisation was read.
 */
export function serviceDemands(run: Run, conditions: readonly Condition[], at: { readonly calm: RunStep; readonly busy: RunStep; readonly lightMs: number | null }): StressLaws | null {
  // As a test of two stages: of a search only the calm ones would be looked at.
  const { stress: _, ...facts } = run;
  const limits = limitsOf({ ...facts, steps: [at.calm, at.busy].map((step) => ({ ...step, suite: 'load' as const })) }, conditions);
  if (typeof limits === 'string') return null;
  const demands = limits.map(({ resource: { id, name, servers, queues }, demand: { seconds, error }, utilization }) => ({
    bottleneck: id, resource: name, servers: servers * queues, utilization, demandMs: around(1000 * seconds, error), mostPerSec: around((servers * queues) / seconds, error), error,
  }));
  const first = demands.reduce((a, b) => (b.mostPerSec.mid < a.mostPerSec.mid ? b : a));
  // A request spends its light time in resources that nobody reads, too: what the bounds call ΣD + Z.
  const most = 1 / first.mostPerSec.mid;
  const crossing = at.lightMs === null ? null : asymptoticBounds([most], Math.max(0, at.lightMs / 1000 - most)).crossing;
  return { demands: demands.map(({ error: _error, ...one }) => one), mostPerSec: first.mostPerSec, knee: crossing === null ? null : around(crossing, first.error) };
}

function around(mid: number, error: number): Estimate {
  const by = Math.exp(NORMAL_95 * error);
  return { low: mid / by, mid, high: mid * by };
}
