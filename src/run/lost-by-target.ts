import type { Interval } from '../model/interval.ts';
import type { FlowStep, Scenario } from '../model/scenario.ts';

/** A generator busier than this is late by itself. */
const BUSY = 0.9;

/**
 * Whether journeys that the engine itself counts as skipped are the target's: every user was still at an earlier one because it waited for answers, not because
 * it thinks for so long, or because the generator is out of breath. `intervals` to the end of the draining, for who waits for a target that hangs is told of
 * when it gives up; `underLoad` those of them in which journeys were due. What a script of the user's own does meanwhile nobody knows: it is not laid to the target.
 */
export function isLostByTarget({ journeys }: Pick<Scenario, 'journeys'>, timeoutMs: number, intervals: readonly Interval[], underLoad: readonly Interval[]): boolean {
  if (journeys.length === 0 || !underLoad.some(({ skipped }) => skipped > 0) || underLoad.some(({ generator }) => generator.loopUtilization >= BUSY)) return false;
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  const thinkSeconds = journeys.reduce((sum, { weight, flow }) => sum + weight * thinkSecondsOf(flow), 0) / weights;
  const started = underLoad.reduce((sum, { arrivals }) => sum + arrivals, 0);
  return waitedSeconds(intervals, timeoutMs) > started * thinkSeconds;
}

function waitedSeconds(intervals: readonly Interval[], timeoutMs: number): number {
  return intervals.flatMap(({ rows }) => rows).reduce((sum, { latency, errorLatency, errors }) => sum + (latency.sumUs + errorLatency.sumUs) / 1e6 + ((errors.timeout ?? 0) * timeoutMs) / 1000, 0);
}

function thinkSecondsOf(flow: readonly FlowStep[]): number {
  return flow.reduce((sum, step) => sum + (step.type === 'think' ? step.seconds : step.type === 'loop' ? step.count * thinkSecondsOf(step.flow) : 0), 0);
}
