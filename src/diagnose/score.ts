import type { Finding } from './rule.ts';

/** From here on a bottleneck is named; below it is a suspicion. The contract's own figure. */
export const NAMED_FROM = 0.7;

/** A run is invalid when its own schedule was not kept: that is counted, not inferred. */
export const INVALID_BY_GENERATOR = 0.95;

/** Below this a finding is not worth a line: the necessary sign alone makes 0.5. */
export const SUSPECTED_FROM = 0.5;

/**
 * What a finding of each kind is worth: between the share of right ones that is proven (one-sided 95 %) and the one to be expected
 * ((right + 1) / (all + 2)), of the recordings figures may be chosen by, each looked at with all probes and with some of them hidden.
 * docs/bottlenecks.md has the counts.
 */
export const GRADES = {
  /** Signs that stand in both halves of their time, and an error with one cause, or a law: evidence of its own kind. */
  confirmed: 0.97,
  /** Signs that stand in both halves of their time, every look-alike looked at. */
  steady: 0.95,
  /** In one half of it, or not seen for long enough (what sets in, comes and goes, or lies on the edge); or something that would tell a look-alike apart was not read. */
  weak: 0.85,
  /** Both of it. */
  weakest: 0.75,
  /** The necessary sign alone: nothing is claimed of how often it is right. */
  suspected: 0.5,
} as const;

/** One explanation by something else takes the name away, and the suspicion with it. */
const CONTRADICTION_TAKES = 0.5;

/**
 * Confidence from the kind of signs, not from their number: correlated signs must not add up. `isSteady`: they stand in each half of
 * the time since they began, looked at by itself.
 */
export function confidenceOf(finding: Finding, isSteady = false): number {
  if (finding.status !== 'judged' || !finding.signs.necessary) return 0;
  const { sufficient, hardError, law, contradictions, unread } = finding.signs;
  // What explains the signs by something else explains the error and the law, too.
  if (contradictions > 0) return Math.max(0, (sufficient ? GRADES.steady : GRADES.suspected) - CONTRADICTION_TAKES * contradictions);
  if (!sufficient) return GRADES.suspected;
  const isRead = unread === 0;
  if (isSteady && isRead) return hardError || law ? GRADES.confirmed : GRADES.steady;
  return isSteady || isRead ? GRADES.weak : GRADES.weakest;
}
