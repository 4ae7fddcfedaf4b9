import type { Finding } from './rule.ts';

/** From here on a bottleneck is named; below it is a suspicion. The contract's own figure. */
export const NAMED_FROM = 0.7;

/** A run is invalid when its own schedule was not kept: that is counted, not inferred. */
export const INVALID_BY_GENERATOR = 0.95;

/** Below this a finding is not worth a line: the necessary sign alone makes 0.5. */
export const SUSPECTED_FROM = 0.5;

/**
 * Confidence from the kind of signs, not from their number: correlated signs must not add up.
 * The weights are a prior from operational practice; they are to be calibrated on labelled situations.
 * A sufficient sign with an error that has only one cause .95 · a sufficient sign .8 · the necessary sign alone .5;
 * a capacity law that agrees with the measurement within 10 % adds .1; every contradiction takes .4 away.
 */
export function confidenceOf(finding: Finding): number {
  if (finding.status !== 'judged' || !finding.signs.necessary) return 0;
  const { sufficient, hardError, law, contradictions } = finding.signs;
  const base = sufficient ? (hardError ? 0.95 : 0.8) : 0.5;
  const confidence = base + (law ? 0.1 : 0) - 0.4 * contradictions;
  // Nothing read from outside is certain: 1 would claim that no rival exists.
  return Math.round(Math.min(0.98, Math.max(0, confidence)) * 100) / 100;
}
