import type { RunStep } from '../model/run.ts';
import { countWrites, traceWrites } from '../run/writes.ts';
import { recoverySeconds } from '../stress/recovery.ts';
import { edgeOf } from '../stress/belief.ts';
import { hasHeld, isWhileDown, usableOf, type StageEvidence } from '../stress/evidence.ts';
import { goalsAt } from './stress-goals.ts';
import { inUnit, mostLoadOf, shapeOf, startLoadOf } from './stress-load.ts';
import { wayBackTimes } from './stress-times.ts';
import type { StressContext } from './stress-context.ts';
import { sayLoad } from './say-load.ts';
import { playStage } from './stress-play.ts';
import { ownWrites } from './write-source.ts';

/** Half again as much as it carries. */
const OVERLOAD_SHARE = 1.5;
const BELOW_LIMIT = 0.95;
/** What a user's normal day is held to be where the phase's own load is too near to the edge. */
const NORMAL_SHARE = 0.5;
const NEAR_EDGE = 0.7;
/** Two windows; less shows no recovery. */
const LEAST_WATCH_SECONDS = 10;

/** Overloads the target once more, with writes that can be counted, then goes back to a normal load and watches until every threshold holds again. */
export async function watchRecovery(context: StressContext, evidence: readonly StageEvidence[], leftSeconds: number): Promise<void> {
  const usable = usableOf(evidence);
  if (usable.length === 0 || context.steps.at(-1)?.outcome.status === 'failed') return;
  if (!usable.some(hasHeld)) {
    context.notes.push('Recovery was not watched: there was no load at which every threshold held.');
    return;
  }
  const isDown = isWhileDown(evidence, evidence.length - 1);
  const { overloadSeconds, aroundSeconds, watchSeconds: most } = wayBackTimes(context.search.budgetSeconds);
  const watchSeconds = Math.min(most, Math.floor(leftSeconds - (isDown ? 0 : overloadSeconds) - aroundSeconds));
  if (watchSeconds < LEAST_WATCH_SECONDS) {
    context.notes.push('Recovery was not watched: the time had run out.');
    return;
  }
  const { overload, normal } = levelsOf(context, evidence);
  if (isDown) {
    context.notes.push('Data consistency was not measured: the target was down.');
    await watchWayBack(context, overload, normal, watchSeconds);
  } else await overloadOnce(context, { overload, overloadSeconds, normal, watchSeconds });
}

/** Half again as much as it carries, but nothing that did harm, that the generator could not make, or that was not to be tried. */
function levelsOf({ phase, search }: StressContext, evidence: readonly StageEvidence[]): { overload: number; normal: number } {
  const usable = usableOf(evidence);
  const edge = edgeOf({ startLoad: startLoadOf({ phase, search }) }, evidence);
  const most = Math.max(...usable.map(({ load, isHarmful }) => (isHarmful ? 0 : load)), Math.min(...usable.map(({ load }) => load)));
  const limits = evidence.flatMap(({ load, isHarmful, isGeneratorLimit }) => (isHarmful ? [load * BELOW_LIMIT] : isGeneratorLimit && load > most ? [load * BELOW_LIMIT] : []));
  const overload = edge.isBracketed ? Math.min(edge.mid * OVERLOAD_SHARE, mostLoadOf({ search }), ...limits) : most;
  const phaseLoad = search.by === 'rate' ? phase.load.requestsPerSecond : Infinity;
  const safe = edge.isBracketed ? edge.low : most;
  return { overload: inUnit(search, overload), normal: inUnit(search, phaseLoad < NEAR_EDGE * safe ? phaseLoad : NORMAL_SHARE * safe) };
}

async function overloadOnce(context: StressContext, back: WayBack): Promise<void> {
  const { overload, overloadSeconds, normal, watchSeconds } = back;
  const { search, signal, target, settings } = context;
  context.progress.say(`Overloading with ${sayLoad(overload, context.search.by)} for ${overloadSeconds} s, then back to ${sayLoad(normal, context.search.by)}`);
  const source = search.writes === null ? target.writes : ownWrites(search.writes, settings.headers);
  const ended = new AbortController();
  let writing: ReturnType<typeof traceWrites> | null = null;
  const step = await playBack(context, back, (second) => {
    if (source !== null) writing ??= traceWrites(target.url, source, AbortSignal.any([signal, ended.signal]));
    if (second >= overloadSeconds - 1) ended.abort();
  }).finally(() => ended.abort());
  // Ended for the harm it did: the load is off, and the way back begins.
  if (step.stage?.isHarmful === true && !signal.aborted) await watchWayBack(context, overload, normal, watchSeconds);
  if (source === null) context.notes.push('Data consistency was not measured: name a write and who counts it (--write, --check-url or --check-sql).');
  else if (writing !== null) await count(context, source, writing);
}

async function watchWayBack(context: StressContext, overload: number, normal: number, watchSeconds: number): Promise<void> {
  context.progress.say(`Back to ${sayLoad(normal, context.search.by)}, to see whether it recovers`);
  await playBack(context, { overload, overloadSeconds: 0, normal, watchSeconds });
}

interface WayBack {
  readonly overload: number;
  readonly overloadSeconds: number;
  readonly normal: number;
  readonly watchSeconds: number;
}

async function playBack(context: StressContext, { overload, overloadSeconds, normal, watchSeconds }: WayBack, onSecond?: (second: number) => void): Promise<RunStep> {
  const { plan, phase, search, signal, samples } = context;
  const conditions = goalsAt(plan, phase, search.by, normal);
  const broken = overloadSeconds === 0 ? [] : [{ load: overload, seconds: overloadSeconds, name: 'ramp' as const }];
  const shape = shapeOf(context, [...broken, { load: normal, seconds: watchSeconds, name: 'sustain' }]);
  const step = await playStage(context, { load: overload, purpose: 'recovery', overloadSeconds }, shape, (soFar) => {
    return recoverySeconds(soFar, overloadSeconds, { conditions, perSec: search.by === 'rate' ? normal : 0, samples }) !== null;
  }, signal, ({ second }) => onSecond?.(second));
  context.steps.push(step);
  return step;
}

async function count({ trials, notes, signal }: StressContext, source: NonNullable<StressContext['target']['writes']>, writing: ReturnType<typeof traceWrites>): Promise<void> {
  try {
    const trial = await countWrites(source, await writing, signal);
    if (trial === null) notes.push('Data consistency was not measured: none of the writes made under overload was acknowledged.');
    else trials.push(trial);
  } catch (error) {
    notes.push(`Data consistency was not measured: the writes could not be counted (${error instanceof Error ? error.message : String(error)}).`);
  }
}
