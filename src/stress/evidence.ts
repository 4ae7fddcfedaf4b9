/** What one threshold came to in one stage. */
export interface GoalReading {
  readonly goal: string;
  /** 0 … 1. */
  readonly breakChance: number;
  /** Proven at 95 %, either way; `open`: neither. */
  readonly state: 'holds' | 'breaks' | 'open';
  /** A share of errors: thousands of requests decide it, so no short stage is made for it. */
  readonly isLate?: boolean;
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
  /** What was answered as expected, in the unit of the load; null where that unit is users. */
  readonly answered: number | null;
  /** What the generator made of the load it was asked for, in its unit; null where nothing tells. */
  readonly made: number | null;
}

/** Stages that say something of the target as it is when it works: neither the generator's limit, nor what was asked of a target that was still down. */
export function usableOf(stages: readonly StageEvidence[]): readonly StageEvidence[] {
  return stages.filter((one, at) => !one.isGeneratorLimit && !isWhileDown(stages, at));
}

/** Harmed at a load that held earlier, with nothing that held since a stage that did harm: it is not this load that does it. A target that held in between has come back. */
export function isWhileDown(stages: readonly StageEvidence[], at: number): boolean {
  const one = stages[at];
  if (one?.isHarmful !== true || one.isGeneratorLimit) return false;
  const before = stages.slice(0, at).filter(({ isGeneratorLimit }) => !isGeneratorLimit);
  const hasCarriedIt = before.some((other) => hasHeld(other) && other.load >= one.load);
  return hasCarriedIt && before.slice(before.findLastIndex(hasHeld) + 1).some(({ isHarmful }) => isHarmful);
}

/** Once may be a backlog that is still worked off. */
const LOOKS_AT_DOWN = 2;

/** Whether the target has not come back: the last looks at it, one after the other, found it down. */
export function isNotBack(stages: readonly StageEvidence[]): boolean {
  const looks = stages.flatMap(({ isGeneratorLimit }, at) => (isGeneratorLimit ? [] : [isWhileDown(stages, at)])).slice(-LOOKS_AT_DOWN);
  return looks.length === LOOKS_AT_DOWN && looks.every((isDown) => isDown);
}

/** Whether the generator was the limit: at a load above all that say something of the target. One that was spoiled below them had a neighbour on its machine. */
export function isGeneratorTheLimit(stages: readonly StageEvidence[]): boolean {
  const highest = Math.max(0, ...usableOf(stages).map(({ load }) => load));
  return stages.some(({ isGeneratorLimit, load }) => isGeneratorLimit && load > highest);
}

export function hasBroken({ goals, isHarmful }: StageEvidence): boolean {
  return isHarmful || goals.some(({ breakChance }) => breakChance > 0.5);
}

export function hasHeld(one: StageEvidence): boolean {
  return !hasBroken(one) && one.goals.length > 0;
}

/** Seen to break, or to do harm: more than a leaning, or what is only foreseen by how a latency grows. */
export function hasProvenBreak({ goals, isHarmful }: StageEvidence): boolean {
  return isHarmful || goals.some(({ state }) => state === 'breaks');
}

export function isProof({ goals, isGeneratorLimit, isHarmful }: StageEvidence): boolean {
  return !isGeneratorLimit && !isHarmful && goals.length > 0 && goals.every(({ state }) => state === 'holds');
}

export function goalsIn(stages: readonly StageEvidence[]): string[] {
  return [...new Set(stages.flatMap(({ goals }) => goals.map(({ goal }) => goal)))];
}
