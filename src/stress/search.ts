import { confirmedLoad, DESCENT, edgeOf } from './belief.ts';
import type { EdgeBelief } from './edge.ts';
import { hasBroken, hasHeld, isGeneratorTheLimit, isNotBack, isProof, usableOf, type StageEvidence, type StagePurpose } from './evidence.ts';
import { nextForGoals } from './goal-edges.ts';

export interface SearchSettings {
  readonly startLoad: number;
  /** Nothing is tried below this: a whole user is the least there is. */
  readonly leastLoad: number;
  /** Nothing is tried above this; Infinity where nobody set it. */
  readonly mostLoad: number;
  /** What the phase needs, where that is known in the unit of the loads: a target that breaks is looked at down to there. */
  readonly neededLoad?: number;
  /** Users: there is no half of one. */
  readonly isWhole?: boolean;
  /** Wall time for all stages, those that were run among them. */
  readonly budgetSeconds: number;
  /** Wall time of a confirming stage at a load. */
  readonly confirmSeconds: (load: number) => number;
}

/** `not-back`: it broke so badly that it no longer carries what it carried before. */
type SearchEnd = 'found' | 'broke-at-once' | 'never-broke' | 'generator-limit' | 'not-back' | 'no-time';

export type NextStage =
  | { readonly do: 'stage'; readonly load: number; readonly purpose: StagePurpose; /** Wall time it may take. */ readonly mostSeconds: number; readonly why: string }
  | { readonly do: 'end'; readonly end: SearchEnd };

/** The edge is close enough once its 90 % bounds are this far apart: ± 9 % of it, as a rule ± 7 % in the end. */
const CLOSE_ENOUGH = 1.2;
/** Each step of the climb; a break lies between two of them, a few halvings from the edge. */
const CLIMB = 2;
/** A confirming stage may take so much of the budget. */
const MOST_OF_THE_TIME = 0.7;
/** Loads this near to each other are one for a generator. */
const ALIKE = 0.1;
/** A generator that fell behind makes this much of what it made then without falling behind. */
const BELOW_MADE = 0.95;
/** A confirming stage that did not hold moves this far down: below what the noise of a stage can explain. */
const CONFIRM_BACKOFF = 0.94;
const MOST_CONFIRMS = 3;
/** What did harm is not tried again, nor what lies right below it. */
const BELOW_HARM = 0.95;
/** Whether a target has come back is asked at a load clearly below the one that brought it down. */
const CLEARLY_BELOW = 0.7;
/** A short stage with start-up and draining, until some have shown what they take. */
const SHORT_STAGE_SECONDS = 20;
/** Searching longer than this many stages has met a target without an edge. */
const MOST_STAGES = 40;

/**
 * What to do next, from nothing but the stages so far: climb in doubling steps until a threshold breaks, close in on the edge with each
 * stage at the middle of what is believed, confirm at its lower end until every threshold is proven to hold, and spend what time is left
 * on the edges of the other thresholds. A pure function of its history: the same stages lead to the same next one.
 */
export function nextStage(settings: SearchSettings, stages: readonly StageEvidence[]): NextStage {
  const usable = usableOf(stages);
  const left = settings.budgetSeconds - stages.reduce((sum, { seconds }) => sum + seconds, 0);
  const isBracketed = usable.some(hasBroken) && usable.some(hasHeld);
  const end: SearchEnd = isBracketed ? 'found' : 'no-time';
  if (isNotBack(stages)) return { do: 'end', end: 'not-back' };
  if (stages.length >= MOST_STAGES || (left <= 0 && stages.length > 0)) return { do: 'end', end };
  if (stages.at(-1)?.isHarmful === true && isBracketed && left > shortStageSeconds(stages)) return stage(settings, loadToComeBackTo(stages), 'search', left, 'has it come back?');
  const ceiling = ceilingOf(settings, stages);
  if (!usable.some(hasBroken)) return climb(settings, usable, stages, ceiling, left);
  if (!usable.some(hasHeld)) return descend(settings, usable, left);
  return closeIn(settings, stages, left, ceiling);
}

function climb(settings: SearchSettings, usable: readonly StageEvidence[], stages: readonly StageEvidence[], ceiling: number, left: number): NextStage {
  if (confirmedLoad(stages) !== null) return { do: 'end', end: endAtCeiling(stages) };
  const reached = Math.max(0, ...usable.map(({ load }) => load));
  if (reached === 0 && stages.length > 1) {
    const lower = Math.min(...stages.map(({ load }) => load)) / CLIMB;
    if (lower * DESCENT < settings.startLoad) return { do: 'end', end: 'generator-limit' };
    return stage(settings, lower, 'climb', left, 'the generator could not make more');
  }
  const next = reached === 0 ? settings.startLoad : reached * CLIMB;
  const most = Math.min(next, ceiling);
  // Within a tenth of what can be made nothing new is to be learnt.
  const isAtCeiling = reached > 0 && most < reached * 1.1;
  const isLate = reached > 0 && isTooLateFor(settings, reached, most, left, shortStageSeconds(stages));
  if (!isAtCeiling && !isLate) return stage(settings, most, 'climb', left, reached === 0 ? 'the first step' : 'every threshold held so far');
  if (confirmsOf(stages) >= MOST_CONFIRMS || left < shortStageSeconds(stages)) return { do: 'end', end: endAtCeiling(stages) };
  return stage(settings, reached * CONFIRM_BACKOFF ** confirmsOf(stages), 'confirm', left, isAtCeiling ? 'more cannot be made' : 'the time ends');
}

/**
 * A step up that leaves no time to confirm what lies between the two loads is one too many, where the lower one can still be confirmed; where it
 * cannot any more (few requests a second take long to prove a share of errors), going on shows more, for more of them come.
 */
function isTooLateFor(settings: SearchSettings, reached: number, next: number, left: number, short: number): boolean {
  return left < 2 * short || (left < short + reserveAt(settings, Math.sqrt(reached * next)) && left >= reserveAt(settings, reached));
}

/** Down by halves, or at once to what was answered where that was less; one that answers nothing is asked once more, at the lowest load. */
function descend(settings: SearchSettings, usable: readonly StageEvidence[], left: number): NextStage {
  const [lowest] = usable.toSorted((a, b) => a.load - b.load);
  const bottom = Math.max(settings.leastLoad, Math.min(settings.startLoad / DESCENT, settings.neededLoad ?? Infinity));
  if (lowest === undefined || lowest.load <= bottom * 1.01) return { do: 'end', end: 'broke-at-once' };
  const next = Math.min(lowest.load / CLIMB, lowest.answered ?? Infinity);
  return stage(settings, Math.max(bottom, next), 'climb', left, 'it has broken at every load so far');
}

function closeIn(settings: SearchSettings, stages: readonly StageEvidence[], left: number, ceiling: number): NextStage {
  const edge = edgeOf(settings, stages);
  const confirms = confirmsOf(stages);
  const isConfirmed = confirmedLoad(stages) !== null;
  const needed = isConfirmed ? 0 : reserveAt(settings, edge.mid);
  const isClose = edge.high / edge.low <= CLOSE_ENOUGH || isKnown(settings, usableOf(stages), Math.min(whereToLook(edge), ceiling));
  const short = shortStageSeconds(stages);
  // A further stage must leave the time to confirm what it teaches.
  const hasTime = left > needed + short;
  if (!isClose && !isConfirmed && hasTime) return stage(settings, Math.min(whereToLook(edge), ceiling), 'search', left - needed, `the edge lies between ${say(edge.low)} and ${say(edge.high)}`);
  if (!isConfirmed && confirms < MOST_CONFIRMS && left >= short) {
    const failed = stages.filter((one) => one.purpose === 'confirm' && !isProof(one) && !one.isGeneratorLimit).map(({ load }) => load);
    const below = confirmAt(settings, edge, failed);
    return stage(settings, below, 'confirm', left, `every threshold should hold at ${say(below)}`);
  }
  const further = left < short ? null : nextForGoals(settings, stages, ceiling);
  return further === null || isKnown(settings, usableOf(stages), further.load) ? { do: 'end', end: 'found' } : stage(settings, further.load, 'search', left, further.why);
}

/** A number of users that was looked at so often, where there is no other to look at next to it. */
const LOOKS_AT_ONE = 2;

function isKnown({ isWhole }: SearchSettings, usable: readonly StageEvidence[], load: number): boolean {
  return isWhole === true && usable.filter((one) => one.load === wholeLoad(load)).length >= LOOKS_AT_ONE;
}

/** At the lower end of what is believed, and below what did not hold there; of users the next whole number that is not beyond the middle. */
function confirmAt({ isWhole }: SearchSettings, { low, mid }: EdgeBelief, failed: readonly number[]): number {
  const below = Math.min(low, ...failed.map((load) => load * CONFIRM_BACKOFF));
  if (isWhole !== true) return below;
  const least = Math.ceil(below) <= mid && failed.every((load) => Math.ceil(below) < load) ? Math.ceil(below) : Math.floor(below);
  return Math.max(1, least);
}

/** An end this many times farther from the middle than the other (of ln(load)) is what makes the interval wide. */
const LOPSIDED = 1.6;

/** In the middle of what is believed; towards its wider end where that is what is not known. */
function whereToLook({ low, mid, high }: EdgeBelief): number {
  const [below, above] = [Math.log(mid / low), Math.log(high / mid)];
  if (above > LOPSIDED * below) return Math.sqrt(mid * high);
  return below > LOPSIDED * above ? Math.sqrt(low * mid) : mid;
}

/** What must be left to confirm at a load; where that would take most of the time there is, it cannot be had, and searching is worth more. */
function reserveAt({ confirmSeconds, budgetSeconds }: SearchSettings, load: number): number {
  const seconds = confirmSeconds(load);
  return seconds > MOST_OF_THE_TIME * budgetSeconds ? 0 : seconds;
}

function stage({ isWhole }: SearchSettings, load: number, purpose: StagePurpose, mostSeconds: number, why: string): NextStage {
  return { do: 'stage', load: isWhole === true ? wholeLoad(load) : Number(load.toPrecision(4)), purpose, mostSeconds, why };
}

/** So many users as a stage of this load has. */
export function wholeLoad(users: number): number {
  return Math.max(1, Math.round(users));
}

/**
 * The lowest load at which the generator or the harm was the limit is out of reach. A generator that was late once may have had a neighbour
 * on its machine: the load is tried again, and twice is a limit, unless as much was made in some other stage.
 */
function ceilingOf({ mostLoad }: SearchSettings, stages: readonly StageEvidence[]): number {
  const spoiled = stages.filter(({ isGeneratorLimit }) => isGeneratorLimit);
  const reached = Math.max(0, ...stages.filter(({ isGeneratorLimit }) => !isGeneratorLimit).map(({ load }) => load));
  const limits = spoiled.flatMap((one, at) => {
    const alike = spoiled.filter((other, place) => place !== at && Math.abs(other.load / one.load - 1) < ALIKE);
    if (one.load <= reached || alike.length === 0) return [];
    const made = Math.max(...[one, ...alike].map((each) => each.made ?? Infinity));
    return [Math.max(reached, Math.min(one.load * (1 - ALIKE), made * BELOW_MADE))];
  });
  return Math.min(mostLoad, ...limits, ...harmfulLoads(stages).map((load) => load * BELOW_HARM));
}

/** Loads that did harm; one that did it once may be tried once more where as good as the same load has held since: it may have been a pause, or a neighbour. */
function harmfulLoads(stages: readonly StageEvidence[]): number[] {
  const usable = usableOf(stages);
  const harmful = usable.filter(({ isHarmful }) => isHarmful);
  return harmful.filter((one) => {
    const isOnce = harmful.filter(({ load }) => load <= one.load * (1 + ALIKE)).length === 1;
    const hasHeldSince = usable.slice(usable.indexOf(one) + 1).some((other) => hasHeld(other) && other.load >= one.load * (1 - ALIKE));
    return !(isOnce && hasHeldSince);
  }).map(({ load }) => load);
}

function loadToComeBackTo(stages: readonly StageEvidence[]): number {
  const usable = usableOf(stages);
  const harmful = Math.min(...usable.filter(({ isHarmful }) => isHarmful).map(({ load }) => load));
  const held = usable.filter(hasHeld).map(({ load }) => load).toSorted((a, b) => b - a);
  return held.find((load) => load <= CLEARLY_BELOW * harmful) ?? held.at(-1) ?? harmful / CLIMB;
}

function confirmsOf(stages: readonly StageEvidence[]): number {
  return stages.filter(({ purpose, isGeneratorLimit }) => purpose === 'confirm' && !isGeneratorLimit).length;
}

function endAtCeiling(stages: readonly StageEvidence[]): SearchEnd {
  return isGeneratorTheLimit(stages) ? 'generator-limit' : 'never-broke';
}

/** What short stages have taken on this machine so far, start-up and draining included. */
function shortStageSeconds(stages: readonly StageEvidence[]): number {
  const short = stages.filter(({ purpose, isHarmful }) => purpose !== 'confirm' && !isHarmful).map(({ seconds }) => seconds);
  return short.length === 0 ? SHORT_STAGE_SECONDS : short.reduce((sum, one) => sum + one, 0) / short.length;
}

function say(load: number): string {
  return Number(load.toPrecision(3)).toLocaleString('en-US');
}
