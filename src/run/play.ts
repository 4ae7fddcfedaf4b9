import type { Engine, EngineLoad } from '../engines/engine.ts';
import { ScaleplanError } from '../errors.ts';
import type { Interval } from '../model/interval.ts';
import type { LoadShape } from '../model/load.ts';
import type { SuiteId } from '../model/plan.ts';
import type { RunStep, StepOutcome } from '../model/run.ts';
import { watchMachine, type WatchedSecond } from './machine.ts';

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

/** What an engine has made of a load, so far or in all. */
export interface Played {
  readonly startedAtMs: number;
  readonly intervals: readonly Interval[];
  /** Without the draining: what comes after the stop are requests in flight, in which no journey is started and none is late. */
  readonly underLoad: readonly WatchedSecond[];
  /** Whether `isOver` ended it. */
  readonly isEnded: boolean;
  readonly outcome: StepOutcome;
}

export interface PlayHooks {
  readonly onInterval: (interval: Interval) => void;
  /** Asked after every second under load. */
  readonly isOver: (interval: Interval, soFar: Played) => boolean;
}

/** Plays a step's load to its end, or until it is over or interrupted. An engine that fails is an outcome. */
export async function play(step: PreparedStep, { onInterval, isOver }: PlayHooks, signal: AbortSignal): Promise<Played> {
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const intervals: Interval[] = [];
  const underLoad: WatchedSecond[] = [];
  const lookAtMachine = watchMachine();
  const soFar: Played = { startedAtMs: Date.now(), intervals, underLoad, isEnded: false, outcome: { status: 'completed' } };
  try {
    for await (const interval of step.engine.run(step.load, stop)) {
      intervals.push(interval);
      onInterval(interval);
      if (stop.aborted) continue;
      underLoad.push({ ...interval, machine: lookAtMachine() });
      if (isOver(interval, soFar)) ended.abort();
    }
  } catch (error) {
    if (!(error instanceof ScaleplanError)) throw error;
    return { ...soFar, isEnded: ended.signal.aborted, outcome: { status: 'failed', reason: error.message.replace(/\.$/, '') } };
  }
  return { ...soFar, isEnded: ended.signal.aborted, outcome: signal.aborted ? { status: 'stopped', reason: 'interrupted' } : soFar.outcome };
}

/** A step as it is written down. */
export function describeStep({ suite, load, engine, engineVersion, requestsPerArrival, scenarioHash }: PreparedStep, { startedAtMs, intervals, outcome }: Played, shape: LoadShape, generatorReasons: readonly string[]): RunStep {
  return {
    suite, scenario: load.scenario.file, ...(scenarioHash === undefined ? {} : { scenarioHash }), endpoint: load.endpoint, engine: engine.name, engineVersion,
    model: shape.model, shape, requestsPerArrival, timeoutMs: load.timeoutMs, startedAtMs, endedAtMs: Date.now(), outcome, intervals, generatorReasons,
  };
}

/** The shape as far as it was played: draining is no missing load, and no second of it is judged. */
export function cutShape(shape: LoadShape, seconds: number): LoadShape {
  let left = seconds;
  const cut = <T extends { readonly durationSeconds: number }>(stages: readonly T[]): T[] => stages.map((stage) => {
    const durationSeconds = Math.max(0, Math.min(stage.durationSeconds, left));
    left -= durationSeconds;
    return { ...stage, durationSeconds };
  });
  return shape.model === 'open' ? { ...shape, stages: cut(shape.stages) } : { ...shape, stages: cut(shape.stages) };
}

/** What the script judged by itself, as a field of its step; none where there is nothing to say. */
export async function findingsOf({ engine, load }: PreparedStep): Promise<Pick<RunStep, 'engineFindings'>> {
  const engineFindings = await engine.findings?.(load) ?? [];
  return engineFindings.length === 0 ? {} : { engineFindings };
}
