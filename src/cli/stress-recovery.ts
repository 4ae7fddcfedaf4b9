import type { RunStep } from '../model/run.ts';
import { countWrites, traceWrites } from '../run/writes.ts';
import { recoverySeconds } from '../stress/recovery.ts';
import { edgeOf, type SearchSettings, type StageEvidence } from '../stress/search.ts';
import { goalsAt } from './stress-goals.ts';
import { shapeOf } from './stress-load.ts';
import type { StressContext } from './stress-context.ts';
import { playStage } from './stress-play.ts';
import { ownWrites } from './write-source.ts';

/** Long enough for queues to fill and pools to run dry, short enough to be no more than an incident. */
const OVERLOAD_SECONDS = 12;
/** Half again as much as it carries, where a stage has shown that this does no more than break it. */
const OVERLOAD_SHARE = 1.5;
/** What a user's normal day is held to be where the phase's own load is too near to the edge. */
const NORMAL_SHARE = 0.5;
const NEAR_EDGE = 0.7;
/** Whoever has not come back in a minute has not come back by himself. */
const MOST_WATCH_SECONDS = 60;
/** Overload, the first half of a minute of the way back, start-up and draining, and the count of the writes. */
export const RECOVERY_RESERVE_SECONDS = 60;

/** Overloads the target once more, with writes that can be counted, then goes back to a normal load and watches until every threshold holds again. */
export async function watchRecovery(context: StressContext, settings: SearchSettings, evidence: readonly StageEvidence[], leftSeconds: number): Promise<void> {
  const usable = evidence.filter(({ isGeneratorLimit }) => !isGeneratorLimit);
  if (usable.length === 0 || context.steps.at(-1)?.outcome.status === 'failed') return;
  const watchSeconds = Math.min(MOST_WATCH_SECONDS, Math.floor(leftSeconds - OVERLOAD_SECONDS - 15));
  if (watchSeconds < 10) {
    context.notes.push('Recovery was not watched: the time had run out.');
    return;
  }
  const { overload, normal } = levelsOf(context, settings, usable);
  context.progress.say(`Overloading with ${Number(overload.toPrecision(3))} for ${OVERLOAD_SECONDS} s, then back to ${Number(normal.toPrecision(3))}`);
  const step = await playRecovery(context, overload, normal, watchSeconds);
  context.steps.push(step);
}

/** The overload is one that a stage has already shown to be no worse than a break. */
function levelsOf({ phase, search }: StressContext, settings: SearchSettings, usable: readonly StageEvidence[]): { overload: number; normal: number } {
  const edge = edgeOf(settings, usable);
  const most = Math.max(...usable.map(({ load, isHarmful }) => (isHarmful ? 0 : load)), Math.min(...usable.map(({ load }) => load)));
  const overload = edge.isBracketed ? Math.min(most, edge.mid * OVERLOAD_SHARE) : most;
  const phaseLoad = search.by === 'rate' ? phase.load.requestsPerSecond : Infinity;
  const safe = edge.isBracketed ? edge.low : most;
  return { overload, normal: phaseLoad < NEAR_EDGE * safe ? phaseLoad : NORMAL_SHARE * safe };
}

async function playRecovery(context: StressContext, overload: number, normal: number, watchSeconds: number): Promise<RunStep> {
  const { plan, phase, search, signal, target, settings } = context;
  const goals = goalsAt(plan, phase, search.by, normal);
  const shape = shapeOf(context, [{ load: overload, seconds: OVERLOAD_SECONDS, name: 'ramp' }, { load: normal, seconds: watchSeconds, name: 'sustain' }]);
  const source = search.writes === null ? target.writes : ownWrites(search.writes, settings.headers);
  const ended = new AbortController();
  let writing: ReturnType<typeof traceWrites> | null = null;
  const step = await playStage(context, { load: overload, purpose: 'recovery', overloadSeconds: OVERLOAD_SECONDS }, shape, (soFar) => {
    return recoverySeconds(soFar, OVERLOAD_SECONDS, goals, search.by === 'rate' ? normal : 0) !== null;
  }, signal, ({ second }) => {
    if (source !== null) writing ??= traceWrites(target.url, source, AbortSignal.any([signal, ended.signal]));
    if (second >= OVERLOAD_SECONDS - 1) ended.abort();
  });
  ended.abort();
  if (source === null) context.notes.push('Data consistency was not measured: name a write and who counts it (--write, --check-url or --check-sql).');
  else if (writing !== null) await count(context, source, writing);
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
