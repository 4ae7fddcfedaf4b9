import type { GoalReading, StagePurpose } from './evidence.ts';

/** Ten whole seconds bound a rate and a percentile; fewer bound nothing. */
export const LEAST_SECONDS = 10;
/** An open stage is lengthened so far; what is open then counts for as much as it says. */
export const MOST_SECONDS = 30;
/** From here on a leaning is enough to go on: the next stages will tell. On the way up at once, for the next load tells more than ten seconds of this one. */
const LEANING_SECONDS = { climb: LEAST_SECONDS, search: 15 } as const;
const LEANING = 0.2;
/** As sure as a proof, though too few values bound the percentile by themselves. */
const AS_GOOD_AS_HELD = 0.05;
/** A confirming stage is looked at this rarely for a break: the more looks, the likelier one of them is wrong. */
const RARE_LOOKS_SECONDS = 5;

export interface StageProgress {
  readonly purpose: StagePurpose;
  readonly judgedSeconds: number;
  /** Of a confirming stage: the seconds in which it can prove every threshold at the earliest. */
  readonly leastSeconds: number;
  readonly goals: readonly GoalReading[];
}

/** Whether a stage has shown what it can show. */
export function isEnough({ purpose, judgedSeconds, leastSeconds, goals }: StageProgress): boolean {
  if (judgedSeconds < LEAST_SECONDS) return false;
  const broken = goals.some(({ state }) => state === 'breaks');
  if (purpose === 'confirm') {
    if (broken && judgedSeconds % RARE_LOOKS_SECONDS === 0) return true;
    return judgedSeconds >= leastSeconds && goals.every(({ state }) => state === 'holds');
  }
  if (broken) return true;
  const searched = goals.filter(({ isLate }) => isLate !== true);
  if (searched.every(({ state, breakChance }) => state === 'holds' || breakChance <= AS_GOOD_AS_HELD)) return true;
  const worst = Math.max(...searched.map(({ breakChance }) => breakChance));
  if (judgedSeconds >= LEANING_SECONDS[purpose] && Math.abs(worst - 0.5) > 0.5 - LEANING) return true;
  return judgedSeconds >= MOST_SECONDS;
}
