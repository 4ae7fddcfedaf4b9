import { comparisonsOf, isAlternative, type Condition } from '../model/condition.ts';
import type { Verdict } from '../model/report.ts';
import { NORMAL_95 } from '../stats/student.ts';
import { normalBelow } from '../stats/normal.ts';
import type { GoalReading, StagePurpose } from './evidence.ts';

/** No stage is certain: what is proven at 95 % may still be wrong. */
const PROVEN = 0.97;
/** Within a short stage a few failures say little; the confirming stage decides. */
const FEW_ERRORS = 0.1;

/** Too few values to bound a percentile say it to a factor of two: far from the limit that is enough, near it nothing. */
const UNBOUNDED = Math.log(2);

/** A name that stays the same from stage to stage, though the limit moves with the load that was asked for. */
export function goalName(condition: Condition): string {
  return isDerived(condition) ? 'completed ≥ 95 % of what was asked for' : condition.text;
}

/**
 * What a stage says of one threshold; null where it cannot be measured at all. `isAllAnswered`: what was sent was answered, and nothing piled up. How
 * many requests the journeys drew scatters by more than the twentieth that may be missing, so that says more of a short stage than the rate does.
 */
export function readGoal(verdict: Verdict, purpose: StagePurpose, isAllAnswered = false): GoalReading | null {
  const goal = { goal: goalName(verdict.condition), ...(isDecidedLate(verdict.condition) ? { isLate: true } : {}) };
  switch (verdict.status) {
    case 'pass': return { ...goal, breakChance: 1 - PROVEN, state: 'holds' };
    case 'fail': case 'warn': return { ...goal, breakChance: PROVEN, state: 'breaks' };
    case 'inconclusive': return { ...goal, breakChance: isAllAnswered && isDerived(verdict.condition) ? 1 - PROVEN : openChance(verdict, purpose), state: 'open' };
    default: return null;
  }
}

/** Shares of errors need thousands of requests: they are decided by the confirming stage, and until then only a proven break counts. */
export function isDecidedLate(condition: Condition): boolean {
  return comparisonsOf(condition).every(({ metric }) => metric === 'http.error_rate' || metric === 'http.timeouts');
}

/** The chance that the true figure lies beyond the limit, from its one-sided bounds taken as those of a normal distribution of ln(figure). */
function openChance({ condition, observed, low, high, limit }: Verdict, purpose: StagePurpose): number {
  if (isDecidedLate(condition)) return purpose === 'confirm' && observed !== null && limit !== null && observed > limit ? 0.6 : FEW_ERRORS;
  if (isAlternative(condition) || observed === null || limit === null || observed <= 0 || limit <= 0) return 0.5;
  const isBelow = condition.op === '<' || condition.op === '<=';
  const bound = observed < limit ? high : low;
  const distance = Math.log(limit / observed);
  const error = bound === null || bound <= 0 || bound === observed ? UNBOUNDED : Math.abs(Math.log(bound / observed)) / NORMAL_95;
  const z = distance / error;
  const chance = isBelow ? normalBelow(-z) : normalBelow(z);
  return Math.min(PROVEN, Math.max(1 - PROVEN, chance));
}

function isDerived(condition: Condition): boolean {
  return comparisonsOf(condition).every(({ metric }) => metric === 'http.throughput') && condition.source === null;
}
