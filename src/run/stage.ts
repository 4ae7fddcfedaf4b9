import { ScaleplanError } from '../errors.ts';
import type { Interval } from '../model/interval.ts';
import type { LoadShape } from '../model/load.ts';
import type { RunStep, StepOutcome, StressStageFacts } from '../model/run.ts';
import { cutShape } from './cut-shape.ts';
import { findingsOf, type PreparedStep } from './execute.ts';
import { isLostByTarget } from './lost-by-target.ts';
import { watchMachine, type WatchedSecond } from './machine.ts';
import { distrust } from './trust.ts';

export interface StageHooks {
  readonly onInterval: (interval: Interval) => void;
  /** Asked after every second: whether the stage has shown enough, or does harm. */
  readonly look: (soFar: RunStep) => 'go-on' | 'enough' | 'harm';
}

/**
 * Runs one stage of a search: as long as its shape at most, ended as soon as `look` has seen enough. The shape that is written down is cut
 * to the seconds under load, so that draining is no missing load and the generator is not blamed for it.
 */
export async function executeStage(step: PreparedStep, facts: Omit<StressStageFacts, 'isHarmful'>, hooks: StageHooks, signal: AbortSignal): Promise<RunStep> {
  const startedAtMs = Date.now();
  const intervals: Interval[] = [];
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  // What comes after the stop is draining, in which nothing is asked for and nothing can be late.
  const underLoad: WatchedSecond[] = [];
  const lookAtMachine = watchMachine();
  let isHarmful = false;
  let outcome: StepOutcome = { status: 'completed' };
  const describe = (shape: LoadShape, generatorReasons: string[] = []): RunStep => ({
    suite: step.suite, scenario: step.load.scenario.file, endpoint: null, engine: step.engine.name, engineVersion: step.engineVersion, model: shape.model, shape,
    requestsPerArrival: step.requestsPerArrival, timeoutMs: step.load.timeoutMs, startedAtMs, endedAtMs: Date.now(), outcome, intervals, generatorReasons,
    stage: { ...facts, isHarmful },
  });
  try {
    for await (const interval of step.engine.run(step.load, stop)) {
      intervals.push(interval);
      hooks.onInterval(interval);
      if (stop.aborted) continue;
      underLoad.push({ ...interval, machine: lookAtMachine() });
      const seen = hooks.look(describe(step.load.shape));
      isHarmful = seen === 'harm';
      if (seen !== 'go-on') ended.abort();
    }
    if (signal.aborted) outcome = { status: 'stopped', reason: 'interrupted' };
  } catch (error) {
    if (!(error instanceof ScaleplanError)) throw error;
    outcome = { status: 'failed', reason: error.message.replace(/\.$/, '') };
  }
  const shape = stop.aborted ? cutShape(step.load.shape, underLoad.length) : step.load.shape;
  const isLost = shape.model === 'open' && isLostByTarget(step.load.scenario, step.load.timeoutMs, intervals, underLoad);
  // Journeys that found no free user for the target's sake are none that the generator started late; whatever else speaks against it does so all the same.
  const reasons = distrust({ engine: step.engine.name, shape, intervals: isLost ? underLoad.map((one) => ({ ...one, arrivals: one.arrivals + one.skipped })) : underLoad });
  return { ...describe(shape, reasons), ...await findingsOf(step) };
}
