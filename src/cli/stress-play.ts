import type { Interval } from '../model/interval.ts';
import type { RunStep, StressStageFacts } from '../model/run.ts';
import { executeStage } from '../run/stage.ts';
import { latencyFigure, tally } from '../stats/tally.ts';
import { goalsAt } from './stress-goals.ts';
import { prepareStage } from './stress-load.ts';
import { sayLoad } from './say-load.ts';
import type { StressContext } from './stress-context.ts';
import type { Harm } from './stress-settings.ts';

/** Runs one stage, written down second by second; ends at once where it does harm. */
export async function playStage(
  context: StressContext, facts: Omit<StressStageFacts, 'isHarmful'>, shape: RunStep['shape'], isOver: (soFar: RunStep) => boolean, signal: AbortSignal,
  onSecond: (interval: Interval) => void = () => {},
): Promise<RunStep> {
  const { folder, progress, base, search, plan, phase } = context;
  const step = prepareStage(context, `${facts.purpose}-${Number(facts.load.toPrecision(4))}`, shape);
  const index = context.steps.length;
  folder.write('run.json', JSON.stringify({ formatVersion: context.runSoFar().formatVersion, facts: factsOf(context) }));
  progress.begin({
    label: `stress ${facts.purpose} ${sayLoad(facts.load, search.by)}`, shape, timeoutMs: step.load.timeoutMs, requestsPerArrival: base.load.requestsPerArrival,
    conditions: goalsAt(plan, phase, search.by, facts.load),
  }, 0, 1);
  return executeStage(step, facts, {
    onInterval: (interval) => {
      folder.appendInterval(index, interval);
      progress.tick(interval);
      onSecond(interval);
    },
    look: (soFar) => (isRaised(facts, soFar) && doesHarm(soFar.intervals, search.harm, soFar.timeoutMs) ? 'harm' : isOver(soFar) ? 'enough' : 'go-on'),
  }, signal);
}

/** Harm ends a load that was raised. On the way back the load is a normal one, and how long it goes on failing is the question. */
function isRaised({ overloadSeconds }: Pick<StressStageFacts, 'overloadSeconds'>, { intervals }: RunStep): boolean {
  return overloadSeconds === null || intervals.length <= overloadSeconds;
}

/** So that a search that is cut off by a crash can be read as far as it came. */
function factsOf(context: StressContext): Record<string, unknown> {
  const { samples: _, steps, ...facts } = context.runSoFar();
  return { ...facts, steps: steps.map(({ intervals: __, ...step }) => step) };
}

/** Seconds that must show the harm together, and the fewest requests in them: one bad second, or one of two requests, is none. */
const HARM_SECONDS = 5;
const HARM_REQUESTS = 20;

function doesHarm(intervals: readonly Interval[], { metric, limit }: Harm, timeoutMs: number): boolean {
  const sums = tally(intervals.slice(-HARM_SECONDS).flatMap(({ rows }) => rows));
  if (intervals.length < HARM_SECONDS || sums.requests < HARM_REQUESTS) return false;
  if (metric === 'http.error_rate') return (100 * sums.failed) / sums.requests > limit;
  return (latencyFigure(sums, metric, timeoutMs)?.valueMs ?? 0) > limit;
}
