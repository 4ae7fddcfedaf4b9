import { comparisonsOf } from '../model/condition.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { RunStep, Trial } from '../model/run.ts';
import { conditionsFor } from '../plan/resolve.ts';
import { FAILOVER_LIMIT_MS, measureFailover } from '../run/failover.ts';
import type { Progress } from './progress.ts';
import type { Target } from './target.ts';

interface Loaded {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly target: Target;
  readonly progress: Progress;
}

/** After the load, where a limit asks for it and the target has a part to lose. What comes back late or never is at its limit of patience. */
export async function tryFailover({ plan, phase, target, progress }: Loaded, steps: readonly RunStep[], signal: AbortSignal): Promise<readonly Trial[]> {
  const isAsked = conditionsFor(plan, phase, 'load').flatMap(comparisonsOf).some(({ metric }) => metric === 'service.failover_time');
  const wasLoaded = steps.some(({ suite, outcome }) => suite === 'load' && outcome.status === 'completed');
  if (!isAsked || !wasLoaded || target.failover === null || signal.aborted) return [];
  progress.say(`Losing ${target.failover.what} to see how long it is felt`);
  const { ms, asked, failed } = await measureFailover(target.url, target.failover, signal);
  if (signal.aborted) return [];
  const seen = `${target.failover.what} was ended after the load; ${failed} of ${asked} requests failed meanwhile`;
  return [{ metric: 'service.failover_time', value: ms ?? FAILOVER_LIMIT_MS, note: ms === null ? `${seen}, and it had not come back after a minute` : seen }];
}
