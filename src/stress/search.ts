import { believe, type EdgeBelief, type Look } from './edge.ts';

/** What one threshold came to in one stage. */
export interface GoalReading {
  readonly goal: string;
  /** 0 … 1. */
  readonly breakChance: number;
  /** Proven at 95 %, either way; `open`: neither. */
  readonly state: 'holds' | 'breaks' | 'open';
}

export type StagePurpose = 'climb' | 'search' | 'confirm';

/** One stage that was run, as the search sees it. */
export interface StageEvidence {
  readonly load: number;
  readonly purpose: StagePurpose;
  readonly goals: readonly GoalReading[];
  /** The generator was the limit: no evidence about the target. */
  readonly isGeneratorLimit: boolean;
  /** The stage was ended because it did harm: nothing above this load is tried. */
  readonly isHarmful: boolean;
  /** Wall time, start-up and draining included. */
  readonly seconds: number;
}

export interface SearchSettings {
  readonly startLoad: number;
  /** Nothing is tried below this: a whole user is the least there is. */
  readonly leastLoad: number;
  /** Nothing is tried above this; Infinity where nobody set it. */
  readonly mostLoad: number;
  /** Wall time for all stages. */
  readonly budgetSeconds: number;
  /** Wall time of a confirming stage at a load. */
  readonly confirmSeconds: (load: number) => number;
}

export type SearchEnd = 'found' | 'broke-at-once' | 'never-broke' | 'generator-limit' | 'no-time';

export type NextStage =
  | { readonly do: 'stage'; readonly load: number; readonly purpose: StagePurpose; /** Wall time it may take. */ readonly mostSeconds: number; readonly why: string }
  | { readonly do: 'end'; readonly end: SearchEnd };

/** The edge is close enough once its 90 % bounds are this far apart: ± 6 % of it. */
const CLOSE_ENOUGH = 1.15;
/** Each step of the climb; a break lies between two of them, a few halvings from the edge. */
const CLIMB = 2;
/** A target that breaks at the first stage is looked at down to a sixteenth of that load. */
const DESCENT = 16;
/** A confirming stage may take so much of the budget. */
const MOST_OF_THE_TIME = 0.7;
/** Loads this near to each other are one for a generator. */
const ALIKE = 0.1;
/** Beyond a stage at the end of the range that was chance. */
const A_LITTLE = 1.25;
/** Beyond this nobody's search starts; it only bounds the grid. */
const FARTHEST = 4096;
/** A confirming stage that did not hold moves this far down: below what the noise of a stage can explain. */
const CONFIRM_BACKOFF = 0.94;
const MOST_CONFIRMS = 3;
/** What did harm once is not tried again, nor what lies right below it. */
const BELOW_HARM = 0.95;
/** A short stage with start-up and draining, until some have shown what they take. */
const SHORT_STAGE_SECONDS = 20;
/** Searching longer than this many stages has met a target without an edge. */
const MOST_STAGES = 40;

/**
 * What to do next, from nothing but the stages so far: climb in doubling steps until a threshold breaks, close in on the edge with each
 * stage at the middle of what is believed, then confirm at its lower end until every threshold is proven to hold. A pure function of
 * its history: the same stages lead to the same next one.
 */
export function nextStage(settings: SearchSettings, stages: readonly StageEvidence[]): NextStage {
  const usable = stages.filter(({ isGeneratorLimit }) => !isGeneratorLimit);
  const ceiling = ceilingOf(settings, stages);
  if (isConfirmed(stages)) return { do: 'end', end: usable.some(hasBroken) ? 'found' : endAtCeiling(stages) };
  if (stages.length >= MOST_STAGES) return { do: 'end', end: 'no-time' };
  const left = settings.budgetSeconds - stages.reduce((sum, { seconds }) => sum + seconds, 0);
  if (left <= 0 && stages.length > 0) return { do: 'end', end: usable.some(hasBroken) && usable.some(hasHeld) ? 'found' : 'no-time' };
  if (!usable.some(hasBroken)) return climb(settings, usable, stages, ceiling, left);
  if (!usable.some(hasHeld)) return descend(settings, usable, left);
  return closeIn(settings, stages, left, ceiling);
}

/** The belief about the first threshold to break, over every stage that is evidence. */
export function edgeOf(settings: SearchSettings, stages: readonly StageEvidence[]): EdgeBelief {
  return believe(looksAt(stages, null), rangeOf(settings, stages));
}

/** The same for one threshold alone. */
export function edgeOfGoal(settings: SearchSettings, stages: readonly StageEvidence[], goal: string): EdgeBelief {
  return believe(looksAt(stages, goal), rangeOf(settings, stages));
}

/** The highest load at which a confirming stage proved every threshold to hold; null where none did. Shorter stages are too easily lucky. */
export function confirmedLoad(stages: readonly StageEvidence[]): number | null {
  const loads = stages.filter((one) => one.purpose === 'confirm' && isProof(one)).map(({ load }) => load);
  return loads.length === 0 ? null : Math.max(...loads);
}

function climb(settings: SearchSettings, usable: readonly StageEvidence[], stages: readonly StageEvidence[], ceiling: number, left: number): NextStage {
  const reached = Math.max(0, ...usable.map(({ load }) => load));
  if (reached === 0 && stages.length > 1) {
    const lower = Math.min(...stages.map(({ load }) => load)) / CLIMB;
    if (lower * DESCENT < settings.startLoad) return { do: 'end', end: 'generator-limit' };
    return stage(lower, 'climb', left, 'the generator could not make more');
  }
  const next = reached === 0 ? settings.startLoad : reached * CLIMB;
  const most = Math.min(next, ceiling);
  // Within a tenth of what can be made nothing new is to be learnt.
  const isAtCeiling = reached > 0 && most < reached * 1.1;
  const isLate = reached > 0 && left < reserveAt(settings, reached) + shortStageSeconds(stages);
  if (!isAtCeiling && !isLate) return stage(most, 'climb', left, reached === 0 ? 'the first step' : 'every threshold held so far');
  if (confirmsOf(stages) >= MOST_CONFIRMS || left < shortStageSeconds(stages)) return { do: 'end', end: endAtCeiling(stages) };
  return stage(reached * CONFIRM_BACKOFF ** confirmsOf(stages), 'confirm', left, isAtCeiling ? 'more cannot be made' : 'the time ends');
}

function descend(settings: SearchSettings, usable: readonly StageEvidence[], left: number): NextStage {
  const lowest = Math.min(...usable.map(({ load }) => load));
  if (lowest * DESCENT <= settings.startLoad * 1.01 || lowest <= settings.leastLoad) return { do: 'end', end: 'broke-at-once' };
  return stage(lowest / CLIMB, 'climb', left, 'it has broken at every load so far');
}

function closeIn(settings: SearchSettings, stages: readonly StageEvidence[], left: number, ceiling: number): NextStage {
  const edge = edgeOf(settings, stages);
  const confirms = confirmsOf(stages);
  const needed = reserveAt(settings, edge.mid);
  const isClose = edge.high / edge.low <= CLOSE_ENOUGH;
  // A further stage must leave the time to confirm what it teaches.
  const hasTime = left > needed + shortStageSeconds(stages);
  if (!isClose && hasTime) return stage(Math.min(edge.mid, ceiling), 'search', left, `the edge lies between ${say(edge.low)} and ${say(edge.high)}`);
  if (confirms >= MOST_CONFIRMS || left < shortStageSeconds(stages)) return { do: 'end', end: 'found' };
  const failed = stages.filter((one) => one.purpose === 'confirm' && !isProof(one) && !one.isGeneratorLimit).map(({ load }) => load);
  const below = Math.min(edge.low, ...failed.map((load) => load * CONFIRM_BACKOFF));
  return stage(below, 'confirm', left, `every threshold should hold at ${say(below)}`);
}

/** What must be left to confirm at a load; where that would take most of the time there is, it cannot be had, and searching is worth more. */
function reserveAt({ confirmSeconds, budgetSeconds }: SearchSettings, load: number): number {
  const seconds = confirmSeconds(load);
  return seconds > MOST_OF_THE_TIME * budgetSeconds ? 0 : seconds;
}

function stage(load: number, purpose: StagePurpose, left: number, why: string): NextStage {
  return { do: 'stage', load: Number(load.toPrecision(4)), purpose, mostSeconds: left, why };
}

/**
 * The lowest load at which the generator or the harm was the limit is out of reach. A generator that was late once may have had a neighbour
 * on its machine: the load is tried again, and twice is a limit, unless as much was made in some other stage.
 */
function ceilingOf({ mostLoad }: SearchSettings, stages: readonly StageEvidence[]): number {
  const spoiled = stages.filter(({ isGeneratorLimit }) => isGeneratorLimit).map(({ load }) => load);
  const made = Math.max(0, ...stages.filter(({ isGeneratorLimit }) => !isGeneratorLimit).map(({ load }) => load));
  const limits = spoiled.filter((load, at) => load > made && spoiled.some((other, place) => place !== at && Math.abs(other / load - 1) < ALIKE)).map((load) => load * (1 - ALIKE));
  const harmful = stages.filter(({ isHarmful }) => isHarmful).map(({ load }) => load * BELOW_HARM);
  return Math.min(mostLoad, ...limits, ...harmful);
}

/**
 * Where the edge may lie at all. Once the highest load has broken and the lowest has held, it lies between them, or a little beyond where one
 * of the two was chance; until then it may be far away.
 */
function rangeOf({ startLoad }: SearchSettings, stages: readonly StageEvidence[]): { least: number; most: number } {
  const usable = stages.filter(({ isGeneratorLimit }) => !isGeneratorLimit).toSorted((a, b) => a.load - b.load);
  const [lowest, highest] = [usable[0], usable.at(-1)];
  const least = lowest === undefined ? startLoad / DESCENT : hasHeld(lowest) ? lowest.load / A_LITTLE : Math.min(lowest.load, startLoad / DESCENT) / 2;
  const most = highest === undefined ? startLoad * 4 : hasBroken(highest) ? highest.load * A_LITTLE : Math.min(highest.load * 4, startLoad * FARTHEST);
  return { least, most: Math.max(most, least * 2) };
}

function looksAt(stages: readonly StageEvidence[], goal: string | null): Look[] {
  return stages.filter(({ isGeneratorLimit }) => !isGeneratorLimit).flatMap(({ load, goals, isHarmful }) => {
    const own = goal === null ? goals : goals.filter((one) => one.goal === goal);
    if (own.length === 0) return [];
    return [{ load, breakChance: goal === null && isHarmful ? 0.97 : Math.max(...own.map(({ breakChance }) => breakChance)) }];
  });
}

function hasBroken({ goals, isHarmful }: StageEvidence): boolean {
  return isHarmful || goals.some(({ breakChance }) => breakChance > 0.5);
}

function hasHeld(one: StageEvidence): boolean {
  return !hasBroken(one) && one.goals.length > 0;
}

function isProof({ goals, isGeneratorLimit, isHarmful }: StageEvidence): boolean {
  return !isGeneratorLimit && !isHarmful && goals.length > 0 && goals.every(({ state }) => state === 'holds');
}

function isConfirmed(stages: readonly StageEvidence[]): boolean {
  const last = stages.at(-1);
  return last?.purpose === 'confirm' && isProof(last);
}

function confirmsOf(stages: readonly StageEvidence[]): number {
  return stages.filter(({ purpose, isGeneratorLimit }) => purpose === 'confirm' && !isGeneratorLimit).length;
}

function endAtCeiling(stages: readonly StageEvidence[]): SearchEnd {
  return stages.some(({ isGeneratorLimit }) => isGeneratorLimit) ? 'generator-limit' : 'never-broke';
}

/** What short stages have taken on this machine so far, start-up and draining included. */
function shortStageSeconds(stages: readonly StageEvidence[]): number {
  const short = stages.filter(({ purpose }) => purpose !== 'confirm').map(({ seconds }) => seconds);
  return short.length === 0 ? SHORT_STAGE_SECONDS : short.reduce((sum, one) => sum + one, 0) / short.length;
}

function say(load: number): string {
  return Number(load.toPrecision(3)).toLocaleString('en-US');
}
