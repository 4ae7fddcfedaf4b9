import { believe, type EdgeBelief, type Look } from './edge.ts';
import { hasBroken, hasHeld, isProof, usableOf, type StageEvidence } from './evidence.ts';

/** A target that breaks at the first stage is looked at down to a sixteenth of that load. */
export const DESCENT = 16;
/** Beyond a stage at the end of the range that was chance. */
const A_LITTLE = 1.25;
/** Beyond this nobody's search starts; it only bounds the grid. */
const FARTHEST = 4096;

interface From {
  readonly startLoad: number;
}

/** The belief about the first threshold to break, over every stage that is evidence. */
export function edgeOf(from: From, stages: readonly StageEvidence[]): EdgeBelief {
  return believe(looksAt(stages, null), rangeOf(from, stages, hasHeld, hasBroken));
}

/** The same for one threshold alone. */
export function edgeOfGoal(from: From, stages: readonly StageEvidence[], goal: string): EdgeBelief {
  const chance = ({ goals }: StageEvidence): number => goals.find((one) => one.goal === goal)?.breakChance ?? 0.5;
  const own = stages.filter(({ goals }) => goals.some((one) => one.goal === goal));
  return believe(looksAt(own, goal), rangeOf(from, own, (one) => chance(one) < 0.5, (one) => chance(one) > 0.5));
}

/** The highest load at which a confirming stage proved every threshold to hold; null where none did. Shorter stages are too easily lucky. */
export function confirmedLoad(stages: readonly StageEvidence[]): number | null {
  const loads = stages.filter((one) => one.purpose === 'confirm' && isProof(one)).map(({ load }) => load);
  return loads.length === 0 ? null : Math.max(...loads);
}

/**
 * Where the edge may lie at all. Once the highest load has broken and the lowest has held, it lies between them, or a little beyond where one
 * of the two was chance; until then it may be far away.
 */
function rangeOf({ startLoad }: From, stages: readonly StageEvidence[], held: (one: StageEvidence) => boolean, broken: (one: StageEvidence) => boolean): { least: number; most: number } {
  const usable = usableOf(stages).toSorted((a, b) => a.load - b.load);
  const [lowest, highest] = [usable[0], usable.at(-1)];
  const least = lowest === undefined ? startLoad / DESCENT : held(lowest) ? lowest.load / A_LITTLE : Math.min(lowest.load, startLoad / DESCENT) / 2;
  const most = highest === undefined ? startLoad * 4 : broken(highest) ? highest.load * A_LITTLE : Math.min(highest.load * 4, startLoad * FARTHEST);
  return { least, most: Math.max(most, least * 2) };
}

function looksAt(stages: readonly StageEvidence[], goal: string | null): Look[] {
  return usableOf(stages).flatMap(({ load, goals, isHarmful }) => {
    const own = goal === null ? goals : goals.filter((one) => one.goal === goal);
    if (own.length === 0) return [];
    return [{ load, breakChance: goal === null && isHarmful ? 0.97 : Math.max(...own.map(({ breakChance }) => breakChance)) }];
  });
}
