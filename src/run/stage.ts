import type { Interval } from '../model/interval.ts';
import type { RunStep, StressStageFacts } from '../model/run.ts';
import { isLostByTarget } from './lost-by-target.ts';
import { cutShape, describeStep, findingsOf, play, type PreparedStep } from './play.ts';
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
export async function executeStage(step: PreparedStep, facts: Omit<StressStageFacts, 'isHarmful'>, { onInterval, look }: StageHooks, signal: AbortSignal): Promise<RunStep> {
  let isHarmful = false;
  const played = await play(step, {
    onInterval,
    isOver: (_interval, soFar) => {
      const seen = look({ ...describeStep(step, soFar, step.load.shape, []), stage: { ...facts, isHarmful } });
      isHarmful = seen === 'harm';
      return seen !== 'go-on';
    },
  }, signal);
  const { intervals, underLoad, isEnded } = played;
  const shape = isEnded || signal.aborted ? cutShape(step.load.shape, underLoad.length) : step.load.shape;
  const isLost = shape.model === 'open' && isLostByTarget(step.load.scenario, step.load.timeoutMs, intervals, underLoad);
  // Journeys that found no free user for the target's sake are none that the generator started late; whatever else speaks against it does so all the same.
  const reasons = distrust({ engine: step.engine.name, shape, intervals: isLost ? underLoad.map((one) => ({ ...one, arrivals: one.arrivals + one.skipped })) : underLoad });
  return { ...describeStep(step, played, shape, reasons), stage: { ...facts, isHarmful }, ...await findingsOf(step) };
}
