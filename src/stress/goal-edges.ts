import { edgeOf, edgeOfGoal } from './belief.ts';
import type { EdgeBelief } from './edge.ts';
import { goalsIn, usableOf, type StageEvidence } from './evidence.ts';

/** Bounds of an edge that is not the first one: ± 10 % of it tells which threshold breaks next, and roughly where. */
const ROUGHLY = 1.2;
/** Beyond its edge a target is loaded in smaller steps than on the way there. */
const STEP = 1.5;
/** A threshold that holds at this many times the first edge breaks for another reason, if ever. */
const FAR = 4;
/** A stage that moves both bounds by less than this, whichever way it ends, teaches nothing. */
const LEAST_MOVE = 0.02;

/**
 * Where to look for the edges of the thresholds that did not break first: the lowest load that could still change one of them; null where
 * none could. Every stage tells of all thresholds at once, so those on the way are known already.
 */
export function nextForGoals(settings: { readonly startLoad: number; readonly mostLoad: number }, stages: readonly StageEvidence[], ceiling: number): { readonly load: number; readonly why: string } | null {
  const usable = usableOf(stages);
  const first = edgeOf(settings, stages);
  const highest = Math.max(0, ...usable.map(({ load }) => load));
  const wishes = goalsIn(usable).flatMap((goal) => {
    const own = usable.flatMap(({ goals }) => goals.filter((one) => one.goal === goal));
    if (own.length === 0 || !own.some(({ breakChance }) => breakChance < 0.5)) return [];
    if (!own.some(({ breakChance }) => breakChance > 0.5)) {
      const load = Math.min(highest * STEP, first.mid * FAR, ceiling);
      return load > highest * 1.1 ? [{ load, why: `${goal} has held so far` }] : [];
    }
    const edge = edgeOfGoal(settings, stages, goal);
    const isKnown = edge.high / edge.low <= ROUGHLY || edge.mid <= first.high || own.some(({ isLate }) => isLate === true);
    if (isKnown || edge.mid >= ceiling || !couldChange(settings, stages, goal, edge)) return [];
    return [{ load: edge.mid, why: `${goal} breaks between ${Math.round(edge.low)} and ${Math.round(edge.high)}` }];
  });
  const [lowest] = wishes.toSorted((a, b) => a.load - b.load);
  return lowest ?? null;
}

/** Whether one more stage in the middle would move the bounds, if it broke or if it held. */
function couldChange(settings: { readonly startLoad: number }, stages: readonly StageEvidence[], goal: string, { low, mid, high }: EdgeBelief): boolean {
  return [0.03, 0.97].some((breakChance) => {
    const imagined: StageEvidence = { load: mid, purpose: 'search', goals: [{ goal, breakChance, state: breakChance > 0.5 ? 'breaks' : 'holds' }], isGeneratorLimit: false, isHarmful: false, seconds: 0, answered: null, made: null };
    const after = edgeOfGoal(settings, [...stages, imagined], goal);
    return Math.abs(after.low / low - 1) > LEAST_MOVE || Math.abs(after.high / high - 1) > LEAST_MOVE;
  });
}
