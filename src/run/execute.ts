import type { Interval } from '../model/interval.ts';
import { stageAt } from '../model/load.ts';
import type { RunStep, StepOutcome } from '../model/run.ts';
import { watchForEnough } from './enough.ts';
import { watchForOverload } from './overload.ts';
import { cutShape, describeStep, findingsOf, play, type PreparedStep } from './play.ts';
import { distrust } from './trust.ts';

export interface ExecuteHooks {
  readonly onStep: (index: number, step: PreparedStep) => void;
  readonly onInterval: (index: number, interval: Interval) => void;
  /** Whether what a stage that may end before its time has shown decides everything it is judged by. */
  readonly isDecided: (soFar: RunStep) => boolean;
}

/** After this long without one good answer in the judged part, more load proves nothing: the verdict stands, the target is spared. */
const DEAD_AFTER_SECONDS = 20;

/**
 * Runs the steps one after the other. A step that fails becomes data of the run; the steps behind it are not started,
 * for what made it fail (a dead target, a crashed engine) would spoil them too.
 */
export async function executeSteps(steps: readonly PreparedStep[], hooks: ExecuteHooks, signal: AbortSignal): Promise<RunStep[]> {
  const done: RunStep[] = [];
  for (const [index, step] of steps.entries()) {
    if (signal.aborted) break;
    hooks.onStep(index, step);
    const result = await executeStep(step, { onInterval: (interval) => hooks.onInterval(index, interval), isDecided: hooks.isDecided }, signal);
    done.push(result);
    if (result.outcome.status !== 'completed') break;
  }
  return done;
}

type StepHooks = Pick<ExecuteHooks, 'isDecided'> & { readonly onInterval: (interval: Interval) => void };

async function executeStep(step: PreparedStep, { onInterval, isDecided }: StepHooks, signal: AbortSignal): Promise<RunStep> {
  const { engine, load } = step;
  const isDead = watchForLife(step);
  const watchGenerator = watchForOverload({ shape: load.shape, engine: engine.name });
  const hasEnough = watchForEnough(load.shape);
  let overwhelmed: string | null = null;
  let ending: StepOutcome = { status: 'completed' };
  const played = await play(step, {
    onInterval,
    isOver: (interval, soFar) => {
      const isTargetDead = isDead(interval);
      overwhelmed = watchGenerator(interval);
      if (overwhelmed !== null) ending = { status: 'stopped', reason: 'the generator could not make the load' };
      else if (isTargetDead) ending = { status: 'stopped', reason: `no request succeeded for ${DEAD_AFTER_SECONDS} s` };
      else return hasEnough(interval, () => isDecided(describeStep(step, soFar, cutShape(load.shape, soFar.underLoad.length), [])));
      return true;
    },
  }, signal);
  const outcome = played.outcome.status === 'completed' ? ending : played.outcome;
  const reasons = overwhelmed === null ? distrust({ engine: engine.name, shape: load.shape, intervals: played.underLoad }) : [overwhelmed];
  const shape = played.isEnded && ending.status === 'completed' ? cutShape(load.shape, played.underLoad.length) : load.shape;
  return { ...describeStep(step, { ...played, outcome }, shape, reasons), ...await findingsOf(step) };
}

/** Answers whether the target has given no good answer for so long, within the judged part, that the load should end. */
function watchForLife({ load }: PreparedStep): (interval: Interval) => boolean {
  let deadSeconds = 0;
  let failures = 0;
  return ({ second, rows }) => {
    if (stageAt(load.shape, second)?.judged !== true) return false;
    const ended = rows.reduce((sum, row) => sum + row.requests, 0);
    const failed = rows.reduce((sum, row) => sum + Object.values(row.errors).reduce((a, b) => a + b, 0), 0);
    deadSeconds = ended > failed ? 0 : deadSeconds + 1;
    failures = ended > failed ? 0 : failures + failed;
    return deadSeconds >= DEAD_AFTER_SECONDS && failures >= DEAD_AFTER_SECONDS;
  };
}
