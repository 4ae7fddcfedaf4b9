import { setTimeout as sleep } from 'node:timers/promises';
import type { RunStep } from '../model/run.ts';
import { tally } from '../stats/tally.ts';
import type { StageEvidence } from '../stress/evidence.ts';
import { nextStage, type NextStage, type SearchSettings } from '../stress/search.ts';
import { isAtRest } from '../stress/recovery.ts';
import { isEnough, LEAST_SECONDS, MOST_SECONDS } from '../stress/stage-end.ts';
import { goalsAt, judgeStage, measureStage, readGoals } from './stress-goals.ts';
import { confirmSeconds, leastLoadOf, mostLoadOf, shapeOf, startLoadOf } from './stress-load.ts';
import { watchRecovery } from './stress-recovery.ts';
import { sayLoad } from './say-load.ts';
import { playStage } from './stress-play.ts';
import { budgetBy, firstWarmUpSeconds, WARM_UP_SECONDS, wayBackTimes } from './stress-times.ts';
import type { StressContext } from './stress-context.ts';

/** Start-up and draining of the engine around a stage. */
const AROUND_SECONDS = 8;

/** Stage after stage, each chosen by what those before it showed; then the break, the way back, and the count of the writes. */
export async function searchEdge(context: StressContext, beganAtMs: number): Promise<void> {
  const { search, signal, host, progress } = context;
  const leftSeconds = (): number => search.budgetSeconds - (host.now() - beganAtMs) / 1000;
  const evidence: StageEvidence[] = [];
  // By the clock, for what lies between the stages is gone as well.
  const settings = (): SearchSettings => ({
    startLoad: startLoadOf(context), leastLoad: leastLoadOf(context), mostLoad: mostLoadOf(context), isWhole: search.by === 'users',
    ...(search.by === 'rate' ? { neededLoad: context.phase.load.requestsPerSecond } : {}),
    budgetSeconds: budgetBy(leftSeconds() - wayBackTimes(search.budgetSeconds).reserveSeconds, evidence),
    confirmSeconds: (load) => confirmSeconds(context, load, rateAt(context, load)).least + WARM_UP_SECONDS + AROUND_SECONDS,
  });
  while (!signal.aborted) {
    if (nextStage(settings(), evidence).do === 'end') break;
    await settle(context);
    const next = nextStage(settings(), evidence);
    if (next.do === 'end') break;
    const step = await runStage(context, next, evidence.length === 0);
    context.steps.push(step);
    const measured = measureStage(context.runSoFar(), step, context.plan, context.phase);
    if (measured === null || signal.aborted) break;
    const { evidence: seen, shown } = measured;
    evidence.push(seen);
    progress.say(`${sayLoad(next.load, search.by)} ${next.purpose}: ${shown.outcome}${shown.told.length === 0 ? '' : ` (${shown.told[0]})`}`);
    if (step.outcome.status === 'failed') break;
  }
  if (!signal.aborted) await watchRecovery(context, evidence, leftSeconds());
}

/** Nothing is asked of the target until the last stage's backlog is gone, or has had this long to go. */
const MOST_SETTLING_MS = 10_000;
const LOOK_MS = 500;

async function settle({ samples, host, signal, steps }: StressContext): Promise<void> {
  const untilMs = host.now() + MOST_SETTLING_MS;
  while (steps.length > 0 && !signal.aborted && host.now() < untilMs && !isAtRest(samples, host.now())) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

async function runStage(context: StressContext, next: Extract<NextStage, { do: 'stage' }>, isFirst: boolean): Promise<RunStep> {
  const { plan, phase, search, signal } = context;
  const { load, purpose } = next;
  const goals = goalsAt(plan, phase, search.by, load);
  const warmUp = isFirst ? firstWarmUpSeconds(search.budgetSeconds) : WARM_UP_SECONDS;
  const confirm = confirmSeconds(context, load, rateAt(context, load));
  const most = Math.max(LEAST_SECONDS + 1, Math.min(purpose === 'confirm' ? confirm.most : MOST_SECONDS, Math.floor(next.mostSeconds - warmUp - AROUND_SECONDS)));
  const shape = shapeOf(context, [{ load, seconds: warmUp, name: 'warm-up' }, { load, seconds: most, name: 'sustain' }]);
  return playStage(context, { load, purpose, overloadSeconds: null }, shape, (soFar) => {
    const judgedSeconds = soFar.intervals.length - warmUp;
    // A look costs the machine that also makes the load: none before it can decide anything.
    const isDue = purpose === 'confirm' ? judgedSeconds >= confirm.least || judgedSeconds % 5 === 0 : true;
    if (judgedSeconds <= LEAST_SECONDS || !isDue) return false;
    const goalsRead = readGoals(soFar, judgeStage(context.runSoFar(), soFar, goals), purpose);
    return isEnough({ purpose, judgedSeconds, leastSeconds: confirm.least, goals: goalsRead });
  }, signal);
}

/** Requests per second at a load; of users what the last stage next to it made of them. */
function rateAt({ search, steps }: StressContext, load: number): number {
  if (search.by === 'rate') return load;
  const last = steps.at(-1);
  const made = last === undefined ? 0 : last.intervals.slice(-LEAST_SECONDS).reduce((sum, { rows }) => sum + tally(rows).successes, 0) / LEAST_SECONDS;
  return Math.max(1, (made * load) / (last?.stage?.load ?? load));
}
