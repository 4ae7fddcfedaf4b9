import type { StageName } from '../model/load.ts';
import type { RunStep } from '../model/run.ts';

/** Where a stage lies in its step, in seconds since the step’s load began. */
export interface StageWindow {
  readonly name: StageName;
  readonly judged: boolean;
  /** Whole seconds of load, as [from, to): what rates are formed over. */
  readonly from: number;
  readonly to: number;
  /** With the seconds in which the stage’s last requests ended, [from, end): what requests are counted over. */
  readonly end: number;
}

/**
 * Cuts a step into its stages by the shape that was asked for and the seconds that were measured. The second in which a
 * stage was broken off (by an interruption, a crash) was only partly under load: its requests count, it does not.
 */
export function stageWindows(step: Pick<RunStep, 'shape' | 'intervals'>): StageWindow[] {
  const measured = step.intervals.reduce((most, interval) => Math.max(most, interval.second + 1), 0);
  const stages = step.shape.stages;
  const windows: StageWindow[] = [];
  let startedAt = 0;
  for (const [at, stage] of stages.entries()) {
    const endsAt = startedAt + stage.durationSeconds;
    // Less was measured than asked for: the last second was cut short.
    const wholeTo = Math.min(Math.floor(endsAt), measured < Math.floor(endsAt) ? measured - 1 : measured);
    // A fixed count may be over within a second: then that second is all there is. Its rate is a little too low, never too high.
    const to = 'exactly' in stage && stage.exactly !== undefined ? measured : wholeTo;
    const from = Math.min(Math.ceil(startedAt), measured);
    const end = at === stages.length - 1 ? measured : Math.min(Math.floor(endsAt), measured);
    windows.push({ name: stage.name, judged: stage.judged, from, to: Math.max(from, to), end: Math.max(from, end) });
    startedAt = endsAt;
  }
  return windows;
}
