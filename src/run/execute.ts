import type { Engine, EngineLoad } from '../engines/engine.ts';
import { ScaleplanError } from '../errors.ts';
import type { Interval } from '../model/interval.ts';
import { stageAt, type LoadShape } from '../model/load.ts';
import type { SuiteId } from '../model/plan.ts';
import type { RunStep, StepOutcome } from '../model/run.ts';
import { cutShape } from './cut-shape.ts';
import { watchForEnough } from './enough.ts';
import { watchMachine, type WatchedSecond } from './machine.ts';
import { watchForOverload } from './overload.ts';
import { distrust } from './trust.ts';

/** One step of a run, ready to start: the engine was checked and has accepted the load. */
export interface PreparedStep {
  readonly suite: SuiteId;
  readonly engine: Engine;
  readonly engineVersion: string;
  readonly load: EngineLoad;
  readonly requestsPerArrival: number;
  /** See `RunStep.scenarioHash`. */
  readonly scenarioHash?: string;
}

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

interface StepHooks {
  readonly onInterval: (interval: Interval) => void;
  readonly isDecided: ExecuteHooks['isDecided'];
}

async function executeStep(step: PreparedStep, { onInterval, isDecided }: StepHooks, signal: AbortSignal): Promise<RunStep> {
  const startedAtMs = Date.now();
  const intervals: Interval[] = [];
  // Seconds under load: what comes after the stop is the draining of requests in flight, in which no journey is started and none is late.
  const underLoad: WatchedSecond[] = [];
  const lookAtMachine = watchMachine();
  const [dead, enough] = [new AbortController(), new AbortController()];
  const watch = watchForLife(step);
  const watchGenerator = watchForOverload({ shape: step.load.shape, engine: step.engine.name });
  let overwhelmed: string | null = null;
  let outcome: StepOutcome = { status: 'completed' };
  const stop = AbortSignal.any([signal, dead.signal, enough.signal]);
  const played = (): LoadShape => cutShape(step.load.shape, underLoad.length);
  const describe = (shape: LoadShape, generatorReasons: string[]): RunStep => describeStep(step, { shape, startedAtMs, intervals, outcome, generatorReasons });
  const hasEnough = watchForEnough(step.load.shape, () => isDecided(describe(played(), [])));
  try {
    for await (const interval of step.engine.run(step.load, stop)) {
      intervals.push(interval);
      onInterval(interval);
      if (stop.aborted) continue;
      underLoad.push({ ...interval, machine: lookAtMachine() });
      overwhelmed = watchGenerator(interval);
      if (watch(interval) || overwhelmed !== null) dead.abort();
      else if (hasEnough(interval)) enough.abort();
    }
    if (signal.aborted) outcome = { status: 'stopped', reason: 'interrupted' };
    else if (overwhelmed !== null) outcome = { status: 'stopped', reason: 'the generator could not make the load' };
    else if (dead.signal.aborted) outcome = { status: 'stopped', reason: `no request succeeded for ${DEAD_AFTER_SECONDS} s` };
  } catch (error) {
    if (!(error instanceof ScaleplanError)) throw error;
    outcome = { status: 'failed', reason: error.message.replace(/\.$/, '') };
  }
  const reasons = overwhelmed === null ? distrust({ engine: step.engine.name, shape: step.load.shape, intervals: underLoad }) : [overwhelmed];
  return { ...describe(enough.signal.aborted ? played() : step.load.shape, reasons), ...await findingsOf(step) };
}

/** What the script judged by itself, as a field of its step; none where there is nothing to say. */
export async function findingsOf({ engine, load }: PreparedStep): Promise<Pick<RunStep, 'engineFindings'>> {
  const engineFindings = await engine.findings?.(load) ?? [];
  return engineFindings.length === 0 ? {} : { engineFindings };
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

function describeStep(step: PreparedStep, measured: Pick<RunStep, 'shape' | 'startedAtMs' | 'intervals' | 'outcome' | 'generatorReasons'>): RunStep {
  const { load, engine } = step;
  return {
    suite: step.suite,
    scenario: load.scenario.file,
    ...(step.scenarioHash === undefined ? {} : { scenarioHash: step.scenarioHash }),
    endpoint: load.endpoint,
    engine: engine.name,
    engineVersion: step.engineVersion,
    model: load.shape.model,
    requestsPerArrival: step.requestsPerArrival,
    timeoutMs: load.timeoutMs,
    endedAtMs: Date.now(),
    ...measured,
  };
}
